"""What the death of ari_pivot, or of its database, does to calls and to what is owed."""

import asyncio
import signal
import sqlite3
from contextlib import closing

from scenario import DIRECTORY
from stage import FALLBACK, heard
from test_connection_lost import kinds, plays, script

LONG = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 30})


async def kill(stage):
    await stage.pivot.stop(signal.SIGKILL)


def cdrs(stage):
    return [one for one in stage.web.asked["1000"] if one.kind == "cdr"]


async def nothing_owed(stage):
    """Wait until ari_pivot has noted that its report was accepted: until then it may ask again."""
    with closing(sqlite3.connect(stage.folder / "ari_pivot.db")) as database:
        async with asyncio.timeout(20):
            while database.execute(  # noqa: ASYNC110 - another process writes it
                "SELECT count(*) FROM reports"
            ).fetchone() != (0,):
                await asyncio.sleep(0.05)


async def quiet(stage):
    """Let everything that would be sent be sent: a process that is told to end does so."""
    await stage.pivot.stop()


async def test_a_call_whose_process_was_killed_is_taken_up_told_so_and_reported_once(stage):
    acts = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 4})
    await stage.open({"1000": acts})
    caller = await stage.call("1000", acts)
    await plays(stage)

    await kill(stage)
    await stage.start()
    cause = await stage.ended(caller)
    await stage.reported("1000")
    await quiet(stage)

    assert cause == 16
    assert (await heard(caller))[-1].kind == "voice"
    assert [one.params["Disposition"] for one in cdrs(stage)] == ["ANSWER"]


async def test_what_plays_on_when_the_process_is_killed_does_not_hold_up_the_fallback(stage):
    await stage.open({"1000": LONG})
    caller = await stage.call("1000", LONG)
    await plays(stage)

    await kill(stage)
    await stage.start()
    assert await stage.ended(caller) == 16

    sounds = await heard(caller)
    assert sounds[-1].kind == "voice"
    assert sum(one.seconds for one in sounds if one.kind == "1000 Hz") < 20  # of 30


async def test_the_leg_that_a_killed_process_had_dialled_is_ended_and_that_is_told_once(stage):
    acts = script("<Response><Dial>+15551000300</Dial></Response>")  # she talks for 3 seconds
    site = {"web": [{"url": "http://web.test/hook", "replies": [{"status": 204}]}]}
    hook = stage.web.add("hooks", site)["web"][0]["url"]
    hooks = [{"hook": ["channel_bridge", "channel_destroy"], "uri": hook}]
    await stage.open({"1000": acts}, directory=DIRECTORY, webhooks=hooks)
    caller = await stage.call("1000", acts)
    await stage.web.until("hooks", "webhook")

    await kill(stage)
    await stage.start()
    await stage.ended(caller)
    await quiet(stage)

    bridge, *others = [one.params for one in stage.web.asked["hooks"]]
    ends = [one for one in others if one["hook_event"] == "channel_destroy"]
    told = {one["call_id"]: one["hangup_cause"] for one in ends}
    assert len(ends) == len(told) == 2
    assert told[bridge["other_leg_call_id"]] == "NORMAL_UNSPECIFIED"
    assert bridge["call_id"] in told


async def test_a_call_that_ended_while_no_process_lived_is_reported_once(stage):
    await stage.open({"1000": LONG})
    caller = await stage.call("1000", LONG)
    await plays(stage)

    await kill(stage)
    await stage.lab.end(caller)
    await caller.ended
    await stage.start()
    await stage.reported("1000")
    await quiet(stage)

    assert len(cdrs(stage)) == 1


async def test_a_report_that_was_not_accepted_when_the_process_was_killed_is_sent_by_the_next(
    stage,
):
    acts = script("<Response/>", cdr=[{"status": 503}, {"status": 204}])
    await stage.open({"1000": acts}, reports={"first": 30})
    await stage.call("1000", acts)
    await stage.reported("1000")
    await stage.pivot.until(lambda line: line["event"] == "call.ended")

    await kill(stage)
    await stage.start()
    await stage.reported("1000", times=2)
    await quiet(stage)

    tokens = {one.params["Call-ID"] for one in cdrs(stage)}
    assert len(cdrs(stage)) == 2  # refused, then accepted
    assert len(tokens) == 1


async def test_an_accepted_report_is_not_sent_again_by_the_next_process(stage):
    acts = script("<Response/>")
    await stage.open({"1000": acts})
    caller = await stage.call("1000", acts)
    await stage.outcome("1000", caller)
    await nothing_owed(stage)

    await kill(stage)
    await stage.start()
    await quiet(stage)

    assert len(cdrs(stage)) == 1


async def test_a_terminated_process_lets_its_call_end_and_takes_no_new_one(stage):
    acts = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 6})
    await stage.open({"1000": acts, "2000": acts})
    caller = await stage.call("1000", acts)
    await plays(stage)

    stage.pivot.process.send_signal(signal.SIGTERM)
    await stage.pivot.until(lambda line: line["event"] == "calls.draining")
    late = await stage.call("2000", acts)
    outcome = await stage.outcome("1000", caller)

    assert outcome.ended["by"] == "pivot"
    assert kinds(await heard(caller)) == [("1000 Hz", 6)]
    assert await stage.ended(late) == FALLBACK
    assert await stage.pivot.process.wait() == 0
    assert len(cdrs(stage)) == 1


async def test_a_second_signal_gives_the_calls_to_the_dialplan_and_reports_them(stage):
    await stage.open({"1000": LONG})
    caller = await stage.call("1000", LONG)
    await plays(stage)

    stage.pivot.process.send_signal(signal.SIGTERM)
    await stage.pivot.until(lambda line: line["event"] == "calls.draining")
    status = await stage.pivot.stop(signal.SIGTERM)
    cause = await stage.ended(caller)

    assert (status, cause) == (0, 16)  # it was answered
    assert (await heard(caller))[-1].kind == "voice"
    assert stage.said("1000", "call.ended")[0]["given_back"] == "ari_pivot is stopping"
    assert len(cdrs(stage)) == 1


async def test_calls_go_on_and_are_reported_where_the_database_cannot_be_had(stage):
    acts = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 1})
    await stage.open({"1000": acts}, reports={"database": "sqlite:////proc/nowhere/ari_pivot.db"})
    caller = await stage.call("1000", acts)
    outcome = await stage.outcome("1000", caller)

    assert kinds(await heard(caller)) == [("1000 Hz", 1)]
    assert [one.kind for one in outcome.asked].count("cdr") == 1
    assert any(line["event"] == "store.unusable" for line in stage.pivot.lines)


async def test_a_second_ari_pivot_of_the_same_name_ends_the_first_which_does_not_fight_it(stage):
    await stage.open({"1000": LONG}, server={"port": 0})
    first = stage.pivot

    await stage.start()

    assert await first.process.wait() == 3
    assert "another program has taken the name" in str(first.lines[-1])
