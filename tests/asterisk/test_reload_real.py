"""SIGHUP while a call lives: the next call goes by the new file, the live one as it began."""

import signal

import yaml
from stage import heard
from test_connection_lost import kinds, plays, script

LONG = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 4})
SHORT = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 1})


async def hang_up(stage, change, event):
    """Rewrite the configuration, say so, and wait for the line of the log that answers."""
    file = stage.folder / "ari_pivot.yaml"
    file.write_text(change(file.read_text()))
    stage.pivot.process.send_signal(signal.SIGHUP)
    return await stage.pivot.until(lambda line: line["event"] == event)


async def test_a_new_route_takes_the_next_call_and_the_live_one_is_not_disturbed(stage):
    await stage.open({"1000": LONG})
    caller = await stage.call("1000", LONG)
    await plays(stage)
    flow = stage._flow("2000", SHORT)

    def moved(text):
        said = yaml.safe_load(text)
        said["routes"] = [{"numbers": ["2000"], "flow": flow}]
        said["server"]["port"] += 1
        return yaml.safe_dump(said)

    waiting = await hang_up(stage, moved, "config.needs_restart")
    second = await stage.call("2000", SHORT)
    await stage.ended(second)
    await stage.ended(caller)
    assert kinds(await heard(second)) == [("1000 Hz", 1)]
    assert kinds(await heard(caller)) == [("1000 Hz", 4)]
    assert waiting["settings"] == ["server.port"]


async def test_a_faulty_file_is_refused_and_calls_go_on_by_the_one_before(stage):
    await stage.open({"1000": SHORT})
    refused = await hang_up(stage, lambda text: text + "\nwebb: {}\n", "config.refused")
    caller = await stage.call("1000", SHORT)
    await stage.ended(caller)
    assert kinds(await heard(caller)) == [("1000 Hz", 1)]
    assert "webb: is not a setting" in refused["reason"]
