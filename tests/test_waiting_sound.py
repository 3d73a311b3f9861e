"""What a caller hears while a slow web server is waited for."""

import pytest
from simulated import simulate

SOUND = "http://web.test/music"
MUSIC = {"web": {"waiting": {"media": SOUND, "after": 2}}}
ASKS = "<Response><Say>hello</Say><Redirect>next</Redirect></Response>"
BYE = "<Response><Say>bye</Say></Response>"


def slowly(seconds, first=ASKS, **more):
    """Run a call whose second document takes so long."""
    answer = {"body": BYE, "delay": seconds}
    web = {"next": answer, "music": {"audio": 30}}
    return simulate(first, web=web, settings=more.pop("settings", MUSIC), **more)


def values(result):
    return [one.value for one in result.heard if one.kind in {"say", "play"}]


def music(result):
    (one,) = [one for one in result.heard if "music" in one.value]
    return one


def test_an_answered_caller_hears_it_from_then_on_and_until_the_answer_is_there():
    result = slowly(10)
    assert values(result) == ["hello", SOUND, "bye"]
    hello = result.heard[0]
    asked = next(one.at for one in result.requests if one.url.endswith("next"))
    assert asked >= hello.until
    assert music(result).at == pytest.approx(asked + 2, abs=0.1)
    assert music(result).until == pytest.approx(asked + 10, abs=0.1)
    assert music(result).interrupted


def test_an_answer_that_comes_before_leaves_it_unheard():
    assert values(slowly(1.5)) == ["hello", "bye"]


SLOW = {"body": BYE, "delay": 10}
SOUNDS = {"music": {"audio": 30}}


def test_a_caller_who_is_not_answered_hears_it_too_and_is_not_answered_by_it():
    result = simulate(SLOW, web=SOUNDS, settings=MUSIC)
    assert values(result) == [SOUND, "bye"]
    assert music(result).until == pytest.approx(10, abs=0.1)
    assert result.answered_at == pytest.approx(10, abs=0.1)


def test_it_rings_again_for_a_caller_who_stays_unanswered():
    slow = {"body": "<Response><Pause length='5'/><Reject/></Response>", "delay": 10}
    result = simulate(slow, web=SOUNDS, settings=MUSIC)
    assert [one.kind for one in result.heard[:2]] == ["play", "ringing"]
    assert result.heard[1].at == pytest.approx(music(result).until, abs=0.1)
    assert result.answered_at is None


def test_one_who_is_not_answered_hears_nothing_but_ringing_where_that_is_wanted():
    settings = {"web": {"waiting": {**MUSIC["web"]["waiting"], "early": False}}}
    assert values(simulate(SLOW, web=SOUNDS, settings=settings)) == ["bye"]


def test_one_who_leaves_meanwhile_unanswered_is_no_problem():
    result = simulate(SLOW, web=SOUNDS, settings=MUSIC, do=[{"at": 5, "hangup": True}])
    assert (values(result), result.ended_by) == ([SOUND], "caller")
    assert result.errors == result.warnings == []


def test_without_a_sound_nothing_is_heard():
    assert values(slowly(10, settings={})) == ["hello", "bye"]


def test_the_caller_may_hang_up_meanwhile():
    result = slowly(12, do=[{"at": 7, "hangup": True}])
    assert values(result) == ["hello", SOUND]
    assert (result.ended_by, result.ended_at) == ("caller", 7)
    assert result.errors == result.warnings == []


def test_it_ends_when_the_server_fails_and_the_failure_goes_its_way():
    sorry = {"module": "tts", "data": {"text": "sorry"}, "children": {}}
    web = {"next": {"error": "timeout"}, "music": {"audio": 30}}
    result = simulate(ASKS, web=web, settings=MUSIC, children={"_": sorry})
    assert values(result) == ["hello", SOUND, "sorry"]


def test_one_that_cannot_be_had_is_told_and_silence_takes_its_place():
    settings = {"web": {"waiting": {"media": "http://web.test/none.wav"}}}
    result = slowly(10, settings=settings)
    assert values(result) == ["hello", "bye"]
    assert [one.code for one in result.warnings] == [11200]
