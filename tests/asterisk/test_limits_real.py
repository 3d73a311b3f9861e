"""Calls beyond a limit, and webhooks, on a real Asterisk."""

from scenario import DIRECTORY
from stage import FALLBACK
from test_connection_lost import plays, script

LONG = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 5})
TALKS = "+15551000300"  # answers at once, talks for 3 seconds


async def test_a_call_too_many_falls_to_the_dialplan_and_the_first_is_not_disturbed(stage):
    await stage.open({"1000": LONG}, calls={"at_once": 1})
    first = await stage.call("1000", LONG)
    await plays(stage)
    second = await stage.call("1000", LONG)

    assert await stage.ended(second) == FALLBACK
    refused = await stage.pivot.until(lambda line: line.get("code") == 90006)
    assert refused["reason"] == "more than 1 calls at once"
    assert await stage.ended(first) == 16
    await stage.reported("1000")
    assert [one.kind for one in stage.web.asked["1000"]].count("instructions") == 1


async def test_webhooks_tell_of_a_call_that_is_put_through(stage):
    acts = script(f"<Response><Dial>{TALKS}</Dial></Response>")
    site = {"web": [{"url": "http://web.test/hook", "replies": [{"status": 204}]}]}
    hook = stage.web.add("hooks", site)["web"][0]["url"]
    await stage.open({"1000": acts}, directory=DIRECTORY, webhooks=[{"hook": "all", "uri": hook}])
    caller = await stage.call("1000", acts)
    assert await stage.ended(caller) == 16
    await stage.web.until("hooks", "webhook", times=7)

    told = [one.params for one in stage.web.asked["hooks"]]
    assert [(one["hook_event"], one["call_direction"]) for one in told] == [
        ("channel_create", "inbound"),
        ("channel_answer", "inbound"),
        ("channel_create", "outbound"),
        ("channel_answer", "outbound"),
        ("channel_bridge", "inbound"),
        ("channel_destroy", "outbound"),
        ("channel_destroy", "inbound"),
    ]
    assert told[4]["other_leg_call_id"] == told[2]["call_id"]
    assert told[5]["hangup_cause"] == told[6]["hangup_cause"] == "NORMAL_CLEARING"
    assert told[5]["billing_seconds"] in {"3", "4"}
