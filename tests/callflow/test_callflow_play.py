"""play: what a media id is, how often it is heard, and what ends it."""

import pytest
from flows import act, asked, chain, codes, run
from line_fakes import Asterisk, Sounds, call

from ari_pivot.call.source import Speech
from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import Code

TONE = "http://web.test/tone.wav"
WEB = {"tone.wav": {"audio": 2}}


def play(id_=TONE, do=(), **data):
    return run(chain(("play", {"id": id_} | data)), do=do, web=WEB)


def sounds(result):
    return [(one.kind, one.value, round(one.until - one.at, 3)) for one in result.heard]


@pytest.mark.parametrize(
    ("id_", "kind", "value", "seconds"),
    [
        (TONE, "play", TONE, 2),
        ("vm-goodbye", "play", "vm-goodbye", 1),
        ("/0123/vm-goodbye", "play", "vm-goodbye", 1),
        ("/system_media/vm-goodbye", "play", "vm-goodbye", 1),
        ("prompt://0123/vm-goodbye", "play", "vm-goodbye", 1),
        ("prompt://system_media/vm-goodbye/fr-fr", "play", "vm-goodbye", 1),
        ("tts://x", "say", "x", 0.5),
        ("say:x", "say", "x", 0.5),
        ("say:flite:male:it is: now", "say", "it is: now", 0.667),
        ("tone_stream://%(1000,500,440,480);loops=2", "tone", "440+480/1000,0/500", 3),
        ("tone_stream://v=-7;%(100,0,400);loops=3", "tone", "400/100", 0.3),
        ("silence_stream://1500", "silence", "", 1.5),
        ("silence_stream://1500,1400", "silence", "", 1.5),
    ],
)
def test_a_media_id_is_one_of_kazoos_forms(id_, kind, value, seconds):
    result = play(id_)
    assert sounds(result) == [(kind, value, seconds)]
    assert codes(result) == []


@pytest.mark.parametrize(
    ("id_", "kind"),
    [
        ("local_stream://jazz", "hold"),
        ("silence_stream://-1", "silence"),
        ("tone_stream://%(500,500,480,620);loops=-1", "tone"),
    ],
)
def test_what_has_no_end_is_ended_by_a_terminator_or_the_caller(id_, kind):
    pressed = play(id_, do=[{"at": 3, "press": "1"}, {"at": 5, "press": "*"}], terminators=["*"])
    assert [(one.kind, one.until) for one in pressed.heard] == [(kind, 5.1)]
    assert asked(pressed)["Digits"] == {"default": "1*"}
    left = play(id_, do=[{"at": 7, "hangup": True}])
    assert (left.ended_by, left.ended_at) == ("caller", 7)


def test_a_local_stream_is_music_of_that_class():
    result = play("local_stream://jazz", do=[{"at": 3, "press": "1"}])
    assert [one.value for one in result.heard] == ["jazz"]


@pytest.mark.parametrize(
    "id_", ["shout://radio.example.com/a", "$${hold_music}", "tone_stream://x"]
)
def test_what_cannot_be_played_is_noted_and_passed_over(id_):
    result = play(id_)
    assert (sounds(result), codes(result)) == ([], [Code.MEDIA_UNPLAYABLE])
    assert asked(result)


@pytest.mark.parametrize("data", [{}, {"id": ""}])
def test_without_an_id_nothing_is_done(data):
    # KAZOO, cf_play: a missing id is passed over, before the answer
    result = run(chain(("play", data)))
    assert (result.answered_at, result.heard, codes(result)) == (None, [], [])


@pytest.mark.parametrize(("answer", "began"), [(True, 0.1), (False, 0)])
def test_it_answers_and_waits_a_moment_unless_it_shall_not(answer, began):
    result = play(answer=answer)
    assert result.heard[0].at == began
    assert (result.answered_at is not None) is answer


def test_it_is_heard_as_often_as_the_flow_says():
    assert [seconds for _, _, seconds in sounds(play(loop_count=3))] == [2, 2, 2]


def test_endless_playback_goes_on_until_a_terminator():
    result = play(endless_playback=True, loop_count=2, do=[{"at": 9, "press": "5"}])
    assert len(result.heard) == 5
    assert result.heard[-1].interrupted


class Wanted(Sounds):
    """Sounds that note what is wanted of them."""

    def __init__(self):
        super().__init__()
        self.sources = []

    async def get(self, source):
        self.sources.append(source)
        return await super().get(source)


@pytest.mark.virtual
async def test_speech_is_in_the_calls_language():
    line = call(Asterisk(), "Up", language="fr-fr")
    line.media = Wanted()
    await build(act("play", {"id": "tts://bonjour"})).run(line)
    assert line.media.sources == [Speech("bonjour", language="fr-fr")]


def test_speech_of_the_directory_is_in_the_language_it_stands_under():
    directory = ConfiguredDirectory(
        media={"closed": {"EN-us": "tts://closed", "fr": "tts://fermé"}}
    )
    assert directory.sounds()["closed"] == {
        "en-us": Speech("closed", language="en-us"),
        "fr": Speech("fermé", language="fr"),
    }
