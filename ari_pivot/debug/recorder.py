"""From what happens on a call to the documents of the debug log, as KAZOO's pivot_debug has them.

Source: KAZOO, pivot_call, for what requests, answers and their faults look like; the events beside
them are ours.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from ari_pivot import redact
from ari_pivot.call.call import Call
from ari_pivot.debug.hide import HIDDEN, Hide, answered_headers, asked_headers
from ari_pivot.debug.log import DebugLog, Summary
from ari_pivot.errors import Code, InstructionError, WebError
from ari_pivot.report.entry import Report
from ari_pivot.web.client import Seen
from ari_pivot.web.hop import Reply, Request

_LONGEST = 65_536  # characters of a body that are kept
_MOST = 2_000_000  # bytes kept of one call
_ALWAYS = {"faulty", "problem", "ended"}
_PASSED_OVER = {"arrived", "asks", "asked", "did"}
_SEARCHED = ("call_id", "caller", "name", "dialled", "uri", "status", "reason")


@dataclass(slots=True)
class _Kept:
    """What is known of a living call that has documents."""

    summary: dict[str, Any] = field(default_factory=dict)
    size: int = 0


class Recorder:
    """Writes down the calls whose pivot action says `debug`, and the faults of all.

    `node` is what KAZOO calls so: which of our processes it was. Parameters named in `hide` are
    kept without their values.
    """

    def __init__(self, log: DebugLog, node: str, hide: Collection[str] = ()) -> None:
        self._log = log
        self._node = node
        self._hide = Hide(hide)
        self._calls: dict[str, _Kept] = {}

    def saw(self, call: Call, what: str, details: Mapping[str, Any]) -> None:
        if not call.facts.debug and what not in _ALWAYS:
            return
        known = call.root in self._calls
        if what == "ended":
            if known:
                self._end(call)
        elif what not in _PASSED_OVER and (
            call.facts.debug or what == "faulty" or details["about"].level == "error"
        ):
            self._write(call, self._document(what, details))

    def delivery(self, report: Report) -> Seen | None:
        """Return who is to be told of the tries of a report, if its call is written down."""
        if not report.debug:
            return None

        def seen(request: Request, got: Reply | WebError | None) -> None:
            about = {"kind": report.kind, "report": report.id, "node": self._node}
            document = self._hop(request, got) | about
            self._log.write(report.call_id, {"call_id": report.call_id} | document)

        return seen

    def _write(self, call: Call, document: dict[str, Any], *, last: bool = False) -> None:
        kept = self._calls.setdefault(call.root, _Kept())
        summary = kept.summary
        _tell(summary, call, document, whole=call.root == call.facts.id)
        if kept.size > _MOST and not last:
            summary["cut"] = True
            return
        document = {"call_id": call.root, "node": self._node} | document
        kept.size += self._log.write(call.root, document, partial(_summary, call.root, summary))

    def _end(self, call: Call) -> None:
        facts = call.facts
        document = {
            "event": "ended", "status": facts.status, "ended_by": facts.ended_by,
            "cause": facts.cause, "sip": facts.sip, "given_back": facts.given_back,
            "seconds": round((facts.ended_at or facts.started_at) - facts.started_at, 3),
            "cut": self._calls[call.root].summary.get("cut", False),
        }  # fmt: skip
        self._write(call, document, last=True)
        del self._calls[call.root]

    def _document(self, what: str, details: Mapping[str, Any]) -> dict[str, Any]:
        match what:
            case "hop":
                about = self._hop(details["request"], details["reply"])
                return about | {"iteration": details["iteration"]}
            case "faulty":
                fault = _fault(details["error"], details["reply"])
                return fault | {"iteration": details["iteration"]}
            case "problem":
                return {"event": "problem", **asdict(details["about"])}
            case "plays":
                source = details["source"]
                return {"event": what, "source": type(source).__name__.lower(), **asdict(source)}
            case "pressed" if self._hide.digits:
                return {"event": what, "digit": HIDDEN}
        return {"event": what, **details}

    def _hop(self, request: Request, got: Reply | WebError | None) -> dict[str, Any]:
        if isinstance(got, Reply):
            return {
                "resp_status_code": str(got.status),
                "resp_headers": answered_headers(got.headers),
                "resp_body": _readable(got),
            }
        if got is not None:
            return {"error": {"code": got.code, "message": got.message, "where": got.where}}
        return {
            "uri": self._hide.url(request.url),
            "method": request.method,
            "req_headers": asked_headers(request.headers),
            "req_body": self._hide.body(request.body)[:_LONGEST],
        }


def _fault(error: InstructionError, reply: Reply) -> dict[str, Any]:
    """Return what is kept of a faulty answer, whether `debug` is set or not."""
    message = {"code": error.code, "message": str(error)}
    if error.code == Code.JSON_SYNTAX:
        return {"json_errors": message, "resp_body": _readable(reply)}
    return {"schema_errors": [message], "resp_body": _readable(reply)}


def _readable(reply: Reply) -> str:
    return reply.body.decode("utf-8", "replace")[:_LONGEST]


def _tell(summary: dict[str, Any], call: Call, document: Mapping[str, Any], *, whole: bool) -> None:
    """Bring what the list says of a call up to date with a document of it."""
    if whole:
        facts = call.facts
        summary |= {
            "caller": facts.caller_number, "name": facts.caller_name, "dialled": facts.dialled,
            "started_at": facts.started_at, "answered_at": facts.answered_at,
            "ended_at": facts.ended_at, "status": facts.status,
        }  # fmt: skip
    if "uri" in document:
        summary["uri"] = document["uri"]
        summary.pop("status_code", None)
    if "resp_status_code" in document:
        summary["status_code"] = document["resp_status_code"]
    summary["iteration"] = document.get("iteration", summary.get("iteration", 0))
    for name in ("schema_errors", "json_errors"):
        summary[f"has_{name}"] = summary.get(f"has_{name}", False) or name in document
    if document.get("event") == "problem" and document["level"] == "error":
        summary["reason"] = {key: document[key] for key in ("code", "message", "where")}


def _summary(call_id: str, summary: Mapping[str, Any]) -> Summary:
    text = redact.credentials(json.dumps(summary, default=str))
    said = " ".join(str(summary.get(name, "")) for name in _SEARCHED)
    return Summary("reason" in summary, searchable(f"{call_id} {said}"), text)


def searchable(text: str) -> str:
    """Return a text as it is looked for: in small letters, in ASCII, which every database takes."""
    return redact.credentials(text).lower().encode("unicode_escape").decode("ascii")
