"""What Prometheus is told, and that it stays small whatever strangers do."""

import asyncio
import re
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web as http
from aiohttp.test_utils import TestServer
from board_fakes import VOICE, Board, pivot
from debug_stage import TOKEN, Stage
from line_fakes import Asterisk, call
from outbox_fakes import report
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert
from test_dashboard import promtool
from web_fakes import Web, reply

from ari_pivot.app import Outside, compose
from ari_pivot.ari.client import Ari
from ari_pivot.ari.operations import ANSWER
from ari_pivot.call.arrival import lag
from ari_pivot.config import build
from ari_pivot.errors import AsteriskError, AsteriskUnavailable, Code, PivotError, WebError
from ari_pivot.metrics import OTHER, Few, Metrics
from ari_pivot.readings import Readings
from ari_pivot.report.entry import new_entry, to_row
from ari_pivot.server.access import Access
from ari_pivot.server.metrics_page import MetricsPage
from ari_pivot.simulator.speech import Pace
from ari_pivot.store.database import Database
from ari_pivot.store.schema import reports
from ari_pivot.web.hop import Request

DOCS = Path(__file__).parent.parent.parent / "docs" / "metrics.md"


def value(metrics, name, **labels):
    return metrics.registry.get_sample_value(f"ari_pivot_{name}", labels)


async def served(metrics, *answers, **action):
    board = Board(pivot(**action), {VOICE: answers})
    board.switchboard.watches = (metrics,)
    await board.arrive()
    return board


@pytest.mark.virtual
class TestCalls:
    async def test_are_counted_by_outcome_with_their_verbs(self):
        metrics = Metrics()
        document = "<Response><Pause length='3'/><Play>/a.wav</Play></Response>"
        await served(metrics, reply(200, document, content_type="text/xml"))
        assert value(metrics, "calls_total", outcome="completed", ended_by="pivot") == 1
        assert value(metrics, "call_seconds_sum") == 5
        assert value(metrics, "verb_seconds_sum", verb="Pause") == 3
        assert value(metrics, "verb_seconds_sum", verb="Play") == 2
        assert value(metrics, "verb_seconds_count", verb="Play") == 1
        assert value(metrics, "event_lag_seconds_count") == 1

    async def test_that_fail_are_counted_by_the_code(self):
        metrics = Metrics()
        await served(metrics, reply(503))
        assert value(metrics, "call_errors_total", code="11200") == 1

    async def test_have_warnings_that_are_no_errors(self):
        metrics = Metrics()
        line = call(Asterisk())
        line.watches = (metrics,)
        line.warn(PivotError("x"))
        assert value(metrics, "call_errors_total", code="12400") is None

    async def test_a_verb_that_runs_when_the_caller_hangs_up_is_timed_too(self):
        metrics = Metrics()
        document = "<Response><Pause length='30'/></Response>"
        board = Board(pivot(), {VOICE: [reply(200, document, content_type="text/xml")]})
        board.switchboard.watches = (metrics,)
        board.asterisk.arrive()
        await board.call.until(lambda: board.call.doing == "Pause", 1)
        board.asterisk.hang_up()
        await board.over()
        assert value(metrics, "verb_seconds_count", verb="Pause") == 1


def request(url=VOICE, kind="instructions"):
    return Request("GET", url, kind)


class TestRequests:
    @pytest.mark.parametrize(
        ("answer", "result"),
        [
            (reply(200), "2xx"), (reply(302), "3xx"), (reply(404), "4xx"), (reply(500), "5xx"),
            (WebError("x", code=Code.DNS, stage="ct"), "dns"),
            (WebError("x", code=Code.CONNECTION, stage="ct"), "unreachable"),
            (WebError("x", code=Code.TIMEOUT, stage="rt"), "no_answer"),
            (WebError("x", code=Code.TLS), "tls"),
            (WebError("x", code=Code.TOO_LARGE), "too_large"),
            (WebError("x", code=Code.ADDRESS_REFUSED), "refused"),
            (WebError("x", code=99), OTHER),
        ],
    )  # fmt: skip
    async def test_are_counted_by_origin_and_result(self, answer, result):
        metrics = Metrics()
        hop = metrics.hop(Web({VOICE: [answer]}))
        try:
            await hop(request())
        except WebError:
            assert isinstance(answer, WebError)
        labels = {"kind": "instructions", "origin": "http://web.example:80"}
        assert value(metrics, "requests_total", **labels, result=result) == 1
        assert value(metrics, "request_seconds_count", **labels) == 1

    async def test_to_ever_new_servers_do_not_make_ever_more_series(self):
        metrics = Metrics()
        hop = metrics.hop(Web())
        for number in range(500):
            await hop(request(f"http://host-{number}.example/"))
        page = text(metrics)
        assert page.count("ari_pivot_requests_total{") == 51
        labels = {"kind": "instructions", "origin": OTHER, "result": "4xx"}
        assert value(metrics, "requests_total", **labels) == 450

    async def test_carry_no_credentials_nor_paths_into_a_label(self):
        metrics = Metrics()
        hop = metrics.hop(Web())
        await hop(request("https://u:hidden@h.example/secret?pin=1"))
        await hop(request("no url"))
        page = text(metrics)
        assert "hidden" not in page
        assert "secret" not in page
        assert 'origin="https://h.example:443"' in page


def text(metrics):
    return generate_latest(metrics.registry).decode()


class Link:
    def __init__(self, *answers):
        self.answers = list(answers)

    async def request(self, operation, params):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_commands_are_timed_and_their_refusals_counted():
    metrics, ari = Metrics(), Ari()
    ari.observe = metrics.command
    ari.use(Link((204, ""), (409, '{"message": "busy"}')))
    await ari.send(ANSWER, channelId="x")
    with pytest.raises(AsteriskError):
        await ari.send(ANSWER, channelId="x")
    assert value(metrics, "ari_seconds_count", command=ANSWER.name) == 2
    assert value(metrics, "ari_refused_total", command=ANSWER.name, status="409") == 1
    assert value(metrics, "ari_refused_total", command=ANSWER.name, status="0") is None


@pytest.mark.virtual
async def test_a_command_without_an_answer_is_counted():
    class Silent:
        async def request(self, operation, params):
            await asyncio.sleep(1000)

    metrics, ari = Metrics(), Ari()
    ari.observe = metrics.command
    ari.use(Silent())
    with pytest.raises(AsteriskUnavailable):
        await ari.send(ANSWER, channelId="x")
    assert value(metrics, "ari_refused_total", command=ANSWER.name, status="0") == 1


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [
        ("2027-01-15T08:00:00.500+0000", 0.5),
        ("2027-01-15T09:00:00.000+0100", 1.0),
        ("2027-01-15T08:00:09.000+0000", 0.0),  # clocks differ
        ("", 0.0),
        ("soon", 0.0),
    ],
)
def test_how_late_an_event_is(timestamp, seconds):
    assert lag(timestamp, 1_800_000_001.0) == seconds


def test_a_label_has_few_values():
    few = Few(2)
    assert [few(one) for one in "abcab"] == ["a", "b", OTHER, "a", "b"]


@pytest.fixture
async def whole(tmp_path):
    """Return the registry of the whole application, and what is read for it."""
    database = Database("sqlite://", threaded=False)
    media = {"directory": tmp_path, "asterisk_directory": str(tmp_path)}
    parts = compose(
        build({"media": media}, "test"), Outside(Ari(), Web(), database, lambda _: Pace())
    )
    yield parts, Readings(parts, database, "pivot")
    await parts.library.close()
    await database.close()


def families(registry):
    """Return each metric of ours: its name as it is asked for, its type, labels and text."""
    found = {}
    for collector in list(registry._collector_to_names):
        describe = getattr(collector, "describe", list)
        for family in describe():
            if family.name.startswith("ari_pivot"):
                labels = getattr(collector, "_labelnames", None) or getattr(
                    collector, "_labels", ()
                )
                name = family.name + ("_total" if family.type == "counter" else "")
                found[name] = (family.type, ", ".join(labels), family.documentation)
    return found


async def test_the_documentation_lists_every_metric(whole):
    parts, _ = whole
    rows = [
        f"| `{name}` | {kind} | {labels} | {said} |"
        for name, (kind, labels, said) in sorted(families(parts.observers.metrics.registry).items())
    ]
    listed = [line for line in DOCS.read_text().splitlines() if line.startswith("| `ari_pivot")]
    assert listed == rows, "\n".join(rows)


async def test_prometheus_finds_nothing_to_say_against_their_names(whole, tmp_path):
    parts, readings = whole
    await readings.refresh()
    page = generate_latest(parts.observers.metrics.registry)
    await asyncio.to_thread(promtool, "check", "metrics", cwd=tmp_path, read=page)


async def test_what_others_count_is_read(whole):
    parts, readings = whole
    await readings.refresh()
    metrics = parts.observers.metrics
    assert value(metrics, "live_calls", state="in-progress") == 0
    assert value(metrics, "outbox_reports", state="waiting") == 0
    assert value(metrics, "asterisk_connected") == 0
    parts.switchboard.ari.use(Link())
    parts.client.breaker.refused += 3
    parts.switchboard.admission.refused[Code.CALL_RATE] += 2
    assert value(metrics, "asterisk_connected") == 1
    assert value(metrics, "asterisk_connections_total") == 1
    assert value(metrics, "breaker_refused_total") == 3
    assert value(metrics, "calls_refused_total", code="90007") == 2


async def test_reports_that_are_dead_are_counted_by_the_worker_that_had_them(whole):
    parts, readings = whole
    for worker, dead in (("pivot", 2), ("other", 3)):
        for n in range(dead):
            entry = new_entry(report(f"call-{worker}-{n}"), n)
            row = to_row(entry) | {"state": "dead", "worker": worker}
            await readings._database.run(lambda one, row=row: one.execute(insert(reports), row))
    await readings.refresh()
    assert value(parts.observers.metrics, "outbox_reports", state="dead") == 2


async def test_a_database_that_fails_leaves_the_other_metrics(whole):
    parts, readings = whole
    parts.outbox._ledger.broken = True
    await readings._database.close()
    await readings.refresh()
    assert value(parts.observers.metrics, "outbox_reports", state="dead") == 0


async def test_it_can_be_parsed_and_says_which_version_runs(whole):
    parts, readings = whole
    await readings.refresh()
    page = text(parts.observers.metrics)
    names = {family.name for family in text_string_to_metric_families(page)}
    assert "ari_pivot_live_calls" in names
    assert "process_cpu_seconds" in names
    assert re.search(r'ari_pivot_info\{version="[0-9.]+"\} 1\.0', page)


@pytest.fixture
async def page(whole):
    """Return a server's base URL with `/metrics`; one token opens all, one this page only."""
    parts, readings = whole
    made = MetricsPage(
        parts.observers.metrics.registry,
        readings.refresh,
        (Access(TOKEN), Access("for-metrics-only")),
    )
    application = http.Application()
    application.add_routes(made.routes())
    async with TestServer(application, host="127.0.0.1") as server:
        yield server.make_url("/metrics")


@pytest.mark.parametrize(
    ("token", "status"), [("", 401), ("wrong", 401), (TOKEN, 200), ("for-metrics-only", 200)]
)
async def test_the_page_needs_one_of_two_tokens(page, token, status):
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession() as web, web.get(page, headers=headers) as answer:
        assert answer.status == status
        if status == 200:
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
            assert "ari_pivot_calls_total" in await answer.text()


@pytest.mark.parametrize(
    ("tokens", "metrics", "debug"),
    [
        ({}, 404, 404),
        ({"metrics_token": "for-metrics-only"}, 200, 404),
        ({"metrics_token": "for-metrics-only", "token": TOKEN}, 200, 401),
    ],
)
async def test_the_token_for_metrics_opens_nothing_else(tokens, metrics, debug):
    headers = {"Authorization": "Bearer for-metrics-only"}
    settings = {"token": ""} | tokens
    async with Stage(**settings) as stage, aiohttp.ClientSession(headers=headers) as web:
        assert (await web.get(f"{stage.url}/metrics")).status == metrics
        assert (await web.get(f"{stage.url}/pivot/debug")).status == debug


async def test_health_says_whether_it_lives_and_whether_it_is_ready():
    async with Stage() as stage, aiohttp.ClientSession(stage.url) as web:
        for ready, status in ((True, 200), (False, 503)):
            stage.health["ready"] = ready
            assert (await web.get("/health")).status == status
            assert (await web.get("/health/ready")).status == status
            assert (await web.get("/health/live")).status == 200
