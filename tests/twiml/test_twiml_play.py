"""<Play>: play audio from the web, or send keys."""

import pytest
from twiml_calls import TONE, asked, codes, heard, twiml


def test_the_file_is_played_and_the_call_is_answered_for_it():
    result = twiml("<Play>tone.wav</Play>")
    assert heard(result) == [("play", "tone.wav", 0.0, 2.0)]
    assert result.answered_at == 0.0


# TwiML says: "No Twilio request params are sent when fetching media"
def test_media_is_fetched_with_get_and_without_parameters():
    (media,) = [one for one in twiml("<Play>tone.wav</Play>").requests if one.kind == "media"]
    assert (media.method, media.url, media.params) == ("GET", "http://web.test/tone.wav", {})


# TwiML says: "RFC 3986 resolution against the URL of the document being executed"
@pytest.mark.parametrize(
    "url", ["tone.wav", "/tone.wav", "./x/../tone.wav", "http://web.test/tone.wav", " \ntone.wav\n"]
)
def test_the_url_may_be_relative_to_the_document(url):
    assert heard(twiml(f"<Play>{url}</Play>")) == [("play", "tone.wav", 0.0, 2.0)]


# TwiML says: "loop: int >= 0, default 1"; "0 = until hangup or 1000 iterations"
def test_loop_repeats_it_and_fetches_it_once():
    result = twiml('<Play loop="3">tone.wav</Play>')
    assert heard(result)[-1][3] == 6.0
    assert len([one for one in result.requests if one.kind == "media"]) == 1


def test_loop_0_goes_on_until_the_caller_hangs_up():
    result = twiml('<Play loop="0">tone.wav</Play>', do=[{"at": 5, "hangup": True}])
    assert [(one[2], one[3]) for one in heard(result)] == [(0.0, 2.0), (2.0, 4.0), (4.0, 5.0)]


def test_loop_0_ends_after_1000_rounds():
    assert twiml('<Play loop="0">tone.wav</Play>').ended_at == 2000.0


# TwiML says: "digits: play DTMF; w = 0.5 s pause"; `*`, `#`, `W` are taken as well
def test_digits_are_sent_as_keys():
    result = twiml('<Play digits="1w2*#W"/><Play>tone.wav</Play>')
    assert [one[:2] for one in heard(result)] == [("digits", "1w2*#W"), ("play", "tone.wav")]


def test_digits_win_over_a_url():
    result = twiml('<Play digits="1">tone.wav</Play>')
    assert [one[0] for one in heard(result)] == ["digits"]


# TwiML says: "A failing media URL: log 11200/13420, skip to next verb"
@pytest.mark.parametrize(
    ("file", "code"),
    [
        ({"status": 404}, 11200),
        ({"status": 500}, 11200),
        ({"error": "dns"}, 11210),
        ({"body": "not audio", "type": "audio/wav"}, 90200),
        ({"body": "<html/>", "type": "text/html"}, 13420),
    ],
)
def test_a_file_that_cannot_be_had_is_a_warning_and_the_next_verb_follows(file, code):
    result = twiml("<Play>bad.wav</Play><Play>tone.wav</Play>", web={"bad.wav": file})
    assert [one[1] for one in heard(result)] == ["tone.wav"]
    assert codes(result) == ([code], [])


# TwiML says: "Play URL or digits required"; 13410 loop, 13420 type
@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("<Play/>", 13420),
        ('<Play digits="1x"/>', 13420),
    ],
)
def test_nothing_to_play_refuses_the_document(verb, code):
    result = twiml(f"<Say>first</Say>{verb}")
    assert codes(result) == ([], [code])
    assert [one.by for one in result.heard] == ["fallback"]


@pytest.mark.parametrize("loop", ["-1", "often", "1.5"])
def test_a_loop_that_cannot_be_meant_is_a_warning_and_once(loop):
    result = twiml(f'<Play loop="{loop}">tone.wav</Play>')
    assert (codes(result), result.ended_at) == (([13410], []), 2.0)


@pytest.mark.parametrize("at", [0.0, 1.0, 1.999])
def test_a_caller_who_hangs_up_ends_it_and_nothing_else_is_asked(at):
    result = twiml("<Play>tone.wav</Play><Redirect>got</Redirect>", do=[{"at": at, "hangup": True}])
    assert result.ended_at == at
    assert (asked(result), result.ended_by) == (["voice"], "caller")


def test_a_caller_who_hangs_up_while_the_file_is_fetched_hears_nothing():
    slow = TONE | {"delay": 5}
    result = twiml("<Play>slow.wav</Play>", web={"slow.wav": slow}, do=[{"at": 2, "hangup": True}])
    assert (heard(result), result.ended_at) == ([], 2.0)
    assert codes(result) == ([], [])


def test_a_caller_who_hangs_up_while_keys_are_sent_ends_the_call():
    result = twiml('<Play digits="WWWW1"/>', do=[{"at": 2, "hangup": True}])
    assert (result.ended_at, result.ended_by) == (2.0, "caller")
