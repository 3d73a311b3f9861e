"""The call detail record, as KAZOO's CHANNEL_DESTROY has it."""

import pytest

from ari_pivot.call.facts import Facts
from ari_pivot.report import cdr
from ari_pivot.web import encode

BEGAN = 1_800_000_000.0


def build(**known):
    facts = {"id": "chan-1", "sid": "CA1", "started_at": BEGAN, "dialled": "1000"}
    return cdr.build(Facts(**facts | known))


def test_an_answered_call():
    record = build(
        caller_name="Ann",
        caller_number="+15551230001",
        from_uri='"Ann" <sip:ann@example.com;tag=1>',
        to_uri="sip:1000@pbx.example.com",
        request_uri="<sips:1000@10.0.0.1:5061;transport=tls>",
        sip_call_id="abc@example.com",
        answered_at=BEGAN + 3,
        ended_at=BEGAN + 20.4,
        ended_by="caller",
        cause=16,
        sip=200,
        variables={"ticket": 7, "tags": ["a"]},
        sip_headers={"X-Customer": "c"},
    )
    assert record == {
        "Call-ID": "abc@example.com",
        "CallSid": "CA1",
        "Call-Direction": "inbound",
        "Caller-ID-Name": "Ann",
        "Caller-ID-Number": "+15551230001",
        "Callee-ID-Number": "1000",
        "From": "ann@example.com",
        "To": "1000@pbx.example.com",
        "Request": "1000@10.0.0.1:5061",
        "Hangup-Cause": "NORMAL_CLEARING",
        "Hangup-Code": "sip:200",
        "Disposition": "ANSWER",
        "Duration-Seconds": 20,
        "Billing-Seconds": 17,
        "Ringing-Seconds": 3,
        "Timestamp": 1_800_000_020 + 62_167_219_200,
        "Custom-Application-Vars": {"ticket": 7, "tags": ["a"]},
        "Custom-SIP-Headers": {"X-Customer": "c"},
    }


def test_what_is_not_known_is_said_as_kazoo_says_it_or_left_out():
    record = build(ended_at=BEGAN)
    assert record["Call-ID"] == "chan-1"
    assert record["Caller-ID-Name"] == "unknown"
    assert record["Caller-ID-Number"] == record["From"] == "anonymous"
    assert record["To"] == record["Request"] == "1000"
    assert "Hangup-Code" not in record


@pytest.mark.parametrize(
    ("ended_by", "cause", "hangup", "disposition"),
    [
        ("caller", 0, "ORIGINATOR_CANCEL", "ORIGINATOR_CANCEL"),
        ("caller", 127, "ORIGINATOR_CANCEL", "ORIGINATOR_CANCEL"),
        ("pivot", 17, "USER_BUSY", "USER_BUSY"),
        ("pivot", 21, "CALL_REJECTED", "CALL_REJECTED"),
        ("asterisk", 34, "NORMAL_CIRCUIT_CONGESTION", "NORMAL_CIRCUIT_CONGESTION"),
        ("asterisk", 999, "NORMAL_UNSPECIFIED", "NORMAL_UNSPECIFIED"),
    ],
)
def test_a_call_nobody_answered(ended_by, cause, hangup, disposition):
    record = build(ended_at=BEGAN + 7.6, ended_by=ended_by, cause=cause)
    assert (record["Hangup-Cause"], record["Disposition"]) == (hangup, disposition)
    assert (record["Duration-Seconds"], record["Ringing-Seconds"]) == (8, 8)
    assert record["Billing-Seconds"] == 0


def test_a_clock_that_was_set_back_makes_no_negative_times():
    record = build(answered_at=BEGAN - 5, ended_at=BEGAN - 9)
    assert [value for name, value in record.items() if name.endswith("-Seconds")] == [0, 0, 0]


def test_it_is_a_form_as_kazoo_writes_it():
    form = encode.form(build(variables={"a": {"b": "c d"}}, ended_at=BEGAN))
    assert "&Custom-Application-Vars[a][b]=c+d" in form
    assert form.startswith("Call-ID=chan-1&CallSid=CA1&Call-Direction=inbound&")


def test_who_has_spoken_with_the_caller_is_told():
    assert build(other_leg="leg-1", ended_at=BEGAN)["Other-Leg-Call-ID"] == "leg-1"
    assert "Other-Leg-Call-ID" not in build(ended_at=BEGAN)
