"""The directory as callflows see it: documents by id, callflows by number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, Self

from pydantic import Field, PrivateAttr

from ari_pivot.call import directory
from ari_pivot.call.call import Call
from ari_pivot.call.directory import Id, Party
from ari_pivot.call.facts import Facts
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.numbers import e164, realm
from ari_pivot.callflow.conferences import Conference
from ari_pivot.callflow.documents import (
    Callflow,
    MatchList,
    MediaId,
    Menu,
    Pattern,
    RuleSet,
    TemporalRule,
)
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.guests import greet
from ari_pivot.callflow.mailbox_documents import Mailbox, NameDirectory, VoicemailSettings
from ari_pivot.callflow.named import named
from ari_pivot.callflow.patterns import search
from ari_pivot.errors import Code, InstructionError

NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True)
class Found:
    """A callflow that takes a number; `no_match` says that it takes whatever no other does."""

    flow: Flow
    capture: str = ""
    captures: Mapping[str, str] | None = None
    no_match: bool = False
    metaflows: Mapping[str, Any] = field(default_factory=dict)

    def enter(self, call: Call) -> Flow:
        """Note what the number's pattern has caught; return the flow."""
        call.facts.capture, call.facts.captures = self.capture, dict(self.captures or {})
        return self.flow

    async def run(self, call: Call) -> Pivot | None:
        call.facts.metaflows = dict(self.metaflows)
        return await self.enter(call).run(call)


#: Where the directory has what is asked for by id.
FIELDS = {
    "callflow": "callflows", "conference": "conferences", "device": "devices",
    "directory": "directories", "group": "groups", "list": "lists", "mailbox": "mailboxes",
    "menu": "menus", "rule": "temporal_rules", "rule_set": "temporal_rule_sets", "user": "users",
}  # fmt: skip


class Source(Protocol):
    """Has what the directory itself does not hold."""

    async def ask(self, kind: str, id_: str) -> "Directory | None":
        """Return a piece of the directory that has something; None where there is no such thing.

        Raises WebError, InstructionError.
        """
        ...


class Directory(directory.Directory):
    """`media` maps names to media ids, or to one a language; `classifiers` classes to numbers.

    `account_id` is what requests say of it, `timezone` that of rules and times, `notify_url` where
    notifications go, `mails` whether mail can be sent.
    """

    media: dict[Id, MediaId | dict[str, MediaId]] = Field(default_factory=dict)
    menus: dict[Id, Menu] = Field(default_factory=dict)
    conferences: dict[Id, Conference] = Field(default_factory=dict)
    temporal_rules: dict[Id, TemporalRule] = Field(default_factory=dict)
    temporal_rule_sets: dict[Id, RuleSet] = Field(default_factory=dict)
    lists: dict[Id, MatchList] = Field(default_factory=dict)
    callflows: Mapping[Id, Callflow] = Field(default_factory=dict)
    mailboxes: dict[Id, Mailbox] = Field(default_factory=dict)
    voicemail: VoicemailSettings = VoicemailSettings()
    directories: dict[Id, NameDirectory] = Field(default_factory=dict)
    classifiers: dict[str, Pattern] = Field(default_factory=dict)
    account_id: str = ""
    timezone: str = "UTC"
    notify_url: str = ""
    mails: bool = False
    _source: Source | None = PrivateAttr(default=None)
    _asked: frozenset[tuple[str, str]] = PrivateAttr(default=frozenset())

    def asking(self, source: Source | None) -> Self:
        """Return it with a source of what it does not hold."""
        copy = self.model_copy()
        copy._source = source  # noqa: SLF001 - a copy of ours
        return copy

    async def needed(self, call: Call, name: str, module: object, children: Iterable[str]) -> Self:
        """Return it with what a module and its children name, and the telephone that calls."""
        known = self
        if self._source is not None:
            for kind, id_ in [("endpoint", call.facts.endpoint), *named(name, module, children)]:
                known = await known.having(call, kind, id_)
        await greet(call, known)
        return known

    async def having(self, call: Call, kind: str, id_: str) -> Self:
        """Return it with something, if there is such a thing; what it holds itself stays.

        `kind` is one of `FIELDS`, or `number` for the callflow that takes one, or `endpoint` for
        the telephone that has one. Raises WebError, InstructionError where the source fails,
        CallEnded.
        """
        held = kind in FIELDS and id_ in getattr(self, FIELDS[kind])
        if not id_ or held or self._source is None or (kind, id_) in self._asked:
            return self
        piece = await call.during(self._source.ask(kind, id_))
        copy = self.model_copy(update=self._joined(piece) if piece else {})
        copy._asked = self._asked | {(kind, id_)}  # noqa: SLF001 - a copy of ours
        return copy

    def _joined(self, piece: "Directory") -> dict[str, Any]:
        return {one: {**getattr(piece, one), **getattr(self, one)} for one in FIELDS.values()}

    def find(self, number: str) -> Found | None:
        """Return the callflow for a number: by the number, a pattern, else `no_match`.

        Of several patterns the one that catches most. Source: KAZOO, cf_flow.
        """
        if not number:
            return None
        number = self.normal(number)
        for callflow in self.callflows.values():
            if number in callflow.numbers:
                return _taken(callflow)
        caught = [found for one in self.callflows.values() for found in _caught(one, number)]
        if caught:
            return max(caught, key=lambda found: len(found.capture))
        if not number.lstrip("+").isdecimal():
            return None
        rest = (one for one in self.callflows.values() if NO_MATCH in one.numbers)
        return next(map(_taken, rest), None)

    def normal(self, number: str) -> str:
        """Return a number in the form in which callflows have it."""
        return e164(number, self.region)

    def listed(self, number: str, lists: Iterable[str]) -> str | None:
        """Return the name in the first entry that fits a number, None where it is in no list.

        Prefixes of all lists come before patterns, and the longest of one list first. Source:
        KAZOO, cf_lookupcidname.
        """
        found = [self.lists[id_].entries for id_ in lists if id_ in self.lists]
        digits = number.removeprefix("+")
        for entries in found:
            prefixes = [
                (len(prefix), one)
                for one in entries
                if (prefix := (one.number or one.prefix).removeprefix("+"))
                and digits.startswith(prefix)
            ]
            if prefixes:
                return max(prefixes, key=lambda fits: fits[0])[1].shown
        patterns = (one for entries in found for one in entries if one.pattern)
        return next((one.shown for one in patterns if search(one.pattern, number)), None)

    def denied(self, number: str, party: Party | None) -> bool:
        """Tell whether somebody may not call a number, by its class."""
        name = next((name for name, one in self.classifiers.items() if search(one, number)), "")
        restriction = party.call_restriction.get(name) if party else None
        return restriction is not None and restriction.action == "deny"


def _taken(callflow: Callflow) -> Found:
    no_match = NO_MATCH in callflow.numbers
    return Found(callflow.flow, no_match=no_match, metaflows=callflow.metaflows)


def _caught(callflow: Callflow, number: str) -> list[Found]:
    """Return what the patterns of a callflow catch: the longest group, else all that fits."""
    matches = [match for one in callflow.patterns if (match := search(one, number))]
    return [
        Found(
            callflow.flow,
            max((group for group in match.groups() if group), key=len, default="")
            if match.re.groups
            else match[0],
            {name: text for name, text in match.groupdict().items() if text},
            NO_MATCH in callflow.numbers,
            callflow.metaflows,
        )
        for match in matches
    ]


_EMPTY = Directory()


def directory_of(call: Call) -> Directory:
    """Return the directory of a call."""
    return call.directory if isinstance(call.directory, Directory) else _EMPTY


async def look_up(call: Call, number: str) -> Found | None:
    """Return the callflow for a number; where the directory has none, its source is asked."""
    known = directory_of(call)
    if known.find(number) is None:
        call.directory = known = await known.having(call, "number", number)
    return known.find(number)


def caller(call: Call, scope: Literal["device", "user"]) -> tuple[str, Party | None]:
    """Return id and entry of the telephone that calls, or of its user; empty for a stranger."""
    return caller_of(call.facts, directory_of(call), scope)


def caller_of(
    facts: Facts, everybody: Directory, scope: Literal["device", "user"]
) -> tuple[str, Party | None]:
    """Return the same of a call of which there are only facts."""
    device = everybody.device_of(facts.endpoint) if facts.endpoint else ""
    if scope == "device":
        return device, everybody.devices.get(device)
    owner = facts.owner or facts.guest or (everybody.devices[device].owner if device else "")
    return owner, everybody.users.get(owner)


def unknown(kind: str, id_: str) -> InstructionError:
    """Return the error for an id that the directory does not have."""
    return InstructionError(
        f"there is no {kind} {id_!r} in the directory", code=Code.UNKNOWN_ID, where=kind
    )


def redirect(call: Call, number: str) -> None:
    """Let the call be one to another number. Source: KAZOO, kapps_call:set_request, set_to."""
    facts = call.facts
    facts.dialled = number
    for name in ("request_uri", "to_uri"):
        if host := realm(getattr(facts, name)):
            setattr(facts, name, f"sip:{number}@{host}")
