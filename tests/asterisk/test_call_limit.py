"""A call that is longer than calls may be."""

from test_connection_lost import script
from test_process_killed import cdrs

LONG = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 30})


async def test_it_is_ended_in_the_middle_of_its_prompt_and_reported(stage):
    await stage.open({"1000": LONG}, calls={"longest": 3})
    caller = await stage.call("1000", LONG)
    cause = await stage.ended(caller)
    ended = await stage.noticed("1000")
    await stage.reported("1000")

    assert (cause, ended["by"]) == (16, "pivot")
    assert 3 <= ended["seconds"] < 4
    assert [said["code"] for said in stage.said("1000", "call.problem")] == [90004]
    assert len(cdrs(stage)) == 1
