"""Audio on a web server: what is accepted, and when it is asked for again."""

import pytest
from media_fakes import NOON, TONE, Clock, Web, reply, unreachable
from multidict import CIMultiDict

from ari_pivot.errors import Code, MediaError
from ari_pivot.media.fetch import Fetched, Validity, ask, raw_format, shown
from ari_pivot.web.freshness import directives, fresh_until, merged, validators

URL = "http://web.example.com/hello"
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"
MINUTE_AGO = "Fri, 15 Jan 2027 07:59:00 GMT"
IN_A_MINUTE = "Fri, 15 Jan 2027 08:01:00 GMT"

FRESH_FOR = [
    ({}, 0),
    ({"cache-control": "max-age=60"}, 60),
    ({"cache-control": 'public, Max-Age="60"'}, 60),
    ({"cache-control": "max-age=60, max-age=5"}, 60),
    ({"cache-control": "max-age=sixty"}, 0),
    ({"cache-control": "max-age=-1"}, 0),
    ({"cache-control": "max-age"}, 0),
    ({"cache-control": "private, max-age=60"}, 60),
    ({"cache-control": "s-maxage=60"}, 0),
    ({"cache-control": 'private="x, max-age=60"'}, 0),
    ({"cache-control": "no-cache, max-age=60"}, 0),
    ({"cache-control": "no-store, max-age=60"}, 0),
    ({"cache-control": "max-age=60", "age": "20"}, 40),
    ({"cache-control": "max-age=60", "age": "90"}, 0),
    ({"cache-control": "max-age=60", "age": "nonsense"}, 60),
    ({"cache-control": "max-age=90", "date": MINUTE_AGO}, 30),
    ({"cache-control": "max-age=90", "date": MINUTE_AGO, "age": "80"}, 10),
    ({"cache-control": "max-age=90", "date": IN_A_MINUTE}, 90),
    ({"cache-control": "max-age=60", "expires": DATE}, 60),
    ({"cache-control": "max-age=60", "vary": "*"}, 0),
    ({"cache-control": "max-age=60", "vary": "Accept"}, 60),
    ({"expires": IN_A_MINUTE, "date": DATE}, 60),
    ({"expires": IN_A_MINUTE}, 60),
    ({"expires": IN_A_MINUTE, "date": MINUTE_AGO}, 60),
    ({"expires": MINUTE_AGO}, 0),
    ({"expires": "0"}, 0),
    ({"expires": "Fri, 15 Jan 2027 08:01:00"}, 60),
    ({"last-modified": MINUTE_AGO, "date": DATE}, 0),
]


@pytest.mark.parametrize(("headers", "seconds"), FRESH_FOR)
def test_an_answer_is_fresh_as_long_as_it_says(headers, seconds):
    assert fresh_until(headers, NOON) - NOON == seconds


def test_directives_are_read_whatever_their_case_and_quotes():
    header = 'No-Cache="Set-Cookie, X", MAX-AGE = 5 ,must-revalidate'
    assert directives({"cache-control": header}) == {
        "no-cache": "Set-Cookie, X",
        "max-age": "5",
        "must-revalidate": "",
    }


def test_a_304_refreshes_what_it_names_and_its_age_is_new():
    before = {"cache-control": "max-age=60", "etag": '"1"', "age": "50", "date": MINUTE_AGO}
    assert merged(before, CIMultiDict(Date=DATE, ETag='"1"', Server="x")) == {
        "cache-control": "max-age=60",
        "etag": '"1"',
        "date": DATE,
    }


def test_both_validators_are_sent():
    assert validators({"etag": 'W/"1"', "last-modified": DATE}) == {
        "If-None-Match": 'W/"1"',
        "If-Modified-Since": DATE,
    }
    assert validators({"etag": ""}) == {}


async def asked(web, known=None, now=NOON):
    return await ask(web, URL, known, max_bytes=10_000, now=Clock(now))


async def test_the_first_request_is_unconditional():
    web = Web([reply(ETag='"1"', Cache_Control="max-age=60")])
    answer = await asked(web)
    assert (answer.body, answer.fresh_until) == (TONE, NOON + 60)
    assert web.requests == [(URL, {"Accept": "audio/*, */*;q=0.5"})]


KNOWN = Validity(
    "0" * 64, {"etag": '"1"', "last-modified": DATE, "cache-control": "max-age=60"}, NOON
)


async def test_an_unchanged_audio_is_not_sent_again():
    web = Web([reply(b"", 304, "")])
    answer = await asked(web, KNOWN, NOON + 100)
    assert (answer.body, answer.fresh_until) == (None, NOON + 160)
    assert web.requests[0][1]["If-None-Match"] == '"1"'
    assert web.requests[0][1]["If-Modified-Since"] == DATE


async def test_a_changed_audio_replaces_the_old_one():
    answer = await asked(Web([reply(ETag='"2"')]), KNOWN)
    assert (answer.body, answer.headers) == (TONE, {"etag": '"2"'})


@pytest.mark.parametrize("failure", [unreachable(), reply(b"", 500), reply(b"", 503)])
async def test_an_old_audio_is_played_while_its_server_is_away(failure):
    answer = await asked(Web([failure]), KNOWN)
    assert (answer.body, answer.fresh_until) == (None, NOON + 30)


async def test_an_old_audio_that_must_be_revalidated_is_not_played():
    strict = Validity("0" * 64, {"cache-control": "must-revalidate"}, NOON)
    with pytest.raises(MediaError) as raised:
        await asked(Web([unreachable()]), strict)
    assert raised.value.code == Code.CONNECTION
    with pytest.raises(MediaError, match="answered 500"):
        await asked(Web([reply(b"", 500)]), strict)


async def test_an_old_audio_is_not_played_when_its_server_says_it_is_gone():
    with pytest.raises(MediaError, match="answered 410"):
        await asked(Web([reply(b"", 410)]), KNOWN)


@pytest.mark.parametrize("status", [304, 400, 404, 500])
async def test_a_status_that_is_an_error_names_the_status(status):
    with pytest.raises(MediaError, match=f"answered {status}") as raised:
        await asked(Web([reply(b"", status)]))
    assert raised.value.code == Code.HTTP_STATUS


async def test_a_server_that_cannot_be_reached_keeps_the_code_of_the_reason():
    with pytest.raises(MediaError, match="connection refused") as raised:
        await asked(Web([unreachable()]))
    assert raised.value.code == Code.CONNECTION


async def test_an_audio_that_is_too_large_is_refused():
    with pytest.raises(MediaError) as raised:
        await asked(Web([reply(bytes(10_001))]))
    assert raised.value.code == Code.TOO_LARGE


async def test_no_store_is_obeyed():
    assert not (await asked(Web([reply(Cache_Control="no-store")]))).storable
    assert (await asked(Web([reply()]))).storable


PLAY_TABLE = (
    "audio/mpeg audio/wav audio/wave audio/x-wav audio/aiff audio/x-aifc audio/x-aiff audio/x-gsm"
    " audio/gsm audio/ulaw"
)
OTHERS = (
    "audio/ogg audio/opus audio/mp4 audio/aac audio/flac audio/webm audio/basic audio/x-alaw"
    " application/ogg application/octet-stream binary/octet-stream audio/mp3 audio/x-m4a"
)


@pytest.mark.parametrize("type_", [*PLAY_TABLE.split(), *OTHERS.split(), "Audio/WAV; codecs=1", ""])
async def test_every_type_of_audio_is_accepted(type_):
    assert (await asked(Web([reply(type=type_)]))).body == TONE


@pytest.mark.parametrize("type_", ["text/html; charset=utf-8", "video/mp4", "audio/midi", "wav"])
async def test_any_other_type_is_refused_by_its_name(type_):
    with pytest.raises(MediaError, match=type_.partition(";")[0]) as raised:
        await asked(Web([reply(type=type_)]))
    assert raised.value.code == Code.MEDIA_TYPE


@pytest.mark.parametrize(
    ("type_", "url", "raw"),
    [
        ("audio/x-gsm", "http://a.example.com/x", "gsm"),
        ("audio/ulaw", "http://a.example.com/x", "mulaw"),
        ("audio/basic", "http://a.example.com/x", "mulaw"),
        ("audio/x-alaw;rate=8000", "http://a.example.com/x", "alaw"),
        ("audio/wav", "http://a.example.com/x.gsm", ""),
        ("", "http://a.example.com/x.GSM?y=1", "gsm"),
        ("", "http://a.example.com/x?y=1.gsm", ""),
        ("application/octet-stream", "http://a.example.com/x.ulaw", "mulaw"),
        ("application/octet-stream", "http://a.example.com/x.al", "alaw"),
        ("application/octet-stream", "http://a.example.com/x.mp3", ""),
    ],
)
def test_audio_without_a_header_is_known_by_its_type_or_the_end_of_its_url(type_, url, raw):
    fetched = Fetched(200, CIMultiDict({"Content-Type": type_} if type_ else {}), TONE, url)
    assert raw_format(fetched) == raw


def test_a_url_is_shown_without_its_secrets():
    assert (
        shown("https://u:p@web.example.com:81/a.wav?t=1#x") == "https://web.example.com:81/a.wav?…"
    )
    assert shown("http://web.example.com/a.wav") == "http://web.example.com/a.wav"
    assert shown("http://[") == "an invalid URL"
