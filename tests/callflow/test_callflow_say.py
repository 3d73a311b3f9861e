"""What `say` plays for numbers, times and names."""

from datetime import UTC, datetime

import pytest

from ari_pivot.call.source import Prompt, Said, Speech
from ari_pivot.callflow.say import say

NOW = datetime(2026, 3, 7, 17, 4, tzinfo=UTC)


def said(text, kind, method="pronounced"):
    return say(text, kind, method, "en-us", NOW)


@pytest.mark.parametrize(
    ("text", "kind", "method", "sound"),
    [
        ("123", "number", "pronounced", Said("number", "123")),
        ("-5", "number", "pronounced", Said("number", "-5")),
        ("123", "number", "iterated", Said("digits", "123")),
        ("3", "messages", "counted", Said("number", "3")),
        ("3", "items", "none", Said("number", "3")),
        ("+1 (555) 123", "telephone_number", "pronounced", Said("digits", "1555123")),
        ("100", "telephone_extension", "iterated", Said("digits", "100")),
        ("4711", "account_number", "pronounced", Said("digits", "4711")),
        ("Bob", "name_spelled", "pronounced", Said("characters", "Bob")),
        ("many", "number", "pronounced", Speech("many", language="en-us")),
        ("12.50", "currency", "pronounced", Speech("12.50 dollars", language="en-us")),
        ("1 Main St", "postal_address", "none", Speech("1 Main St", language="en-us")),
        ("192.0.2.1", "ip_address", "none", Speech("192 dot 0 dot 2 dot 1", language="en-us")),
        ("a@example.com", "e-mail_address", "none", Speech("a at example dot com", language="en-us")),
        ("3661", "time_measurement", "none", Speech("1 hours 1 minutes 1 seconds", language="en-us")),
        ("1:30", "time_measurement", "none", Speech("1 minutes 30 seconds", language="en-us")),
        ("0", "time_measurement", "none", Speech("0 seconds", language="en-us")),
    ],
)  # fmt: skip
def test_a_text(text, kind, method, sound):
    assert say(text, kind, method, "en-us", NOW) == [sound]


@pytest.mark.parametrize(
    ("kind", "spoken"),
    [
        ("current_date", "Saturday, March 7, 2026"),
        ("current_time", "5:04 PM"),
        ("current_date_time", "Saturday, March 7, 2026, 5:04 PM"),
        ("short_date_time", "March 7, 5:04 PM"),
    ],
)
def test_a_time_is_the_one_given_else_now(kind, spoken):
    assert said("", kind) == [Speech(spoken, language="en-us")]
    assert said(str(int(NOW.timestamp())), kind) == [Speech(spoken, language="en-us")]
    assert said("9" * 40, kind) == [Speech(spoken, language="en-us")]


def test_a_name_is_spelled_phonetically():
    assert said("A-7", "name_phonetic") == [Prompt("phonetic/a_p"), Prompt("digits/7")]


def test_nothing_to_say_is_nothing():
    assert said("", "telephone_number") == []
    assert said("none", "account_number") == []
