"""What every callflow module is: a class whose fields are the keys of its `data`."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictBool

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.play import ALL_KEYS
from ari_pivot.call.source import Source

if TYPE_CHECKING:
    from ari_pivot.callflow.flow import Flow

T = TypeVar("T")

#: What a module decides: ask elsewhere, run another flow and then its own `_`, take the child of
#: this name (or `_`), or stop: None. Source: KAZOO, cf_exe.
Branch: TypeAlias = "Pivot | Flow | Moved | str | None"
NEXT = "_"


class Moved(NamedTuple):
    """The call goes to another flow, and to none of those it has come through."""

    flow: "Flow"


Children = Mapping[str, "Flow"]


def _whole(value: Any) -> Any:
    if isinstance(value, bool | float):
        raise ValueError("is not an integer")  # noqa: TRY004 - pydantic reports ValueError
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,18}", value):
        raise ValueError("is not an integer")
    return value


def _given(value: Any) -> Any:
    if value is None:
        raise ValueError("must not be null")
    return value


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


#: JSON types as KAZOO's schemas mean them; an integer may also come as a string.
Integer = Annotated[int, BeforeValidator(_whole)]
Boolean = StrictBool
#: A string that may come as an integer.
Text = Annotated[str, BeforeValidator(_as_text)]
#: A key without a default: None where it is not there; null is refused.
Maybe = Annotated[T | None, BeforeValidator(_given)]


class Module(BaseModel):
    """One module's data. `skip_module` goes straight to the child `_`. Unknown keys are allowed.

    Times in `data` are milliseconds where KAZOO has milliseconds. `without_effect` says of keys
    that are checked, and do nothing here, why.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    without_effect: ClassVar[Mapping[str, str]] = {}

    skip_module: Boolean = False

    async def run(self, call: Call, children: Children) -> Branch:
        """Do it; return which way to go.

        An InstructionError, for data that cannot be used after all, leads to `_`.
        """
        raise NotImplementedError

    def sources(self) -> Iterator[Source]:
        """Yield what it will play, so that it can be had ready."""
        yield from ()


def keys(terminators: tuple[str, ...]) -> str:
    """Return the keys that end a prompt."""
    return "".join(terminators)


ANY_KEY = tuple(ALL_KEYS)


def keep_digits(call: Call) -> None:
    """Put what was pressed into the collection `default`, for the next collect_dtmf or pivot.

    Source: KAZOO, kapps_call: digits pressed while a prompt plays.
    """
    if call.caller.digits:
        collections = call.facts.digits
        collections["default"] = collections.get("default", "") + "".join(call.caller.digits)
        call.caller.digits.clear()
