"""Cookies: kept for one call, sent back where RFC 6265 sends them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulated import simulate
from web_fakes import Web, reply

from ari_pivot.simulator.clock import run
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.signature import Keys

A = "http://a.example/ivr/voice"


class Visitor:
    """Asks one URL after another, as one call."""

    def __init__(self, web):
        self.web, self.now, self.cookies = web, 1000.0, []

    def ask(self, url, method="POST", *, cookies=True):
        """Return the Cookie that was sent in the end."""
        kept = self.cookies if cookies else None
        outgoing = Outgoing("instructions", method, url, {"a": "b"}, cookies=kept)
        run(Client(self.web, Keys(), now=lambda: self.now).send(outgoing))
        return self.web.asked[-1].headers.get("Cookie", "")


def having(*cookies, url=A):
    """Return a visitor to whom `url` has given cookies."""
    visitor = Visitor(Web())
    for cookie in cookies:
        visitor.web.answers[url] = [reply(200, Set_Cookie=cookie)]
        visitor.ask(url, "GET")
    visitor.web.answers.clear()
    return visitor


def test_are_sent_back():
    assert having("sid=1").ask(A) == "sid=1"
    assert having("sid=1", "lang=de; Path=/").ask(A) == "lang=de; sid=1"


def test_are_not_sent_where_none_are_wanted():
    assert having("sid=1").ask(A, cookies=False) == ""


@pytest.mark.parametrize(
    ("cookie", "url", "sent"),
    [
        ("s=1", "http://a.example/ivr/other", True),
        ("s=1", "http://a.example/elsewhere", False),
        ("s=1; Path=/", "http://a.example/elsewhere", True),
        ("s=1; Path=/iv", "http://a.example/ivr/voice", False),
        ("s=1; Path=/", "http://a.example:8080/", True),
        ("s=1; Path=/", "http://b.example/", False),
        ("s=1; Path=/", "http://sub.a.example/", False),
        ("s=1; Path=/; Domain=a.example", "http://sub.a.example/", True),
        ("s=1; Path=/; Domain=a.example", "http://nota.example/", False),
        ("s=1; Path=/; Domain=b.example", "http://b.example/", False),
        ("s=1; Path=/; Secure", "http://a.example/", False),
        ("s=1; Path=/; Secure", "https://a.example/", True),
        ("s=1; Path=/; HttpOnly; SameSite=Strict", "http://a.example/", True),
        ("s=1; Max-Age=0", A, False),
        ("s=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", A, False),
        ("nonsense", A, False),
        ("s=" + "x" * 5000, A, False),
    ],
)
def test_are_sent_where_their_scope_reaches(cookie, url, sent):
    assert having(cookie).ask(url) == ("s=1" if sent else "")


def test_of_a_server_that_has_only_an_address():
    assert having("s=1", url="http://192.0.2.1:8080/").ask("http://192.0.2.1:8080/x") == "s=1"


def test_end_when_their_age_says_so():
    visitor = having("s=1; Max-Age=60")
    visitor.now += 59
    assert visitor.ask(A) == "s=1"
    visitor.now += 1
    assert visitor.ask(A) == ""


def test_are_replaced_and_removed_by_later_ones():
    assert having("s=1", "s=2").ask(A) == "s=2"
    assert having("s=1", "s=; Max-Age=0").ask(A) == ""


def test_of_a_redirect_are_sent_on_the_way():
    b = "http://a.example/ivr/b"
    visitor = Visitor(Web({A: [reply(302, Location=b, Set_Cookie="s=1")], b: [reply()]}))
    assert visitor.ask(A) == "s=1"


def test_are_kept_in_a_number_that_has_an_end():
    visitor = having(*(f"c{n}=1" for n in range(60)))
    assert len(visitor.cookies) == 50
    assert visitor.ask(A).split("; ")[-1] == "c59=1"


@settings(deadline=None)
@given(st.text(max_size=60).map(lambda text: text.replace("\r", "").replace("\n", "")))
def test_of_any_kind_never_break_a_request(text):
    sent = having("s=1; Path=/", text, f"x={text}; Domain={text}; Path={text}").ask(A)
    assert "s=1" in sent or text.lstrip().startswith("s")
    assert "\r" not in sent
    assert "\n" not in sent


class TestACall:
    def test_sends_them_with_each_later_request(self):
        given = {
            "headers": {"Set-Cookie": "s=1; Path=/"},
            "body": "<Response><Redirect>n</Redirect></Response>",
        }
        result = simulate(given, web={"n": "<Response/>"})
        assert [asked.headers.get("Cookie") for asked in result.requests] == [None, "s=1"]

    def test_does_not_know_those_of_another_call(self):
        page = {"headers": {"Set-Cookie": "s=1"}, "body": "<Response/>"}
        for _ in range(2):
            (asked,) = simulate(page).requests
            assert "Cookie" not in asked.headers
