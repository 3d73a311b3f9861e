"""audio_macro: several sounds as one."""

import pytest
from flows import act, asked, chain, codes, heard, run

WEB = {"a.wav": {"audio": 2}, "b.wav": {"audio": 2}}
A = {"macro": "play", "id": "http://web.test/a.wav"}
B = {"macro": "play", "id": "http://web.test/b.wav"}


def macro(*macros, do=(), **data):
    flow = act("audio_macro", {"macros": list(macros)} | data, _=act("noop"))
    return run(flow, do=do, web=WEB)


def test_all_kinds_are_played_one_after_the_other():
    result = macro(
        A,
        {"macro": "prompt", "id": "vm-goodbye"},
        {"macro": "tts", "text": "spoken"},
        {"macro": "say", "type": "number", "text": "12"},
        {"macro": "tone", "frequencies": [440, 480], "duration_on": 500, "duration_off": 250},
    )
    assert heard(result) == [
        "http://web.test/a.wav",
        "vm-goodbye",
        "spoken",
        "12",
        "440+480/500,0/250",
    ]
    assert all(one.by == "audio_macro" for one in result.heard)


def test_it_does_not_answer():
    assert macro(A).answered_at is None


def test_a_terminator_ends_it_all_and_is_among_the_digits():
    flow = chain(("audio_macro", {"macros": [A, B]}))
    result = run(flow, do=[{"at": 1, "press": "5"}], web=WEB)
    assert heard(result) == ["http://web.test/a.wav"]
    assert result.heard[0].interrupted
    assert asked(result)["Digits"] == {"default": "5"}


def test_another_key_ends_nothing_and_is_among_the_digits():
    flow = chain(("audio_macro", {"macros": [A, B], "terminators": ["#"]}))
    result = run(flow, do=[{"at": 1, "press": "5"}], web=WEB)
    assert len(heard(result)) == 2
    assert asked(result)["Digits"] == {"default": "5"}


def test_a_sound_has_its_own_terminators():
    first = A | {"terminators": []}
    result = macro(first, B, do=[{"at": 1, "press": "5"}, {"at": 3, "press": "6"}])
    assert [one.interrupted for one in result.heard] == [False, True]


def test_keys_pressed_before_end_nothing():
    flow = act("sleep", {"duration": 2}, _=act("audio_macro", {"macros": [A]}))
    result = run(flow, do=[{"at": 1, "press": "5"}], web=WEB)
    assert heard(result) == ["http://web.test/a.wav"]
    assert not result.heard[-1].interrupted


@pytest.mark.parametrize(("more", "times"), [({"loop_count": 3}, 3), ({}, 1)])
def test_a_sound_is_played_as_often_as_it_says(more, times):
    assert heard(macro(A | more)) == ["http://web.test/a.wav"] * times


def test_an_endless_sound_ends_with_the_caller():
    result = macro(A | {"endless_playback": True}, B, do=[{"at": 11, "hangup": True}])
    assert set(heard(result)) == {"http://web.test/a.wav"}
    assert len(heard(result)) == 6


def test_a_tone_is_repeated():
    tone = {"macro": "tone", "frequencies": [440], "duration_on": 500, "duration_off": 500}
    (one,) = macro(tone | {"repeat": 4}).heard
    assert one.until - one.at == pytest.approx(4, abs=0.1)


def test_what_says_nothing_is_passed_over():
    result = macro({"macro": "play"}, {"macro": "prompt"}, {"macro": "tone"}, A)
    assert heard(result) == ["http://web.test/a.wav"]
    assert codes(result) == []


def test_without_macros_it_goes_on():
    assert len(run(chain("audio_macro")).requests) == 2
