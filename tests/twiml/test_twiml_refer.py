"""<Refer>: the caller's own telephone calls somebody else."""

import pytest
from simulated import run_script
from twiml_calls import asked, codes, heard, method, told

from ari_pivot.errors import InstructionError
from ari_pivot.twiml import parse

CONTEXT = {"directory": {"refer": "pivot-refer"}}
BOB = "<Sip>sip:bob@example.com</Sip>"


def refer(attributes='action="got"', inside=BOB, *, then="", comes_to=200, do=(), settings=None):
    """Run a call of somebody whose telephone takes a REFER that comes to a SIP status."""
    document = f"<Response><Refer {attributes}>{inside}</Refer>{then}</Response>"
    pages = {"voice": {"body": document}, "got": {"body": "<Response/>"}, "tone.wav": {"audio": 2}}
    return run_script(
        {
            "caller": {"do": list(do)} | ({"refer": comes_to} if comes_to else {}),
            "pivot": {"method": "POST", "req_format": "twiml"},
            "web": [
                {"url": f"http://web.test/{at}", "replies": [one]} for at, one in pages.items()
            ],
        },
        CONTEXT if settings is None else settings,
    )


def referred(result):
    return {
        name: value for name, value in told(result, "got").items()
        if name.startswith(("Refer", "Notify"))
    }  # fmt: skip


# TwiML says: "Refer: ReferCallStatus ReferSipResponseCode NotifySipResponseCode"
def test_the_action_is_told_once_it_is_done_and_goes_on_with_the_call():
    result = refer()
    assert referred(result) == {
        "ReferCallStatus": "completed",
        "ReferSipResponseCode": "202",
        "NotifySipResponseCode": "200",
    }
    assert (asked(result), result.answered_at, result.ended_at) == (["voice", "got"], 0.0, 1.0)
    assert codes(result) == ([], [])


@pytest.mark.parametrize(
    ("comes_to", "status"),
    [(486, "busy"), (600, "busy"), (480, "no-answer"), (408, "no-answer"), (487, "canceled"),
     (404, "failed"), (503, "failed"), (403, "failed")],
)  # fmt: skip
def test_the_action_is_told_why_it_came_to_nothing(comes_to, status):
    told_ = referred(refer(comes_to=comes_to))
    assert told_ == {"ReferCallStatus": status, "NotifySipResponseCode": str(comes_to)}


# RFC 3261 21.4.6, 21.5.2: these are about a method, here REFER, and never about a call
@pytest.mark.parametrize("refused", [405, 489, 501])
def test_a_telephone_that_knows_no_refer_is_told_from_a_call_that_failed(refused):
    told_ = referred(refer(comes_to=refused))
    assert told_ == {"ReferCallStatus": "failed", "ReferSipResponseCode": str(refused)}


# TwiML says: "SIP legs only"
def test_a_line_that_knows_no_refer_is_a_failure():
    assert referred(refer(comes_to=None)) == {"ReferCallStatus": "failed"}


# TwiML says: "action: none; last verb + no action = leg ends"
def test_without_an_action_the_next_verb_follows():
    result = refer("", then="<Play>tone.wav</Play>")
    assert (heard(result)[-1][1], asked(result)) == ("tone.wav", ["voice"])
    assert refer("").ended_by == "pivot"


@pytest.mark.parametrize(("attribute", "said"), [("", "POST"), ('method="GET"', "GET")])
def test_the_action_is_asked_by_its_method(attribute, said):
    assert method(refer(f'action="got" {attribute}'), "got") == said


# Telephones that were referred leave; the action is told of it once, and its answer is not done
@pytest.mark.parametrize(("at", "status"), [(0.0, "in-progress"), (0.5, "in-progress")])
def test_a_caller_who_leaves_meanwhile_is_told_of_once(at, status):
    result = refer(do=[{"at": at, "hangup": True}])
    assert [one.kind for one in result.requests] in (
        ["instructions", "callback"], ["instructions"],
    )  # fmt: skip
    assert (result.ended_at, result.ended_by) == (at, "caller")
    if at:
        assert referred(result)["ReferCallStatus"] == status
        assert told(result, "got")["CallStatus"] == "completed"


def test_without_a_way_it_is_a_warning_and_the_action_is_told():
    result = refer(settings={})
    assert codes(result) == ([13750], [])
    assert referred(result) == {"ReferCallStatus": "failed"}


@pytest.mark.parametrize("inside", ["", BOB + BOB, "<Sip>bob</Sip>", "<Sip>sip:a@b,c</Sip>"])
def test_it_needs_one_sip_uri(inside):
    with pytest.raises(InstructionError) as refused:
        parse(f"<Response><Refer>{inside}</Refer></Response>".encode(), "http://web.test/voice")
    assert refused.value.code == 12200
