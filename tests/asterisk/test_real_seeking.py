"""Going forward and back in what is played, on a real Asterisk."""

import asyncio

import pytest
from desk import take_all

from ari_pivot.call.answer import answer
from ari_pivot.call.play import Played, Seek, play
from ari_pivot.call.source import Prompt

LONG = Prompt("demo-congrats")  # half a minute of speech
SEEK = Seek(8.0, {"#": "forward", "*": "reverse"})


async def listens(call):
    """Return how it ended, and how long it was heard."""
    await answer(call)
    loop = asyncio.get_running_loop()
    began = loop.time()
    played = await play(call, LONG, stop_on="1#", seek=SEEK)
    return played, loop.time() - began, list(call.caller.digits)


SCENES = {
    "plain": (listens, ("w60",)),
    "forward": (listens, ("w2", "d#", "w2", "d#", "w60")),
    "back": (listens, ("w4", "d*", "w60")),
    "stopped": (listens, ("w2", "d#", "w2", "d1", "w60")),
}


@pytest.fixture(scope="module")
def heard(asterisk):
    takes, left = asyncio.run(take_all(asterisk, SCENES))
    assert left == []
    return {name: take.result for name, take in takes.items()}


def test_keys_go_forward_and_back(heard):
    assert {how for how, _, _ in heard.values()} == {Played.DONE, Played.KEY}
    plain = heard["plain"][1]
    assert heard["forward"][1] == pytest.approx(plain - 16, abs=2)
    assert heard["back"][1] == pytest.approx(plain + 4, abs=2)  # no further than to the beginning


def test_another_key_stops_it_and_stays(heard):
    assert heard["stopped"][::2] == (Played.KEY, ["1"])
    assert heard["forward"][::2] == (Played.DONE, [])
