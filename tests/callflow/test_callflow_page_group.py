"""page_group: speak to several telephones at once."""

import pytest
from flows import act, heard
from simulated import simulate

DIRECTORY = {
    "devices": {name: {"endpoint": f"PJSIP/{name}"} for name in ("ann", "bob", "eve")},
    "groups": {"all": {"endpoints": [{"id": "ann", "endpoint_type": "device"},
                                     {"id": "bob", "endpoint_type": "device"}]}},
}  # fmt: skip
TALKS = {"answer": True, "talk": 8}


def page(*names, audio="one-way", dial=None, do=(), **data):
    endpoints = [{"id": name, "endpoint_type": "device"} for name in names]
    flow = act("page_group", {"audio": audio, "endpoints": endpoints} | data, _="nobody")
    return simulate(flow, settings={"directory": DIRECTORY}, dial=dial or {}, do=list(do))


def bridged(result):
    return {one.to: one.bridged_at is not None for one in result.dialled}


@pytest.mark.parametrize("audio", ["one-way", "two-way"])
def test_all_who_answer_hear_the_caller_and_the_flow_stops(audio):
    result = page("ann", "bob", audio=audio, dial={"ann": TALKS, "bob": TALKS | {"ring": 2}})
    assert bridged(result) == {"ann": True, "bob": True}
    assert heard(result) == []
    assert round(result.ended_at) == 10


def test_who_does_not_answer_in_time_is_left_out():
    result = page("ann", "bob", dial={"ann": TALKS, "bob": {"no_answer": True}})
    assert bridged(result) == {"ann": True, "bob": False}
    assert round(next(one.ended_at for one in result.dialled if one.to == "bob")) == 5


def test_where_nobody_answers_the_flow_goes_on():
    result = page("ann", "bob", timeout=3, dial={"ann": {"busy": True}, "bob": {"no_answer": True}})
    assert heard(result) == ["nobody"]


def test_where_there_is_nobody_to_page_the_flow_goes_on():
    assert heard(page("nobody")) == ["nobody"]


def test_groups_are_their_members():
    flow = act(
        "page_group", {"audio": "one-way", "endpoints": [{"id": "all", "endpoint_type": "group"}]}
    )
    result = simulate(flow, settings={"directory": DIRECTORY}, dial={"ann": TALKS, "bob": TALKS})
    assert bridged(result) == {"ann": True, "bob": True}


def test_a_caller_who_hangs_up_ends_it_for_all():
    result = page("ann", "bob", dial={"ann": TALKS, "bob": TALKS}, do=[{"at": 3, "hangup": True}])
    assert {round(one.ended_at) for one in result.dialled} == {3}
    assert result.ended_by == "caller"
