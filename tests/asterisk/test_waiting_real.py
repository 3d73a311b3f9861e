"""A slow web server on a real Asterisk: the caller hears the configured sound, and it stops."""

import pytest
from stage import heard, with_pauses
from test_connection_lost import script

ASKS = "<Response><Play>tone.wav</Play><Redirect>next</Redirect></Response>"
SLOW = {"body": '<Response><Pause length="1"/></Response>', "delay": 4}


async def test_the_sound_begins_after_its_time_and_stops_with_the_answer(stage):
    acts = script(ASKS, tone_wav={"audio": 1}, next=SLOW)
    long = {"web": [{"url": "http://web.test/long.wav", "replies": [{"audio": 30}]}]}
    placed = stage.web.add("sounds", long)
    sound = placed["web"][0]["url"]
    await stage.open({"1000": acts}, web={"waiting": {"media": sound, "after": 1}})
    caller = await stage.call("1000", acts)
    await stage.ended(caller)

    (first, pause, second, *_) = with_pauses(await heard(caller))
    while first[0] != "tone":
        (first, pause, second, *_) = (pause, second, *_)
    assert first == ("tone", pytest.approx(1, abs=0.1))
    assert pause == ("pause", pytest.approx(1, abs=0.8))
    assert second == ("tone", pytest.approx(3, abs=0.8))
