"""Traces by OpenTelemetry: loaded only where the configuration says where to send them."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.trace import SpanKind, StatusCode

from ari_pivot import __version__, redact
from ari_pivot.call.call import Call
from ari_pivot.errors import WebError

_CLOSING = 5.0  # seconds for what is not yet sent


class _Ids(IdGenerator):
    """Gives the ids that a call's requests carry: its own, not invented ones."""

    trace = 0
    span = 0

    def generate_trace_id(self) -> int:
        return self.trace

    def generate_span_id(self) -> int:
        span, self.span = self.span, 0
        return span or secrets.randbits(64) or 1


@dataclass(slots=True)
class _Spans:
    whole: Span
    parts: dict[tuple[str, str], Span] = field(default_factory=dict)


class Traces:
    """A span for a call, and in it one for each verb and each time the web server is asked.

    The span of an asking is the one that its `traceparent` names: the server's are its children.
    """

    def __init__(self, processor: SpanProcessor) -> None:
        self._ids = _Ids()
        resource = Resource({"service.name": "ari_pivot", "service.version": __version__})
        self._provider = TracerProvider(
            resource=resource, id_generator=self._ids, shutdown_on_exit=False
        )
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("ari_pivot", __version__)
        self._calls: dict[str, _Spans] = {}

    async def close(self) -> None:
        """Send what waits; who does not take it in time is not waited for."""
        await asyncio.to_thread(self._provider.force_flush, int(_CLOSING * 1000))
        await asyncio.to_thread(self._provider.shutdown)

    def saw(self, call: Call, what: str, details: Mapping[str, Any]) -> None:
        if what == "arrived":
            self._arrived(call)
        elif spans := self._calls.get(call.root):
            now = _nanoseconds(call.clock())
            if what == "does":
                self._begin(spans, call, "verb", details["name"], SpanKind.INTERNAL, {})
            elif what == "asks":
                self._asks(spans, call, details)
            elif what == "did":
                _end(spans, call, "verb", now)
            elif what == "asked":
                _asked(spans, call, details["reply"], now)
            elif what == "problem":
                _problem(spans, call, details["about"], now)
            elif what == "ended":
                self._ended(call, now)

    def _arrived(self, call: Call) -> None:
        facts = call.facts
        self._ids.trace = int(facts.sid.removeprefix("CA"), 16)
        span = self._tracer.start_span(
            "call",
            context=trace.set_span_in_context(trace.INVALID_SPAN),
            kind=SpanKind.SERVER,
            attributes={"ari_pivot.call": facts.id, "ari_pivot.dialled": facts.dialled},
            start_time=_nanoseconds(facts.started_at),
        )
        if isinstance(span, Span):
            self._calls[call.root] = _Spans(span)

    def _begin(
        self,
        spans: _Spans,
        call: Call,
        what: str,
        name: str,
        kind: SpanKind,
        attributes: Mapping[str, str],
    ) -> None:
        parent = spans.parts.get((call.facts.id, "verb"), spans.whole)
        span = self._tracer.start_span(
            name,
            context=trace.set_span_in_context(parent),
            kind=kind,
            attributes=dict(attributes),
            start_time=_nanoseconds(call.clock()),
        )
        if isinstance(span, Span):
            spans.parts[call.facts.id, what] = span

    def _asks(self, spans: _Spans, call: Call, details: Mapping[str, Any]) -> None:
        outgoing = details["outgoing"]
        self._ids.span = int(outgoing.headers["traceparent"].split("-")[2], 16)
        attributes = {
            "http.request.method": outgoing.method,
            "url.full": redact.urls(outgoing.url),
            "server.address": urlsplit(outgoing.url).hostname or "",
        }
        self._begin(spans, call, "asking", outgoing.method, SpanKind.CLIENT, attributes)

    def _ended(self, call: Call, now: int) -> None:
        spans, facts = self._calls.pop(call.root), call.facts
        for span in spans.parts.values():  # the caller hung up in the middle of it
            span.end(now)
        spans.whole.set_attributes({
            "ari_pivot.status": facts.status,
            "ari_pivot.ended_by": facts.ended_by,
            "ari_pivot.cause": facts.cause,
        })  # fmt: skip
        spans.whole.end(now)


def _end(spans: _Spans, call: Call, what: str, now: int) -> None:
    if span := spans.parts.pop((call.facts.id, what), None):
        span.end(now)


def _asked(spans: _Spans, call: Call, reply: Any, now: int) -> None:
    span = spans.parts.get((call.facts.id, "asking"))
    if span is None:
        return
    if isinstance(reply, WebError):
        span.set_status(StatusCode.ERROR, str(reply))
        span.set_attribute("error.type", str(reply.code))
    else:
        span.set_attribute("http.response.status_code", reply.status)
        if reply.status >= 400:
            span.set_status(StatusCode.ERROR)
    _end(spans, call, "asking", now)


def _problem(spans: _Spans, call: Call, about: Any, now: int) -> None:
    span = spans.parts.get((call.facts.id, "verb"), spans.whole)
    said = {"code": about.code, "message": about.message, "where": about.where}
    span.add_event(about.level, said, now)
    if about.level == "error":
        spans.whole.set_status(StatusCode.ERROR, about.message)


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)


def traces(endpoint: str, headers: Mapping[str, str]) -> Traces:
    """Return traces that are sent to a collector by OTLP over HTTP."""
    return Traces(BatchSpanProcessor(OTLPSpanExporter(endpoint, headers=dict(headers))))
