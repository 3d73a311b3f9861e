"""What is heard of TwiML that only a real Asterisk lets hear: voices in a bridge, SSML's breaks."""

import asyncio

import pytest
from scenario import DIRECTORY
from test_connection_lost import script

CALLS = {
    "the callee's voice, from the answer on": (
        "<Dial action='got'>+15551010200</Dial>", (), {"got": "<Play>tone.wav</Play>"},
        [("440 Hz", 2.0), ("tone", 1.0)],
    ),
    "early audio, where the caller is answered with the callee": (
        "<Dial answerOnBridge='true' timeLimit='2'>+15557020000</Dial>", (), {},
        [("660 Hz", 2.0), ("440 Hz", 2.0)],
    ),
    "his own voice": (
        "<Echo/>", [{"at": 0.5, "speak": 1}], {},
        [("440 Hz", 1.0)],
    ),
    "the break between two words": (
        "<Say>Hello there<break time='1500ms'/>Good bye</Say>", (), {},
        [("voice", None), ("pause", 1.7), ("voice", None)],
    ),
}  # fmt: skip


@pytest.fixture
async def heard(stage):
    """Return what was heard of each call: kinds and seconds."""
    numbers = {name: str(6000 + index) for index, name in enumerate(CALLS)}
    scripts = {
        numbers[name]: script(
            f"<Response>{document}</Response>",
            do=do,
            tone_wav={"audio": 1},
            **{page: {"body": f"<Response>{body}</Response>"} for page, body in pages.items()},
        )
        for name, (document, do, pages, _) in CALLS.items()
    }
    await stage.open(scripts, directory=DIRECTORY)

    async def play(number):
        caller = await stage.call(number, scripts[number])
        return (await stage.outcome(number, caller)).heard

    outcomes = await asyncio.gather(*(play(number) for number in numbers.values()))
    return dict(zip(numbers, outcomes, strict=True))


async def test_the_caller_hears_it(heard):
    for name, (*_, wanted) in CALLS.items():
        got = heard[name]
        if "pause" not in [kind for kind, _ in wanted]:
            got = [one for one in got if one[0] != "pause"]
        else:
            got = got[next(n for n, (kind, _) in enumerate(got) if kind != "pause") :]
        assert [kind for kind, _ in got] == [kind for kind, _ in wanted], (name, got)
        for (kind, seconds), (_, about) in zip(got, wanted, strict=True):
            assert about is None or about - 0.6 < seconds < about + 0.6, (name, kind, seconds)
