"""<Sip>: a SIP URI to be dialled."""

import random
import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import parse_qsl

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity, Target
from ari_pivot.errors import Code
from ari_pivot.twiml.nouns import Machine, headers
from ari_pivot.twiml.verb import Element

#: Nothing that Asterisk's dialling would take for more than a part of the URI.
_URI = re.compile(r"sips?:[A-Za-z0-9_.!~*'()%+;=:@\[\]-]+")
_OWN = re.compile(r"X-.*|User-to-User|Diversion|History-Info", re.IGNORECASE)
_LONGEST_URI, _LONGEST_HEADERS = 255, 1024  # characters. Source: TwiML reference, Sip


class Uri(Element):
    """One of several: the lowest `priority` first, among the same the more often its `weight`."""

    without_effect: ClassVar = {"password": "Asterisk has it"}

    priority: int = Field(default=0, ge=0)
    weight: int = Field(default=1, ge=0)
    username: str = ""
    password: str = Field(default="", repr=False)
    text: str = ""

    @property
    def turn(self) -> tuple[int, float]:
        """Return when it comes to it; it is drawn anew each time."""
        drawn = random.random() ** (1 / self.weight) if self.weight else 0.0  # noqa: S311 - no secret
        return self.priority, -drawn


class Header(Element):
    """A header to be sent."""

    name: str = ""
    value: str = ""


class Headers(Element):
    """Headers to be sent, beside those behind the URI's `?`."""

    nests: ClassVar = (Header,)


class Sip(Machine):
    """Headers are sent where their names begin with `X-`, and a few that go with a transfer.

    Asterisk has the credentials: `username` chooses one of the configuration's ways that have
    them. Of several <Uri> the next is dialled where one fails or does not answer.
    """

    nests: ClassVar = (Uri, Headers)
    codes: ClassVar = {"method": 13241}
    without_effect: ClassVar = {
        **Machine.without_effect,
        "password": "Asterisk has it",
    }

    username: str = ""
    password: str = Field(default="", repr=False)

    def target(self, call: Call, timeout: float, shown: Identity | None) -> Target:
        uris = [child for child in self.children if isinstance(child, Uri)]
        if not uris:
            uris = [Uri(text=self.text, username=self.username, where=self.where)]
        target = None
        for uri in sorted(uris, key=lambda uri: uri.turn, reverse=True):
            target = self._target(uri, call, timeout, shown, target)
        assert target is not None  # noqa: S101 - there is one uri at least
        return target

    def _target(
        self, uri: Uri, call: Call, timeout: float, shown: Identity | None, otherwise: Target | None
    ) -> Target:
        address, _, query = uri.text.partition("?")
        address = re.sub(r";region=[^;]*", "", address)
        if (
            not _URI.fullmatch(address)
            or len(address) > _LONGEST_URI
            or len(query) > _LONGEST_HEADERS
        ):
            raise self.refuse("not a SIP URI that can be dialled", Code.NUMBER_INVALID)
        way = self._way(uri, call)
        if not way:
            raise self.refuse("SIP URIs are not dialled here", Code.NUMBER_FORBIDDEN)
        return Target(
            way.replace("{uri}", address),
            timeout,
            identity=shown,
            variables=headers(dict(self._headers(query))),
            name=address,
            otherwise=otherwise,
        )

    def _way(self, uri: Uri, call: Call) -> str:
        """Return the endpoint that has the credentials; without them the usual one."""
        username = uri.username or self.username
        way = call.directory.sip_accounts.get(username)
        if username and way is None:
            message = f"no credentials for {username!r}: directory.sip_accounts has the ways"
            call.warn(self.refuse(message, Code.UNSUPPORTED))
        return way or call.directory.sip

    def _headers(self, query: str) -> Iterator[tuple[str, str]]:
        given = [*parse_qsl(query)]
        for child in self.children:
            if isinstance(child, Headers):
                given += [(one.name, one.value) for one in child.children]
        return ((name, value) for name, value in given if _OWN.fullmatch(name))
