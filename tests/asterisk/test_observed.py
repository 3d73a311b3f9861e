"""A real call as the operator sees it: the debug log over HTTP, the live call, the metrics."""

import aiohttp
import yaml
from prometheus_client.parser import text_string_to_metric_families
from stage import FALLBACK
from test_connection_lost import plays, script

from ari_pivot.ari.operations import ANSWER

TOKEN = "a-token-of-the-tests"
BEARER = {"Authorization": f"Bearer {TOKEN}"}

GATHER = "<Response><Gather numDigits='2' timeout='8'><Play>tone.wav</Play></Gather></Response>"
MENU = script(
    "",
    do=[{"at": 2, "press": "42"}],
    voice=[{"body": GATHER}, {"body": "<Response><Hangup/></Response>"}],
    tone_wav={"audio": 4},
)


def observed(stage):
    port = yaml.safe_load((stage.folder / "ari_pivot.yaml").read_text())["server"]["port"]
    return aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=BEARER)


async def read(web, path):
    async with web.get(path) as answer:
        assert answer.status == 200, await answer.text()
        return await (answer.json() if answer.content_type.endswith("json") else answer.text())


async def test_a_real_call_is_seen_live_and_told_afterwards(stage):
    await stage.open({"1000": MENU}, server={"token": TOKEN}, debug={"all": True})
    caller = await stage.call("1000", MENU)
    await plays(stage)
    async with observed(stage) as web:
        (live,) = (await read(web, "/debug/data/calls"))["live"]
        assert (live["caller"], live["doing"]) == ("+15551230001", "Gather")
        assert await read(web, "/health/ready")
        await stage.ended(caller)
        await stage.reported("1000")
        (call,) = (await read(web, "/pivot/debug"))["data"]
        assert call["call_id"] == live["call_id"]
        assert (call["status"], call["failed"]) == ("completed", False)
        told = await read(web, f"/debug/data/calls/{call['call_id']}")
        lines = [f"{one['title']} {one['text']}".strip() for one in told["entries"]]
        for line in ("Gather", "Answered", "Pressed 4 2", "Hangup"):
            assert line in lines
        assert any("CDR POST" in line for line in lines)
        assert told["summary"]["ended_at"]
        metrics = await read(web, "/metrics")
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
    }
    assert samples["ari_pivot_asterisk_connected",] == 1
    assert samples["ari_pivot_calls_total", "completed", "pivot"] == 1
    assert samples["ari_pivot_verb_seconds_count", "Gather"] == 1
    assert samples["ari_pivot_ari_seconds_count", ANSWER.name] == 1
    assert samples["ari_pivot_event_lag_seconds_count",] == 1
    assert samples["ari_pivot_event_lag_seconds_sum",] < 5
    assert samples["ari_pivot_events_total",] > 5


async def test_a_call_that_fails_is_kept_without_debug(stage):
    broken = script("<Response><Say>Hello")
    await stage.open({"1000": broken}, server={"token": TOKEN}, fallback={"media": ""})
    caller = await stage.call("1000", broken)
    assert await stage.ended(caller) == FALLBACK
    async with observed(stage) as web:
        (call,) = (await read(web, "/pivot/debug?failed=true"))["data"]
        assert call["has_schema_errors"]
        assert call["reason"]["code"] == 12100
        documents = (await read(web, f"/pivot/debug/{call['call_id']}"))["data"]
    assert documents[0]["resp_body"] == "<Response><Say>Hello"
    assert documents[-1]["given_back"].startswith("12100 ")
