"""resources, offnet: which number is called, through what, as whom; what the caller is told."""

import pytest
from flows import act, codes, heard, run

PARTIES = {
    "+15550199": {"ring": 1, "answer": True, "talk": 2},
    "1000": {"ring": 1, "answer": True, "talk": 1},
    "+15550181": {"busy": True},
    "+15550182": {"ring": 1, "reject": True},
    "+15550183": {"fail": 404},
    "+15550184": {"no_answer": True},
    "+15550186": {"fail": 503},
    "+15550187": {"fail": 502},
    "PJSIP/+15550185@first": {"fail": 503},
    "PJSIP/+15550185@second": {"ring": 1, "answer": True, "talk": 1},
}
OUTSIDE = {
    "trunks": {
        "first": {"endpoint": "PJSIP/{number}@first", "numbers": ["+1555018*"]},
        "second": {"endpoint": "PJSIP/{number}@second", "numbers": ["+1555*", "1000"]},
    },
}
BUSY, REORDER = "480+620/500,0/500", "480+620/250,0/250"
NO_NUMBER = "cannot-complete-as-dialed"


@pytest.fixture(params=["resources", "offnet"])
def call_out(request):
    def calling(do=(), directory=None, children=None, **data):
        flow = act(request.param, data, **(children or {"_": "never"}))
        return run(flow, do=do, dial=PARTIES, directory=OUTSIDE | (directory or {}))

    return calling


def dialled(result):
    return [one.to for one in result.dialled]


def test_the_number_is_dialled_and_the_flow_stops_when_who_answered_has_left(call_out):
    result = call_out(to_did="+15550199")
    assert dialled(result) == ["+15550199"]
    assert (result.answered_at, result.ended_at, result.ended_by) == (1, 3, "callee")
    assert heard(result) == []


def test_without_a_number_it_is_the_dialled_one(call_out):
    assert dialled(call_out()) == ["1000"]


def test_a_number_as_it_was_dialled_is_in_the_form_of_the_trunks(call_out):
    assert dialled(call_out(to_did="2025550184", directory={"region": "US", "trunks": {
        "any": {"endpoint": "PJSIP/{number}@any", "numbers": ["+1*"]}}})) == ["+12025550184"]  # fmt: skip


def test_unless_it_is_to_be_left_alone(call_out):
    trunks = {"any": {"endpoint": "PJSIP/{number}@any", "numbers": ["2*"]}}
    result = call_out(to_did="2025550184", do_not_normalize=True,
                      directory={"region": "US", "trunks": trunks})  # fmt: skip
    assert dialled(result) == ["2025550184"]


@pytest.mark.parametrize(
    ("number", "sip", "sounds"),
    [
        ("+15550181", 486, [BUSY]),
        ("+15550182", 603, [BUSY]),
        ("+15550183", 404, [NO_NUMBER]),
        ("+15550184", 480, []),
        ("+15550187", 502, []),
        ("+15550186", 503, []),
        ("+4930111", 404, [NO_NUMBER]),
    ],
)
def test_without_a_child_the_caller_is_told_and_the_call_ends(call_out, number, sip, sounds):
    result = call_out(to_did=number)
    assert heard(result) == sounds
    assert (result.sip, result.ended_by, result.answered_at) == (sip, "pivot", None)


def test_a_busy_tone_is_heard_for_25_seconds(call_out):
    (tone,) = [one for one in call_out(to_did="+15550181").heard if one.kind == "tone"]
    assert tone.until - tone.at == pytest.approx(25)


@pytest.mark.parametrize(
    ("number", "child"),
    [("+15550181", "USER_BUSY"), ("+15550181", "sip:486"), ("+15550183", "UNALLOCATED_NUMBER"),
     ("+4930111", "NO_ROUTE_DESTINATION")],
)  # fmt: skip
def test_a_child_of_the_cause_is_taken(call_out, number, child):
    assert heard(call_out(to_did=number, children={child: "so"})) == ["so"]


def test_a_trunk_that_fails_leads_to_the_next(call_out):
    result = call_out(to_did="+15550185")
    assert len(result.dialled) == 2
    assert result.answered_at == 1


@pytest.mark.parametrize("number", ["1000&PJSIP/9999", "sip:a@b", "1000@other", "{number}", ""])
def test_what_is_no_number_is_not_dialled(call_out, number):
    trunks = {"any": {"endpoint": "PJSIP/{number}@any", "numbers": ["*"]}}
    result = call_out(to_did=number, directory={"trunks": trunks})
    assert dialled(result) in ([], ["1000"])  # an empty one is the dialled number
    assert bool(dialled(result)) == (number == "")


def test_a_class_of_numbers_that_is_denied_is_not_called(call_out):
    restricted = {"account": {"call_restriction": {"all": {"action": "deny"}}},
                  "classifiers": {"all": r"^\+1555"}}  # fmt: skip
    result = call_out(to_did="+15550199", directory=restricted)
    assert dialled(result) == []
    assert heard(result) == ["feature-not-avail-line"]


def test_but_a_stranger_is_not_restricted(call_out):
    restricted = {"account": {"call_restriction": {"all": {"action": "deny"}}},
                  "classifiers": {"all": r"^\+1555"}, "devices": {}}  # fmt: skip
    assert dialled(call_out(to_did="+15550199", directory=restricted)) == ["+15550199"]


def test_no_trunk_is_noted(call_out):
    assert codes(call_out(to_did="+4930111")) == [90103]


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0, 2.0])
def test_a_caller_who_leaves_leaves_nothing_ringing(call_out, at):
    result = call_out(to_did="+15550199", do=[{"at": at, "hangup": True}])
    assert result.ended_at == pytest.approx(at)
    assert all(one.ended_at <= at + 0.01 for one in result.dialled)
