"""Which keys do what: the `metaflows` of a telephone, a user or the account."""

from collections.abc import Iterable
from functools import reduce
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from ari_pivot import faults
from ari_pivot.call.call import Call
from ari_pivot.call.directory import Party
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.documents import Pattern
from ari_pivot.callflow.metaflow.command import Command
from ari_pivot.callflow.metaflow.commands import COMMANDS
from ari_pivot.callflow.metaflow.elsewhere import ELSEWHERE
from ari_pivot.callflow.patterns import search
from ari_pivot.errors import Code, InstructionError

_TIMEOUT = 800  # milliseconds. Source: KAZOO, konami_config


class Node(BaseModel):
    """One module, and what follows it at `_`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    module: str
    data: dict[str, Any] = Field(default_factory=dict)
    children: dict[str, "Node"] = Field(default_factory=dict)
    _command: Command | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _checked(self) -> "Node":
        kind = COMMANDS.get(self.module)
        if kind:
            self._command = kind.model_validate(self.data)
        elif self.module not in ELSEWHERE:
            raise ValueError(f"there is no metaflow module {self.module!r}")
        return self

    @property
    def command(self) -> Command:
        """Return what it does; raises InstructionError where that is not executed here."""
        if self._command is None:
            reason = ELSEWHERE[self.module]
            raise InstructionError(reason, code=Code.UNSUPPORTED, where=self.module)
        return self._command


class Metaflows(BaseModel):
    """After `binding_digit`, what is pressed until `digit_timeout` milliseconds pass without a key.

    `listen_on` says whose keys count: those of whose metaflows they are, of the other, or both.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    binding_digit: str = Field(default="*", pattern=r"^[0-9*#]$")
    digit_timeout: Annotated[int, Field(ge=0)] = _TIMEOUT
    listen_on: Literal["both", "self", "peer"] = "self"
    numbers: dict[str, Node] = Field(default_factory=dict)
    patterns: dict[Pattern, Node] = Field(default_factory=dict)

    @field_validator("listen_on", mode="before")
    @classmethod
    def _legs(cls, value: Any) -> Any:
        """Take the letters of the legs, as older documents have them."""
        return {"a": "self", "b": "peer", "ab": "both"}.get(value, value)

    @property
    def seconds(self) -> float:
        return self.digit_timeout / 1000

    def find(self, digits: str) -> tuple[Node, str] | None:
        """Return what some digits stand for, and what their pattern has captured."""
        if digits in self.numbers:
            return self.numbers[digits], ""
        for pattern, node in self.patterns.items():
            if match := search(pattern, digits):
                return node, match[1] if match.re.groups else match[0]
        return None


def of(call: Call, device: Party | None, users: Iterable[Party | None]) -> Metaflows | None:
    """Return the metaflows of a telephone: the account's, under its own, under its user's.

    Source: KAZOO, kz_endpoint:merge_attribute.
    """
    parties = [directory_of(call).account, device, *users]
    return read(call, reduce(_merged, (one.metaflows or {} for one in parties if one), {}))


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return both, deeply; what is empty above changes nothing."""
    both = {key: _merged(under[key], value)
            if isinstance(value, dict) and isinstance(under.get(key), dict) else value
            for key, value in over.items() if value not in (None, "", {}, [])}  # fmt: skip
    return under | both


def read(call: Call, raw: dict[str, Any]) -> Metaflows | None:
    """Return metaflows of a document, None where it has none; what is wrong is noted."""
    try:
        return Metaflows.model_validate(raw) if raw else None
    except ValidationError as error:
        reason = faults.reason(error.errors(include_url=False)[0])
        call.warn(InstructionError(reason, code=Code.FLOW_SCHEMA, where="metaflows"))
        return None
