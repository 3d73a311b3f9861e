"""What people read holds no secrets."""

import json

import pytest

from ari_pivot import redact
from ari_pivot.errors import InstructionError, WebError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://user:pass@h/p", "http://h/p"),
        ("https://user@h:8443", "https://h:8443"),
        ("http://a:b@c@h/", "http://h/"),
        ("from http://u:p@h/ to http://v:q@i/x", "from http://h/ to http://i/x"),
        ("http://h/p?to=a@b.example", "http://h/p?to=a@b.example"),
        ('{"url":"http://h","from":"a@b.example"}', '{"url":"http://h","from":"a@b.example"}'),
        ("sip:bob@example.com", "sip:bob@example.com"),
    ],
)
def test_credentials_of_urls_are_left_out_and_nothing_else(text, shown):
    assert redact.credentials(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://u:p@h/p?Digits=1234#ct=1", "http://h/p?…"),
        ("http://h/p#rc=2", "http://h/p?…"),
        ("more: 'http://h/p'", "more: 'http://h/p'"),
        ("/Response/Say[1]: is it?", "/Response/Say[1]: is it?"),
    ],
)
def test_the_urls_of_a_message_have_no_query(text, shown):
    assert redact.urls(text) == shown


@pytest.mark.parametrize("kind", [WebError, InstructionError])
def test_errors_tell_no_secrets(kind):
    error = kind("redirect to http://u:hidden@h/", where="http://u:hidden@h/?Digits=hidden")
    assert "hidden" not in f"{error} {error!r} {error.message} {error.where} {error.args}"


def test_json_stays_json():
    document = {"uri": "http://u:p@h/", "body": '<Redirect>http://u:p@h/</Redirect> a@b "x@y"'}
    assert json.loads(redact.credentials(json.dumps(document))) == {
        "uri": "http://h/",
        "body": '<Redirect>http://h/</Redirect> a@b "x@y"',
    }
