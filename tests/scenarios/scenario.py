"""Scenarios: what caller and web do, and what has to come of it, wherever it is played.

A file of scenarios holds `defaults` and `scenarios`. A scenario is a script of the simulator, with
`does` for its name and `expect` for what has to come of it; `web` is by path, short for
`http://web.test/PATH`. `expect` says, of what the scenario is about:

    requests   the instructions asked for: path, and the params that matter (null: not sent)
    hooks      the same of what was told to web servers beside the call
    heard      voice, {tone: SECONDS}, {tone: [FROM, TO]}, {pause: SECONDS}, key 5 …
    ended      by, cause (Q.850), sip, answered
    cdr        null for none; else these fields; `times`: how often it was sent (1)
    problems   the codes of warnings and errors, in their order
    media      how often a path was fetched
    sent       how often a recording was sent to a path

`marks: [http]` has it played on an Asterisk that takes commands over HTTP only, too.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HOST = "http://web.test"
#: What callflows look up, the same in every scenario.
DIRECTORY = yaml.safe_load(Path(__file__).with_name("directory.yml").read_text("utf-8"))
SHORTER, LONGER = 0.5, 0.6  # a busy machine drops frames of a tone: its share, seconds
_SECONDS = ("Duration", "-Seconds")  # what names of whole seconds end with
BROKEN = {"dns", "refused", "tls"}  # where no request arrives


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as the web has seen it; parameters flat, as a form has them."""

    path: str
    kind: str  # instructions, cdr, media, webhook, upload
    method: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a scenario; `heard` is kind and seconds, pauses with the kind "pause"."""

    asked: list[Asked]
    heard: list[tuple[str, float]]
    ended: Mapping[str, Any]
    problems: list[int]


@dataclass(frozen=True, slots=True)
class Scenario:
    """`script` is in the simulator's form."""

    name: str
    script: Mapping[str, Any]
    expect: Mapping[str, Any]
    marks: list[str] = field(default_factory=list)

    def differences(self, outcome: Outcome, late: int = 0) -> list[str]:
        """Return what came otherwise than expected, a line each.

        Durations may be `late` seconds off: whole seconds that a busy machine is not in time for.
        """
        checks = {
            "requests": lambda wanted, got: self._requests(wanted, got, late),
            "hooks": lambda wanted, got: self._requests(wanted, got, late),
            "heard": _heard,
            "ended": _subset,
            "cdr": lambda wanted, got: self._cdr(wanted, got, late),
            "problems": lambda wanted, got: [] if wanted == got else [f"{got}, not {wanted}"],
            "media": _counts,
            "sent": _counts,
        }
        found = {
            "requests": [one for one in outcome.asked if one.kind == "instructions"],
            "hooks": [one for one in outcome.asked if one.kind == "webhook"],
            "cdr": [one for one in outcome.asked if one.kind == "cdr"],
            "media": [one.path for one in outcome.asked if one.kind == "media"],
            "sent": [one.path for one in outcome.asked if one.kind == "upload"],
            "heard": outcome.heard,
            "ended": outcome.ended,
            "problems": outcome.problems,
        }
        return [
            f"{what}: {difference}"
            for what, wanted in self.expect.items()
            for difference in checks[what](wanted, found[what])
        ]

    def _requests(self, wanted: list[Any], got: list[Asked], late: int) -> Iterator[str]:
        paths = [one if isinstance(one, str) else one["path"] for one in wanted]
        if paths != [one.path for one in got]:
            yield f"{[one.path for one in got]}, not {paths}"
            return
        for each, asked in zip(wanted, got, strict=True):
            if isinstance(each, dict):
                if asked.method != each.get("method", asked.method):
                    yield f"{asked.path}: {asked.method}"
                found = _subset(each.get("params", {}), asked.params, late)
                yield from (f"{asked.path}: {one}" for one in found)

    def _cdr(self, wanted: Mapping[str, Any] | None, got: list[Asked], late: int) -> Iterator[str]:
        wanted = {"times": 0} if wanted is None else {"times": 1, **wanted}
        count = wanted.pop("times")
        if len(got) != count:
            yield f"{len(got)} came, not {count}"
        elif count:
            yield from _subset(wanted, got[-1].params, late)


def _subset(wanted: Mapping[str, Any], got: Mapping[str, Any], late: int = 0) -> Iterator[str]:
    for key, value in wanted.items():
        if late and key.endswith(_SECONDS) and abs(int(got.get(key, "-9")) - int(value)) <= late:
            continue
        expected = str(value) if isinstance(got.get(key), str) and value is not None else value
        if got.get(key) != expected:
            yield f"{key} is {got.get(key)!r}, not {value!r}"


def _counts(wanted: Mapping[str, int], got: list[str]) -> Iterator[str]:
    for path, count in wanted.items():
        if got.count(path) != count:
            yield f"{path} was fetched {got.count(path)} times, not {count}"


def _heard(wanted: list[Any], got: list[tuple[str, float]]) -> Iterator[str]:
    """Compare in order; pauses only where one is asked for."""
    kinds = [one if isinstance(one, str) else next(iter(one)) for one in wanted]
    spans = [None if isinstance(one, str) else next(iter(one.values())) for one in wanted]
    left = list(got)
    if "pause" not in kinds:
        left = [one for one in got if one[0] != "pause"]
    told = ", ".join(f"{kind} {seconds:.1f}" for kind, seconds in got) or "nothing"
    for kind, span in zip(kinds, spans, strict=True):
        while left and left[0][0] == "pause" and kind != "pause":
            left.pop(0)
        if not left or left[0][0] != kind:
            yield f"{told}: not {wanted}"
            return
        seconds = left.pop(0)[1]
        if not _fits(span, seconds):
            yield f"{kind} for {seconds:.2f} s, not {span}; {told}"
    if any(kind != "pause" for kind, _ in left):
        yield f"{told}: more than {wanted}"


def _fits(span: Any, seconds: float) -> bool:
    if span is None:
        return True
    low, high = span if isinstance(span, list) else (span * SHORTER, span + LONGER)
    return bool(low <= seconds <= high)


def load(folder: Path = Path(__file__).parent) -> list[Scenario]:
    """Return the scenarios of a folder's YAML files."""
    return [one for path in sorted(folder.glob("*.yaml")) for one in _file(path)]


def _file(path: Path) -> Iterator[Scenario]:
    document = yaml.safe_load(path.read_text("utf-8"))
    defaults = document.get("defaults", {})
    for each in document["scenarios"]:
        name, expect = each.pop("does"), defaults.get("expect", {}) | each.pop("expect")
        script = defaults | each
        script.pop("expect", None)
        script["pivot"] = defaults.get("pivot", {}) | each.get("pivot", {})
        script["pivot"].setdefault("voice_url", f"{HOST}/voice")
        pages = {"cdr": {"status": 204}} | script.get("web", {})
        script["web"] = [
            {"url": f"{HOST}/{at}", "replies": _replies(said)} for at, said in pages.items()
        ]
        yield Scenario(name, script, expect, script.pop("marks", []))


def _replies(said: Any) -> list[dict[str, Any]]:
    return [_reply(one) for one in (said if isinstance(said, list) else [said])]


def _reply(said: Any) -> dict[str, Any]:
    """Take a reply, or short for it a document: text, a callflow, or `chain`: modules in a row.

    `pad` makes a body longer by so many spaces.
    """
    if isinstance(said, str):
        return {"body": said}
    if "pad" in said:
        return {key: value for key, value in said.items() if key != "pad"} | {
            "body": said["body"] + " " * said["pad"]
        }
    if "chain" in said:
        said = chain(said["chain"])
    return {"body": json.dumps(said)} if "module" in said else said


def chain(modules: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a callflow in which each module is the child `_` of the one before."""
    flow: dict[str, Any] = {}
    for each in reversed(modules):
        ((name, data),) = each.items()
        flow = {"module": name, "data": data, **({"children": {"_": flow}} if flow else {})}
    return flow
