"""Asking: what is put on the wire, which redirects are followed, who sees the credentials."""

import asyncio
from base64 import b64decode
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from web_fakes import Web, reply

from ari_pivot.errors import Code, WebError
from ari_pivot.simulator.clock import run
from ari_pivot.web import signature
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.signature import Keys

A, B = "http://a.example/voice", "http://b.example/voice"
PARAMS = {"CallSid": "CA1", "Digits": "12"}


def to(location, status=302):
    return reply(status, Location=location)


def send(web, method="POST", url=A, keys=None, **more):
    """Ask, in virtual time."""
    client = Client(web, keys or Keys(), now=lambda: 1_800_000_000.0)
    return run(
        client.send(Outgoing("instructions", method, url, more.pop("params", PARAMS), **more))
    )


def failure(web, **more):
    with pytest.raises(WebError) as caught:
        send(web, **more)
    return caught.value


def user(request):
    """Return who a request says it comes from."""
    return b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()


class TestParameters:
    def test_of_a_get_stand_in_the_query(self):
        web = Web({A: [reply()]})
        send(web, "GET", A + "?x=1")
        assert web.lines == [f"GET {A}?x=1&CallSid=CA1&Digits=12"]
        assert web.asked[0].body is None

    def test_of_a_post_stand_in_the_form_and_the_query_of_the_url_stays(self):
        web = Web({A: [reply()]})
        send(web, "POST", A + "?x=1")
        assert web.lines == [f"POST {A}?x=1"]
        assert web.asked[0].body == b"CallSid=CA1&Digits=12"
        assert web.asked[0].headers == {"Content-Type": "application/x-www-form-urlencoded"}

    def test_of_a_json_post_stay_nested(self):
        web = Web({A: [reply()]})
        send(web, encoding="json", params={"Digits": {"pin": "1"}})
        assert web.asked[0].body == b'{"Digits":{"pin":"1"}}'
        assert web.asked[0].headers == {"Content-Type": "application/json"}

    def test_a_json_get_has_them_in_the_query_all_the_same(self):
        web = Web({A: [reply()]})
        send(web, "GET", encoding="json", params={"Digits": {"pin": "1"}})
        assert web.lines == [f"GET {A}?Digits[pin]=1"]

    def test_a_body_that_is_given_is_sent_as_it_is(self):
        web = Web({A: [reply()]})
        send(web, body=b"\x00raw", headers={"Content-Type": "audio/wav"})
        assert web.asked[0].body == b"\x00raw"
        assert web.asked[0].headers == {"Content-Type": "audio/wav"}


class TestTheUrl:
    def test_loses_its_fragment(self):
        web = Web({A: [reply()]})
        send(web, "GET", A + "?x=1#ct=100", params={})
        assert web.lines == [f"GET {A}?x=1"]

    @pytest.mark.parametrize(
        ("url", "asked"),
        [
            ("http://a.example", "http://a.example/"),
            ("http://a.example?x=1", "http://a.example/?x=1"),
            ("HTTP://A.example/Voice", "http://a.example/Voice"),
            ('http://a.example/a b/ü?q=é"', 'http://a.example/a%20b/%C3%BC?q=%C3%A9"'),
            ("http://a.example/%zz%2F?q=%20a+b", "http://a.example/%zz%2F?q=%20a+b"),
            ("http://bücher.example:8080/", "http://xn--bcher-kva.example:8080/"),
            ("http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ],
    )
    def test_is_asked_as_it_was_written_but_for_what_may_not_stand_there(self, url, asked):
        web = Web()
        send(web, "GET", url, params={})
        assert web.lines == [f"GET {asked}"]

    @pytest.mark.parametrize(
        "url",
        [
            "", "voice", "/voice", "//a.example/", "ftp://a.example/", "file:///etc/passwd",
            "javascript:alert(1)", "http://", "http:///voice", "http://:80/", "http://a.example:0/",
            "http://a.example:99999/", "http://a.example:x/", "http://[::1/",
            "http://us%3Aer:secret@a.example/", "http://\ud800:secret@a.example/",
        ],
    )  # fmt: skip
    def test_that_cannot_be_asked_is_refused_by_name_and_tells_no_secret(self, url):
        web = Web()
        error = failure(web, url=url)
        assert error.code == Code.INVALID_URL
        assert "secret" not in str(error)
        assert web.asked == []


class TestCredentials:
    def test_of_the_url_become_a_header_and_leave_the_url(self):
        web = Web({A: [reply()]})
        send(web, url="http://us%40er:p%3Ass%2Fwörd@a.example/voice")
        assert web.lines == [f"POST {A}"]
        assert user(web.asked[0]) == "us@er:p:ss/wörd"

    def test_without_a_password_are_a_user(self):
        web = Web({A: [reply()]})
        send(web, url="http://user@a.example/voice")
        assert user(web.asked[0]) == "user:"

    @pytest.mark.parametrize(
        "location", ["/next", "http://a.example/next", "http://a.example:80/next", "next"]
    )
    def test_go_along_within_their_origin(self, location):
        web = Web({A: [to(location)], "http://a.example/next": [reply()]})
        web.answers["http://a.example:80/next"] = [reply()]
        answered = send(web, url="http://u:p@a.example/voice")
        assert user(web.asked[1]) == "u:p"
        assert urlsplit(answered.document).username == "u"

    @pytest.mark.parametrize(
        "location",
        [
            "http://b.example/next",
            "https://a.example/next",
            "http://a.example:81/next",
            "//b.example/next",
        ],
    )
    def test_stay_behind_when_another_origin_is_asked(self, location):
        web = Web({A: [to(location)]})
        send(web, url="http://u:p@a.example/voice")
        assert "Authorization" not in web.asked[1].headers

    def test_are_not_found_again_on_the_way_back(self):
        web = Web({A: [to(B), reply()], B: [to(A)]})
        send(web, url="http://u:p@a.example/voice")
        assert ["Authorization" in request.headers for request in web.asked] == [True, False, False]

    def test_of_the_redirect_itself_are_used(self):
        web = Web({A: [to("http://v:q@a.example/next")]})
        send(web, url="http://u:p@a.example/voice")
        assert user(web.asked[1]) == "v:q"


class TestRedirects:
    @pytest.mark.parametrize("status", [301, 302, 303])
    def test_a_post_becomes_a_get_without_its_form(self, status):
        web = Web({A: [to(B, status)], B: [reply(body="ok")]})
        answered = send(web)
        assert web.lines == [f"POST {A}", f"GET {B}"]
        assert web.asked[1].body is None
        assert (answered.body, answered.document) == (b"ok", B)

    @pytest.mark.parametrize("status", [307, 308])
    def test_a_post_stays_a_post_with_its_form(self, status):
        web = Web({A: [to(B, status)], B: [reply()]})
        send(web)
        assert web.lines == [f"POST {A}", f"POST {B}"]
        assert web.asked[1].body == b"CallSid=CA1&Digits=12"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_of_a_get_lead_where_they_say_and_nowhere_else(self, status):
        web = Web({A: [to(B + "?y=2", status)], B: [reply()]})
        send(web, "GET")
        assert web.lines == [f"GET {A}?CallSid=CA1&Digits=12", f"GET {B}?y=2"]

    @pytest.mark.parametrize("status", [300, 304, 305, 306])
    def test_other_statuses_are_replies(self, status):
        assert send(Web({A: [to(B, status)]})).status == status

    def test_without_a_location_are_replies(self):
        assert send(Web({A: [reply(302)]})).status == 302

    def test_relative_ones_are_relative_to_the_url_that_said_so(self):
        web = Web({A: [to("http://b.example/x/y")], "http://b.example/x/y": [to("z?q=1")]})
        send(web)
        assert web.lines[2] == "GET http://b.example/x/z?q=1"

    @pytest.mark.parametrize("redirects", [4, 10])
    def test_a_loop_ends_after_as_many_as_are_allowed(self, redirects):
        web = Web({A: [to(A)]})
        error = failure(web, redirects=redirects)
        assert (error.code, len(web.asked)) == (Code.REDIRECTS, redirects + 1)

    def test_as_many_as_are_allowed_are_followed(self):
        web = Web({A: [to(A)] * 4 + [reply()]})
        assert send(web, redirects=4).status == 200

    @pytest.mark.parametrize(
        "location", ["ftp://a/", "javascript:x", "http://[::1", "http://a:99999/", "http://:80/"]
    )
    def test_to_what_cannot_be_asked_are_failures(self, location):
        error = failure(Web({A: [to(location)]}))
        assert (error.code, error.where) == (Code.INVALID_URL, A)
        assert "redirect to" in error.message

    def test_the_document_is_where_the_last_one_led_without_our_parameters(self):
        web = Web({A: [to("/b?x=1")]})
        assert send(web, "GET").document == "http://a.example/b?x=1"
        assert send(Web({A: [reply()]}), "GET", A + "?y=2").document == A + "?y=2"


def test_one_timeout_holds_for_all_redirects_together():
    async def slow(request):
        limits.append(request.read_timeout)
        await asyncio.sleep(4)
        return await web(request)

    limits, web = [], Web({A: [to(A)]})
    with pytest.raises(WebError):
        run(Client(slow, Keys()).send(Outgoing("instructions", "GET", A, timeout=10, redirects=2)))
    assert limits == [10, 6, 2]


class TestSignatures:
    def test_a_twiml_post_satisfies_the_official_validator(self):
        web = Web({A: [reply()]})
        send(web, url="http://u:p@a.example/voice?x=1", scheme="twiml", keys=Keys("token"))
        asked = web.asked[0]
        signed = asked.headers["X-Twilio-Signature"]
        assert RequestValidator("token").validate(asked.url, PARAMS, signed)

    def test_a_twiml_get_satisfies_the_official_validator(self):
        web = Web({A: [reply()]})
        send(web, "GET", scheme="twiml", keys=Keys("token"))
        asked = web.asked[0]
        assert RequestValidator("token").validate(
            asked.url, {}, asked.headers["X-Twilio-Signature"]
        )

    def test_a_twiml_json_post_satisfies_the_official_validator(self):
        web = Web({A: [reply()]})
        answered = send(web, scheme="twiml", encoding="json", keys=Keys("token"))
        asked = web.asked[0]
        assert "bodySHA256" in parse_qs(urlsplit(asked.url).query)
        signed = asked.headers["X-Twilio-Signature"]
        assert RequestValidator("token").validate(asked.url, asked.body.decode(), signed)
        assert answered.document == A

    def test_each_redirect_is_signed_for_its_own_url(self):
        web = Web({A: [to(B, 307)], B: [reply()]})
        send(web, scheme="twiml", keys=Keys("token"))
        for asked in web.asked:
            signed = asked.headers["X-Twilio-Signature"]
            assert RequestValidator("token").validate(asked.url, PARAMS, signed)

    def test_a_kazoo_format_request_is_signed_with_the_shared_keys(self):
        web = Web({A: [reply()]})
        send(web, scheme="kazoo", keys=Keys("token", ["new", "old"]))
        wanted = signature.kazoo(["new", "old"], "POST", A, web.asked[0].body, 1_800_000_000)
        assert web.asked[0].headers["X-Pivot-Signature"] == wanted

    @pytest.mark.parametrize("scheme", ["", "kazoo", "twiml"])
    def test_without_keys_there_is_none(self, scheme):
        web = Web({A: [reply()]})
        send(web, scheme=scheme)
        assert list(web.asked[0].headers) == ["Content-Type"]


@given(st.text(max_size=60) | st.text(max_size=60).map("http://".__add__))
@example("http://[::1")
@example("http://%3A@h/")
@example("http://h:\N{ARABIC-INDIC DIGIT ONE}/")
@example("http://\N{DOUBLE-STRUCK CAPITAL C}.example/")
@example("http://a\N{ACCOUNT OF}b/")
def test_no_url_is_an_unhandled_exception(url):
    location = url.encode("utf-8", "replace").decode()
    web = Web({A: [to(location)]})
    for asked in (url, A):
        with suppress(WebError):
            send(web, url=asked)
    assert all(request.url.isascii() for request in web.asked)
