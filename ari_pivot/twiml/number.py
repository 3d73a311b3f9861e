"""<Number>: a telephone number to be dialled."""

import re
from typing import ClassVar

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity, Target
from ari_pivot.call.numbers import e164
from ari_pivot.errors import Code
from ari_pivot.twiml.nouns import OF_MACHINES, Machine

_FORMATTING = re.compile(r"[\s().-]")
_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")


class Number(Machine):
    """Dialled through the trunk that takes it; a national number becomes one of the region."""

    codes: ClassVar = {"method": 13221, "sendDigits": 13222}
    without_effect: ClassVar = {**OF_MACHINES, "byoc": "trunks are chosen by the directory"}

    send_digits: str = Field(default="", pattern=r"^[0-9*#wW]{0,32}$")
    byoc: str = ""

    @property
    def keys(self) -> str:
        return self.send_digits

    def target(self, call: Call, timeout: float, shown: Identity | None) -> Target:
        number = _FORMATTING.sub("", self.text)
        if not _NUMBER.fullmatch(number):
            raise self.refuse(f"{self.text!r} is not a number", Code.NUMBER_INVALID)
        number = e164(number, call.directory.region)
        trunk = call.directory.trunk_to(number)
        if trunk is None:
            raise self.refuse(f"no trunk takes {number}", Code.NUMBER_FORBIDDEN)
        theirs = trunk.caller_id
        if shown is None and theirs.number:
            shown = Identity(theirs.number, theirs.name)
        endpoint = trunk.endpoint.replace("{number}", number)
        return Target(endpoint, timeout, identity=shown, name=number)
