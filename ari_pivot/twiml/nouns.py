"""Whom <Dial> dials: <Number>, <Sip> and <Client>."""

import re
from typing import Annotated, ClassVar
from urllib.parse import parse_qsl

from pydantic import BeforeValidator, Field

from ari_pivot.call.dialled import Identity, Target
from ari_pivot.call.directory import Directory
from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.verb import Element, Method

_EVENTS = ("initiated", "ringing", "answered", "completed")
_FORMATTING = re.compile(r"[\s().-]")
_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
_URI = re.compile(
    r"sips?:[A-Za-z0-9_.!~*'()%+;=:@\[\]-]+"
)  # nothing that Asterisk's dialling parts
_HEADER = re.compile(r"(X-[A-Za-z0-9-]+|User-to-User)", re.IGNORECASE)


def _events(value: str) -> tuple[str, ...]:
    names = tuple(value.split())
    if unknown := set(names) - set(_EVENTS):
        raise ValueError(f"{', '.join(sorted(unknown))}: not among {', '.join(_EVENTS)}")
    return names


class Noun(Element):
    """`url` is a document run with who has answered; they are put through at its end.

    Without `statusCallbackEvent` only `completed` is told. Source: TwiML reference, Number.
    """

    url: str = ""
    method: Method = "POST"
    status_callback: str = ""
    status_callback_event: Annotated[tuple[str, ...], BeforeValidator(_events)] = ("completed",)
    status_callback_method: Method = "POST"
    text: str = ""
    base: str = Field(default="", exclude=True)

    @property
    def keys(self) -> str:
        """Return the keys to send to who answers; `w` waits half a second, `W` a whole one."""
        return ""

    def target(self, directory: Directory, timeout: float, shown: Identity | None) -> Target:
        """Return how it is dialled; raises InstructionError where it may not be."""
        raise NotImplementedError

    def refuse(self, message: str, code: int) -> InstructionError:
        return InstructionError(message, code=code, where=self.where)


class Number(Noun):
    """A telephone number, dialled through the trunk that takes it."""

    codes: ClassVar = {"method": 13221, "sendDigits": 13222}

    send_digits: str = Field(default="", pattern=r"^[0-9*#wW]{0,32}$")

    @property
    def keys(self) -> str:
        return self.send_digits

    def target(self, directory: Directory, timeout: float, shown: Identity | None) -> Target:
        number = _FORMATTING.sub("", self.text)
        if not _NUMBER.fullmatch(number):
            raise self.refuse(f"{self.text!r} is not a number", Code.NUMBER_INVALID)
        trunk = directory.trunk_to(number)
        if trunk is None:
            raise self.refuse(f"no trunk takes {number}", Code.NUMBER_FORBIDDEN)
        theirs = trunk.caller_id
        if shown is None and theirs.number:
            shown = Identity(theirs.number, theirs.name)
        endpoint = trunk.endpoint.replace("{number}", number)
        return Target(endpoint, timeout, identity=shown, name=number)


class Sip(Noun):
    """A SIP URI; the headers behind its `?` are sent, `X-` ones and `User-to-User`."""

    codes: ClassVar = {"method": 13241}

    username: str = ""
    password: str = Field(default="", repr=False)

    def target(self, directory: Directory, timeout: float, shown: Identity | None) -> Target:
        uri, _, query = self.text.partition("?")
        uri = re.sub(r";region=[^;]*", "", uri)
        if not _URI.fullmatch(uri) or len(uri) > 255 or len(query) > 1024:
            raise self.refuse("not a SIP URI that can be dialled", Code.NUMBER_INVALID)
        if not directory.sip:
            raise self.refuse("SIP URIs are not dialled here", Code.NUMBER_FORBIDDEN)
        headers = {
            f"PJSIP_HEADER(add,{name})": value
            for name, value in parse_qsl(query)
            if _HEADER.fullmatch(name) and value.isprintable()
        }
        endpoint = directory.sip.replace("{uri}", uri)
        return Target(endpoint, timeout, identity=shown, variables=headers, name=uri)


class Client(Noun):
    """A telephone of this installation, by its id in the directory."""

    def target(self, directory: Directory, timeout: float, shown: Identity | None) -> Target:
        device = directory.devices.get(self.text)
        if device is None:
            raise self.refuse(f"there is no client {self.text!r}", Code.NUMBER_FORBIDDEN)
        return Target(device.endpoint, timeout, identity=shown, name=f"client:{self.text}")
