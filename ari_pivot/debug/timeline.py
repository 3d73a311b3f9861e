"""A call's documents as a timeline: what happened, when, for people to read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ari_pivot.call import causes
from ari_pivot.debug import pretty

Tone = Literal["", "good", "warning", "bad"]

_DOCUMENTS = {"uri", "resp_body", "resp_status_code", "schema_errors", "json_errors", "error"}
_PLAYED: dict[str, tuple[str, Tone]] = {
    "done": ("", ""), "key": ("cut off by a key", ""), "failed": ("not heard", "warning")
}  # fmt: skip
_ENDED_BY = {"pivot": "us", "caller": "the caller", "callee": "the callee", "asterisk": "Asterisk"}
_KINDS = {"cdr": "CDR", "callback": "Callback", "webhook": "Webhook"}


@dataclass(slots=True)
class Block:
    """A document, or a table of names and values, that is shown on demand."""

    label: str
    text: str = ""
    language: str = ""  # xml, json or text
    pairs: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """One line; `at` in seconds since the first, `seconds` how long it took, if that is known."""

    at: float
    kind: str  # request, verb, sound, digits, leg, problem, call, other
    title: str
    text: str = ""
    tone: Tone = ""
    seconds: float | None = None
    blocks: list[Block] = field(default_factory=list)


def timeline(documents: Sequence[Mapping[str, Any]]) -> list[Entry]:
    """Return what a call's documents, in their order, tell."""
    story = _Story(documents[0]["created"] if documents else 0.0)
    for document in documents:
        story.take(document)
    return story.entries


class _Story:
    """The entries so far, and those that what comes may complete."""

    def __init__(self, began: float) -> None:
        self.entries: list[Entry] = []
        self._began = began
        self._asked: dict[Any, Entry] = {}
        self._sound: Entry | None = None

    def take(self, document: Mapping[str, Any]) -> None:
        at = round(document["created"] - self._began, 3)
        if "event" not in document and _DOCUMENTS & document.keys():
            self._exchange(at, document)
        elif document.get("event") == "played" and self._sound:
            text, tone = _PLAYED.get(document.get("how", ""), ("", ""))
            self._sound.text, self._sound.tone = text, tone
            self._sound.seconds = round(at - self._sound.at, 3)
            self._sound = None
        elif document.get("event") == "pressed" and self._pressing():
            self.entries[-1].text += f" {document.get('digit', '')}"
        else:
            entry = _entry(at, document)
            if entry.kind == "sound":
                self._sound = entry
            self.entries.append(entry)

    def _pressing(self) -> bool:
        return bool(self.entries) and self.entries[-1].kind == "digits"

    def _exchange(self, at: float, document: Mapping[str, Any]) -> None:
        """Take a request, its answer, or what is wrong with that: they are one entry."""
        key = document.get("report"), document.get("iteration")
        if "uri" in document:
            entry = self._asked[key] = _request(at, document)
            self.entries.append(entry)
            return
        asked = self._asked.get(key)
        if asked is None:
            asked = Entry(at, "request", "Answer")
            self.entries.append(asked)
        elif asked.seconds is None:
            asked.seconds = round(at - asked.at, 3)
        _answer(asked, document)


def _request(at: float, document: Mapping[str, Any]) -> Entry:
    uri, method = document["uri"], str(document.get("method", ""))
    what = _KINDS.get(document.get("kind", ""), "")
    entry = Entry(at, "request", f"{what} {method} {uri.partition('?')[0]}".strip())
    if pairs := pretty.parameters(uri, document.get("req_body", "")):
        entry.blocks.append(Block("Parameters", pairs=pairs))
    if named := document.get("req_headers"):
        entry.blocks.append(Block("Request headers", pairs=pretty.headers(named)))
    return entry


def _answer(entry: Entry, document: Mapping[str, Any]) -> None:
    if status := document.get("resp_status_code"):
        entry.text, entry.tone = str(status), "good" if str(status)[:1] in "23" else "bad"
    if error := document.get("error"):
        entry.text, entry.tone = f"{error['code']} {error['message']}", "bad"
    faults = [*document.get("schema_errors", ()), *_maybe(document.get("json_errors"))]
    if faults:
        entry.tone = "bad"
        said = "; ".join(
            f"{one.get('code', '')} {one.get('message', '')}".strip() for one in faults
        )
        entry.text = f"{entry.text} {said}".strip()
    labels = {block.label for block in entry.blocks}
    if document.get("resp_body") and "Answer" not in labels:
        text, language = pretty.document(document["resp_body"])
        entry.blocks.insert(0, Block("Answer", text, language))
    if named := document.get("resp_headers"):
        entry.blocks.append(Block("Answer headers", pairs=pretty.headers(named)))


def _maybe(one: Any) -> list[Any]:
    return [one] if one else []


def _entry(at: float, document: Mapping[str, Any]) -> Entry:
    said = {
        name: value
        for name, value in document.items()
        if name not in {"event", "call_id", "node", "created"}
    }
    what = str(document.get("event", ""))
    if make := _EVENTS.get(what):
        return make(at, said)
    return Entry(at, "other", what, ", ".join(f"{name} {value}" for name, value in said.items()))


def _refused(at: float, said: Mapping[str, Any]) -> Entry:
    text = f"{said.get('status', '')} {said.get('reason', '')}"
    return Entry(at, "problem", f"Asterisk refused {said.get('command')}", text, "warning")


def _problem(at: float, said: Mapping[str, Any]) -> Entry:
    tone: Tone = "bad" if said.get("level") == "error" else "warning"
    place = f"{said['where']}: " if said.get("where") else ""
    return Entry(at, "problem", str(said.get("code", "")), place + said["message"], tone)


def _sound(said: Mapping[str, Any]) -> str:
    match said.get("source"):
        case "speech":
            return f"Says “{said.get('text', '')}”"
        case "audio":
            return f"Plays {said.get('url', '')}"
        case "prompt":
            return f"Plays the prompt {said.get('name', '')}"
        case "tone":
            return f"Plays the tone {said.get('spec', '')}"
    return f"Says {said.get('how', '')} {said.get('text', '')}"


def _leg(at: float, said: Mapping[str, Any]) -> Entry:
    step, status = str(said.get("step", "")), said.get("status")
    tone: Tone = "good" if step == "answered" else "" if status in {None, "answered"} else "warning"
    why = f"{status}, cause {said.get('cause')}" if status and said.get("cause") else status or ""
    return Entry(at, "leg", f"Leg {step}", why, tone)


def _end(at: float, said: Mapping[str, Any]) -> Entry:
    cause = said.get("cause") or 16
    by = _ENDED_BY.get(said.get("ended_by", ""), said.get("ended_by"))
    text = f"{said.get('status')}, cause {cause} {causes.name(cause)}"
    if said.get("sip"):
        text += f", SIP {said['sip']}"
    if said.get("given_back"):
        text += f"; given back to the dialplan: {said['given_back']}"
    if said.get("cut"):
        text += "; more than is kept of one call: its middle is missing"
    good = said.get("status") == "completed" and not said.get("given_back")
    return Entry(at, "call", f"Ended by {by}", text, "good" if good else "warning")


_EVENTS: Mapping[str, Callable[[float, Mapping[str, Any]], Entry]] = {
    "does": lambda at, said: Entry(at, "verb", said["name"]),
    "answered": lambda at, _: Entry(at, "call", "Answered", tone="good"),
    "pressed": lambda at, said: Entry(at, "digits", "Pressed", said["digit"]),
    "plays": lambda at, said: Entry(at, "sound", _sound(said)),
    "recorded": lambda at, said: Entry(
        at, "sound", "Recorded", f"ended by {said.get('ended_by', '?')}"
    ),
    "dials": lambda at, said: Entry(at, "leg", f"Dials {said.get('endpoint', '')}"),
    "leg": _leg,
    "refused": _refused,
    "problem": _problem,
    "ended": _end,
}
