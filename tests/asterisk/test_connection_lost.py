"""What a lost connection to Asterisk, a restart of it, or the want of it does to calls: nothing."""

import asyncio
from pathlib import Path

import lab
import pytest
from proxy import wire
from stage import FALLBACK, heard
from yarl import URL

CDR = "http://web.test/cdr"
ACTION = {
    "method": "POST", "req_format": "twiml", "voice_url": "http://web.test/voice", "cdr_url": CDR,
}  # fmt: skip


def script(document, *, do=(), **pages):
    """Return a script in which the web answers with a document, and with `pages` by path."""
    sites = {"voice": {"body": document}, "cdr": {"status": 204}, **pages}
    return {
        "caller": {"do": list(do)},
        "pivot": ACTION,
        "web": [
            {
                "url": f"http://web.test/{path.replace('_', '.')}",
                "replies": said if isinstance(said, list) else [said],
            }
            for path, said in sites.items()
        ],
    }


@pytest.fixture
async def line(stage):
    """Lay a wire between ari_pivot and Asterisk."""
    async with wire(URL(stage.settings["ARI_URL"]).port) as laid:
        yield laid


async def lost(stage):
    await stage.pivot.until(lambda line: line["event"] in {"asterisk.lost", "asterisk.closed"})


def through(line):
    return {"url": f"http://127.0.0.1:{line.port}", "patience": 20}


async def plays(stage, *, times=1):
    """Wait until a prompt has begun to play."""
    await stage.pivot.until(lambda _: len(stage.said("1000", "call.plays")) >= times)


def kinds(sounds):
    """Return what was heard and how long; a moment is where one sound goes over into another."""
    return [
        (sound.kind, round(sound.seconds))
        for sound in sounds
        if sound.kind != "ringing" and sound.seconds > 0.2
    ]


async def test_what_plays_goes_on_while_the_connection_is_lost_and_the_call_goes_on_after_it(
    stage, line
):
    document = "<Response><Play>tone.wav</Play><Redirect>next</Redirect></Response>"
    acts = script(document, tone_wav={"audio": 5}, next={"body": "<Response/>"})
    await stage.open({"1000": acts}, asterisk=through(line))
    caller = await stage.call("1000", acts)
    await plays(stage)

    line.cut()
    await lost(stage)
    line.mend()
    outcome = await stage.outcome("1000", caller)

    assert kinds(await heard(caller)) == [("1000 Hz", 5)]
    assert [one.path for one in outcome.asked] == ["voice", "tone.wav", "next", "cdr"]
    assert (outcome.ended["by"], outcome.ended["line"]) == ("pivot", 16)


async def test_a_prompt_that_ended_while_the_connection_was_lost_is_not_waited_for(stage, line):
    document = "<Response><Play>tone.wav</Play><Redirect>next</Redirect></Response>"
    acts = script(document, tone_wav={"audio": 2}, next={"body": "<Response/>"})
    await stage.open({"1000": acts}, asterisk=through(line))
    caller = await stage.call("1000", acts)
    await plays(stage)

    line.cut()
    await asyncio.sleep(3)
    line.mend()
    outcome = await stage.outcome("1000", caller)

    assert [one.path for one in outcome.asked] == ["voice", "tone.wav", "next", "cdr"]
    assert outcome.ended["by"] == "pivot"


async def test_a_command_waits_for_the_connection_to_come_back(stage, line):
    document = "<Response><Pause length='2'/><Play>tone.wav</Play></Response>"
    acts = script(document, tone_wav={"audio": 2})
    await stage.open({"1000": acts}, asterisk=through(line))
    caller = await stage.call("1000", acts)
    await stage.web.until("1000", "instructions")

    line.cut()
    await asyncio.sleep(3)
    line.mend()
    outcome = await stage.outcome("1000", caller)

    assert kinds(await heard(caller)) == [("1000 Hz", 2)]
    assert outcome.problems == []


async def test_a_caller_who_hung_up_while_the_connection_was_lost_is_noticed_and_reported(
    stage, line
):
    acts = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 20})
    await stage.open({"1000": acts}, asterisk=through(line))
    caller = await stage.call("1000", acts)
    await plays(stage)

    line.cut()
    await stage.lab.end(caller)
    await caller.ended
    line.mend()
    outcome = await stage.outcome("1000", caller)

    assert [one.kind for one in outcome.asked].count("cdr") == 1
    assert outcome.ended["by"] in {"caller", "asterisk"}


async def test_a_call_that_comes_while_the_connection_is_lost_goes_the_dialplans_way(stage, line):
    acts = script("<Response/>")
    await stage.open({"1000": acts}, asterisk=through(line))

    line.cut()
    await lost(stage)
    caller = await stage.call("1000", acts)
    cause = await stage.ended(caller)

    assert cause == FALLBACK
    assert [kind for kind, _ in kinds(await heard(caller))] == ["voice"]
    assert stage.web.asked["1000"] == []


async def test_a_failed_call_without_a_fallback_sound_goes_the_dialplans_way_with_its_reason(stage):
    acts = script("<Antwort/>")
    await stage.open({"1000": acts}, fallback={"media": ""})
    caller = await stage.call("1000", acts)
    outcome = await stage.outcome("1000", caller)

    assert outcome.ended["line"] == FALLBACK
    assert outcome.ended["given_back"].startswith("12102 ")
    assert [kind for kind, _ in kinds(await heard(caller))] == ["voice"]
    asterisk_log = Path(stage.settings["ASTERISK_LOG"]).read_text()  # noqa: ASYNC240 - once
    assert outcome.ended["given_back"] in asterisk_log


@pytest.mark.alone
async def test_a_restart_of_asterisk_ends_its_calls_which_are_reported_and_new_ones_are_taken(
    stage,
):
    acts = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 20})
    after = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 1})
    await stage.open({"1000": acts, "2000": after})
    await stage.call("1000", acts)
    await plays(stage)

    await asyncio.to_thread(lab.down, "22")  # our web server goes on answering
    await lost(stage)
    await asyncio.to_thread(lab.up, "22")
    await stage.reported("1000")
    await stage.pivot.until(lambda _: connections(stage) == 2)
    async with lab.connected(stage.settings) as stage.lab:
        outcome = await stage.outcome("2000", await stage.call("2000", after))

    assert [one.kind for one in stage.web.asked["1000"]].count("cdr") == 1
    assert outcome.heard[-1][0] == "tone"
    assert outcome.problems == []


def connections(stage):
    return [line["event"] for line in stage.pivot.lines].count("asterisk.connected")
