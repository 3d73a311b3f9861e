"""What every TwiML element is: a class whose fields are its attributes, and which can be run."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.source import Source
from ari_pivot.errors import Code

#: Attribute types. Names are case-sensitive in TwiML; the values of these two are not.
Method = Annotated[
    str, BeforeValidator(lambda v: str(v).strip().upper()), Field(pattern="^(GET|POST)$")
]
Flag = Annotated[bool, BeforeValidator(lambda v: str(v).strip().lower())]
Seconds = Annotated[int, Field(ge=0)]


def words(*known: str) -> BeforeValidator:
    """Return what reads a list of these words, with spaces or commas between them."""

    def read(value: str) -> tuple[str, ...]:
        given = tuple(re.findall(r"[^\s,]+", value))
        if unknown := set(given) - set(known):
            raise ValueError(f"{', '.join(sorted(unknown))}: not among {', '.join(known)}")
        return given

    return BeforeValidator(read)


Keys = Annotated[str, Field(pattern=r"^[0-9*#]*$")]


class Element(BaseModel):
    """An element with its attributes, camelCase in the document, snake_case here.

    `nests` are the elements it may hold, `codes` the error numbers of its attributes, `too_long`
    the numbers of those that have another where they are too long. `unsupported` are the attributes
    whose wish is not fulfilled, which is a warning, `without_effect` those that make no difference
    here, both with the reason; a field `text` takes the text it holds. `where` is its place in the
    document.
    """

    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore")

    nests: ClassVar[tuple[type["Element"], ...]] = ()
    codes: ClassVar[dict[str, int]] = {}
    too_long: ClassVar[dict[str, int]] = {}
    nest_code: ClassVar[int] = Code.SCHEMA
    unsupported: ClassVar[dict[str, str]] = {}
    without_effect: ClassVar[dict[str, str]] = {}

    where: str = Field(default="", exclude=True)
    children: tuple[Any, ...] = Field(default=(), exclude=True)

    def doubts(self) -> Iterator[tuple[str, int]]:
        """Yield what is odd about it without being a fault, and its number."""
        yield from ()

    @classmethod
    @cache
    def attributes(cls) -> dict[str, str]:
        """Return the document's attribute names and the fields they fill."""
        return {
            field.alias or name: name
            for name, field in cls.model_fields.items()
            if name not in {"where", "children", "text", "base", "markup"}
        }


class Verb(Element):
    """An element that does something."""

    async def run(self, call: Call) -> Pivot | None:
        """Do it; return where to ask next, or None to go on with the next verb."""
        raise NotImplementedError

    def sources(self) -> Iterator[Source]:
        """Yield what it will play, so that it can be had ready."""
        yield from ()
