"""Traces: what OpenTelemetry is told of a call, and that nothing of it is there when it is off."""

import gzip
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from board_fakes import VOICE, Board, pivot
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from web_fakes import reply

from ari_pivot.config import build
from ari_pivot.errors import Code, WebError
from ari_pivot.observe import observers
from ari_pivot.store.database import Database
from ari_pivot.tracing import Traces

PAUSES = "<Response><Pause length='2'/><Pause length='3'/></Response>"


def twiml(text):
    return reply(200, text, content_type="text/xml")


async def traced(*answers, hang_up=None):
    exporter = InMemorySpanExporter()
    board = Board(pivot(), {VOICE: answers})
    board.switchboard.watches = (Traces(SimpleSpanProcessor(exporter)),)
    board.asterisk.arrive()
    if hang_up:
        await board.call.until(lambda: board.call.doing == "Pause", 1)
        board.asterisk.hang_up()
    await board.over()
    return board, finished(exporter)


def finished(exporter):
    """Return the spans but for the route's own pivot action, which takes no time."""
    return [span for span in exporter.get_finished_spans() if span.name != "pivot"]


def seconds(span):
    return (span.end_time - span.start_time) / 1e9


@pytest.mark.virtual
class TestTraces:
    async def test_a_call_is_a_span_with_its_requests_and_verbs(self):
        board, spans = await traced(twiml(PAUSES))
        assert [span.name for span in spans] == ["POST", "Pause", "Pause", "call"]
        whole = spans[-1]
        assert whole.parent is None
        assert all(span.parent.span_id == whole.context.span_id for span in spans[:-1])
        assert len({span.context.trace_id for span in spans}) == 1
        assert [seconds(span) for span in spans] == [0, 2, 3, 5]
        assert whole.attributes["ari_pivot.call"] == board.call.facts.id
        assert whole.attributes["ari_pivot.status"] == "failed"  # a Pause does not answer
        assert whole.kind is SpanKind.SERVER

    async def test_the_span_of_a_request_is_the_one_its_traceparent_names(self):
        board, spans = await traced(twiml("<Response/>"))
        _, trace, span, _ = board.web.asked[0].headers["traceparent"].split("-")
        assert f"{spans[0].context.trace_id:032x}" == trace
        assert f"{spans[0].context.span_id:016x}" == span
        assert spans[0].kind is SpanKind.CLIENT
        assert spans[0].attributes["http.response.status_code"] == 200
        assert spans[0].attributes["url.full"] == VOICE
        assert spans[0].attributes["server.address"] == "web.example"

    async def test_a_bad_status_is_an_error_of_the_request_and_the_call(self):
        _, spans = await traced(reply(503))
        assert spans[0].status.status_code is StatusCode.ERROR
        assert spans[-1].status.description == "answered 503"
        assert spans[-1].events[0].attributes["code"] == 11200

    async def test_a_server_that_cannot_be_reached_is_an_error(self):
        _, spans = await traced(WebError("refused", code=Code.CONNECTION))
        assert spans[0].attributes["error.type"] == "11205"

    async def test_a_verb_that_runs_when_the_caller_hangs_up_ends_then(self):
        _, spans = await traced(twiml(PAUSES), hang_up=True)
        assert [span.name for span in spans] == ["POST", "Pause", "call"]
        assert spans[-1].attributes["ari_pivot.ended_by"] == "caller"

    async def test_a_caller_who_hangs_up_while_the_server_is_asked_leaves_no_span_open(self):
        exporter = InMemorySpanExporter()
        watch = Traces(SimpleSpanProcessor(exporter))
        board = Board(pivot(), {VOICE: [9.0]})
        board.switchboard.watches = (watch,)
        board.asterisk.arrive()
        await board.call.until(lambda: board.web.asked, 1)
        board.asterisk.hang_up()
        await board.over()
        assert [span.name for span in finished(exporter)] == ["POST", "call"]
        assert watch._calls == {}

    async def test_calls_side_by_side_have_traces_of_their_own(self):
        exporter = InMemorySpanExporter()
        board = Board(pivot(), {VOICE: [twiml(PAUSES)]})
        board.switchboard.watches = (Traces(SimpleSpanProcessor(exporter)),)
        board.asterisk.arrive("chan-1")
        board.asterisk.arrive("chan-2")
        await board.over()
        spans = finished(exporter)
        assert len({span.context.trace_id for span in spans}) == 2
        assert len({span.context.span_id for span in spans}) == len(spans) == 8


def seen(**tracing):
    database = Database("sqlite://", threaded=False)
    return observers(build({"tracing": tracing}, "test"), database, lambda: 0.0)


async def test_traces_are_sent_where_the_configuration_says_and_closed():
    made = seen(endpoint="http://127.0.0.1:9/v1/traces")
    assert any(isinstance(watch, Traces) for watch in made.watches)
    await made.close()
    quiet = seen()
    assert not any(isinstance(watch, Traces) for watch in quiet.watches)
    await quiet.close()


class Collector(ThreadingHTTPServer):
    """A server that takes traces by OTLP over HTTP, and keeps what it was sent."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken = []

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.server_port}/v1/traces"


class Taking(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        sent = ExportTraceServiceRequest.FromString(body)
        self.server.taken.append((self.path, self.headers, sent))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def collector():
    with Collector() as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield server
        server.shutdown()
        serving.join()


async def test_a_collector_is_sent_the_spans_of_a_call_with_the_headers_configured(collector):
    made = seen(endpoint=collector.endpoint, headers={"Authorization": "Bearer t0k"})
    board = Board(pivot(), {VOICE: [twiml("<Response><Reject/></Response>")]})
    board.switchboard.watches = made.watches
    await board.arrive()
    await made.close()

    ((path, headers, sent),) = collector.taken
    assert (path, headers["Authorization"]) == ("/v1/traces", "Bearer t0k")
    assert headers["Content-Type"] == "application/x-protobuf"
    (whole,) = sent.resource_spans
    service = {one.key: one.value.string_value for one in whole.resource.attributes}
    assert service["service.name"] == "ari_pivot"
    spans = {span.name: span for span in whole.scope_spans[0].spans}
    assert spans.keys() == {"pivot", "POST", "Reject", "call"}
    assert {span.trace_id.hex() for span in spans.values()} == {board.call.facts.sid[2:]}
    _, _, asked, _ = board.web.asked[0].headers["traceparent"].split("-")
    assert spans["POST"].span_id.hex() == asked
    assert spans["POST"].parent_span_id == spans["call"].span_id


def program(text):
    return subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-c", text], capture_output=True, text=True, check=False
    )


def test_what_is_missing_for_them_is_said():
    done = program(
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from ari_pivot.config import build; from ari_pivot.observe import observers\n"
        "observers(build({'tracing': {'endpoint': 'http://a/'}}, 'test'), None, None)"
    )
    last = done.stderr.splitlines()[-1]
    assert "tracing.endpoint: needs opentelemetry: pip install 'ari_pivot[otel]'" in last


def test_without_them_nothing_of_opentelemetry_is_loaded():
    done = program(
        "import sys, ari_pivot.cli; print([m for m in sys.modules if 'opentelemetry' in m])"
    )
    assert done.stdout.strip() == "[]"
