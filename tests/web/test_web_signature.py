"""Signatures: the vectors of the TwiML reference, and the official validator's own opinion."""

import hashlib
import hmac
import json
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from ari_pivot.web import encode, signature

FIELDS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}
OTHER = FIELDS | {"Caller": "+12349013030", "From": "+12349013030"}
BODY = b'{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}'
DIGEST = "5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9"


@pytest.mark.parametrize(
    ("url", "fields", "wanted"),
    [
        (
            "https://example.com/myapp.php?foo=1&bar=2",
            FIELDS.items(),
            "L/OH5YylLD5NRKLltdqwSvS0BnU=",
        ),
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            OTHER.items(),
            "0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
        ),
        (
            f"https://example.com/myapp?bodySHA256={DIGEST}",
            [],
            "hPXmLwIy3Fgqv1i9KPmH/HhQ6zo=",
        ),
        ("https://example.com/x?Digits=1234&To=%2B1800", [], "ZDsM6z4zA4JsJB4DaKULFq9oS8s="),
        (
            "https://example.com/x",
            [("a", "2"), ("a", "1"), ("a", "1")],
            "RV3sGXRIaPbA5++iGOoDd9rE7kQ=",
        ),
    ],
)
def test_requests_are_signed_as_the_reference_says(url, fields, wanted):
    assert signature.twiml("12345", url, fields) == wanted


def test_the_digest_of_a_json_body_is_its_sha256():
    assert signature.body_digest(BODY) == DIGEST


URLS = [
    "https://example.com/voice",
    "https://example.com:8443/voice?x=1",
    "http://example.com:8080/voice",
    "http://example.com/voice?empty=&x=%20y",
    "https://user:pass@example.com/voice",
    "https://user:pass@example.com:444/voice",
    "https://[2001:db8::1]:8443/voice",
    "http://[2001:db8::1]/voice",
    "https://example.com/voice?a=1&a=2",
]


def as_seen(url):
    """Return the URL as a web server sees it: without user and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


@pytest.mark.parametrize("url", URLS)
def test_the_official_validator_accepts_our_get(url):
    signed = signature.twiml("12345", url)
    assert RequestValidator("12345").validate(as_seen(url), {}, signed)
    assert not RequestValidator("other").validate(as_seen(url), {}, signed)


@pytest.mark.parametrize("url", URLS)
def test_the_official_validator_accepts_our_json(url):
    url = encode.with_query(url, {"bodySHA256": signature.body_digest(BODY)})
    signed = signature.twiml("12345", url)
    validator = RequestValidator("12345")
    assert validator.validate(as_seen(url), BODY.decode(), signed)
    assert not validator.validate(as_seen(url), BODY.decode() + " ", signed)


class Fields(dict):
    """A form as web frameworks hand it over: a name may have several values."""

    def getlist(self, name):
        return self[name]


names = st.text(max_size=8)
forms = st.lists(st.tuples(names, st.text(max_size=8)), max_size=6)


@given(st.sampled_from(URLS), forms)
@example(URLS[0], [("a", ""), ("b", " x "), ("a", ""), ("a", "1"), ("A", "é")])
def test_the_official_validator_accepts_our_form(url, pairs):
    received = Fields()
    for name, value in pairs:
        received.setdefault(name, []).append(value)
    signed = signature.twiml("12345", url, pairs)
    assert RequestValidator("12345").validate(as_seen(url), received, signed)


def test_kazoo_format_requests_are_signed_by_every_shared_key_the_newest_first():
    value = signature.kazoo(["new", "old"], "POST", "https://u:p@h/p?x=1", b"a=b", 1_800_000_000)
    signed = b"1800000000.POST.https://h/p?x=1.a=b"
    wanted = [hmac.new(key, signed, hashlib.sha256).hexdigest() for key in (b"new", b"old")]
    assert value == f"t=1800000000,v1={wanted[0]},v1={wanted[1]}"


def test_a_json_body_is_digested_as_it_is_sent():
    body = encode.json({"CallSid": "CA1"})
    assert (
        signature.body_digest(body)
        == hashlib.sha256(
            json.dumps({"CallSid": "CA1"}, separators=(",", ":")).encode()
        ).hexdigest()
    )
