"""Documents that modules look up by id, with the keys that KAZOO's documents of the kind have.

Source: KAZOO, schemas menus, temporal_rules, temporal_rules_sets, lists, callflows.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    InstanceOf,
    model_validator,
)

from ari_pivot.call.directory import Entry, Id
from ari_pivot.call.times import from_gregorian
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.patterns import compiled
from ari_pivot.errors import InstructionError


def _pattern(text: str) -> str:
    try:
        compiled(text)
    except InstructionError as error:
        raise ValueError(error.message) from error
    return text


def _day(value: Any) -> Any:
    """Take KAZOO's seconds for their day."""
    if isinstance(value, int) and not isinstance(value, bool):
        return datetime.fromtimestamp(from_gregorian(value), UTC).date()
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
Day = Annotated[date, BeforeValidator(_day)]
MediaId = Annotated[str, Field(min_length=1, max_length=2048)]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal[
    "monday", "tuesday", "wednesday", "wensday", "thursday", "friday", "saturday", "sunday"
]
Ordinal = Literal["every", "first", "second", "third", "fourth", "fifth", "last"]


class MenuMedia(Entry):
    """Media ids; true is the stock prompt, false silence."""

    greeting: MediaId | None = None
    invalid_media: bool | MediaId = True
    transfer_media: bool | MediaId = True
    exit_media: bool | MediaId = True


class Menu(Entry):
    """An auto-attendant; times are milliseconds."""

    name: str = ""
    retries: int = Field(default=3, ge=1, le=10)
    timeout: int = Field(default=10_000, ge=1, le=60_000)
    interdigit_timeout: int | None = Field(default=None, ge=1, le=10_000)
    max_extension_length: int = Field(default=4, ge=1, le=6)
    hunt: bool = True
    hunt_allow: Pattern = ""
    hunt_deny: Pattern = ""
    suppress_media: bool = False
    record_pin: str = Field(default="", max_length=6, repr=False)
    allow_record_from_offnet: bool = False
    media: MenuMedia = MenuMedia()


class TemporalRule(Entry):
    """When something recurs; the window is in seconds since midnight.

    `enabled` overrules the clock. Dates as such, or in KAZOO's seconds; 0 is no end.
    """

    cycle: Literal["date", "daily", "weekly", "monthly", "yearly"]
    name: str = ""
    interval: int = Field(default=1, ge=1)
    days: list[Annotated[int, Field(ge=1, le=31)]] = Field(default_factory=list)
    wdays: list[Weekday] = Field(default_factory=list)
    ordinal: Ordinal = "first"
    month: int = Field(default=1, ge=1, le=12)
    start_date: Day = date(1983, 4, 11)
    end_date: Day | Literal[0] | None = None
    time_window_start: int = Field(default=0, ge=0, le=86_400)
    time_window_stop: int = Field(default=86_400, ge=0, le=86_400)
    enabled: bool | None = None

    @model_validator(mode="after")
    def _recurs(self) -> "TemporalRule":
        if self.cycle == "weekly" and not self.wdays:
            raise ValueError("a weekly rule needs `wdays`")
        if self.cycle in {"monthly", "yearly"} and not (self.days or self.wdays):
            raise ValueError(f"a {self.cycle} rule needs `days` or `wdays`")
        return self


class RuleSet(Entry):
    name: str = ""
    temporal_rules: list[Id] = Field(min_length=1)


class ListEntry(Entry):
    """One of `number`, `prefix` and `pattern` for lists of numbers, `cid_key` for caller ids."""

    elsewhere = "capture_group_key capture_group_length firstname lastname list_id profile"

    number: str = ""
    prefix: str = ""
    pattern: Pattern = ""
    displayname: str = ""
    cid_key: str = ""
    cid_name: str = ""
    cid_number: str = ""

    @property
    def shown(self) -> str:
        """The name of who is in the list."""
        return self.displayname or self.cid_name

    @model_validator(mode="after")
    def _one(self) -> "ListEntry":
        if not (self.number or self.prefix or self.pattern or self.cid_key):
            raise ValueError("needs `number`, `prefix`, `pattern` or `cid_key`")
        return self


class MatchList(Entry):
    """A list of numbers; `length` is that of a `cid_key` among the digits dialled."""

    elsewhere = "description org"

    name: str = ""
    length: int = Field(default=2, ge=1)
    entries: list[ListEntry] = Field(default_factory=list)


class Callflow(Entry):
    """A callflow others can run; it takes the calls to its numbers.

    `patterns` are regular expressions; what their groups catch is the call's capture. The number
    `no_match` stands for all that no other callflow takes. `metaflows` are the caller's, in the
    conversations that come of it.
    """

    elsewhere = "featurecode"

    name: str = ""
    numbers: list[str] = Field(default_factory=list)
    patterns: list[Pattern] = Field(default_factory=list)
    metaflows: dict[str, Any] = Field(
        default_factory=dict, validation_alias=AliasChoices("metaflows", "metaflow")
    )
    flow: InstanceOf[Flow]
