"""group: the members of the directory's group."""

import pytest
from flows import act, heard, run

PARTIES = {"one": {"ring": 2, "answer": True, "talk": 2}, "two": {"ring": 1, "busy": True}}
PEOPLE = {
    "users": {"bob": {}, "ann": {}},
    "devices": {
        "one": {"endpoint": "PJSIP/one", "owner": "ann"},
        "two": {"endpoint": "PJSIP/two"},
    },
    "groups": {
        "all": {"endpoints": [{"id": "two", "endpoint_type": "device"},
                              {"id": "ann", "endpoint_type": "user", "delay": 1}]},
        "busy": {"endpoints": [{"id": "two", "endpoint_type": "device"}]},
    },
}  # fmt: skip


def ring(do=(), **data):
    flow = act("group", data, USER_BUSY="busy", _="elsewhere")
    return run(flow, do=do, directory=PEOPLE, dial=PARTIES)


def test_the_caller_is_answered_and_the_members_ring():
    result = ring(id="all")
    assert [(one.to, one.at) for one in result.dialled] == [("two", 0), ("one", 1)]
    assert result.answered_at == 0
    assert result.ended_at == 5


def test_in_turn_if_it_says_so():
    assert [one.at for one in ring(id="all", strategy="single").dialled] == [0, 1]


def test_a_group_may_be_as_kazoo_has_it():
    """Its documents have members by id: `{"bob": {"type": "user", "weight": 1}}`."""
    endpoints = {"ann": {"type": "user", "weight": 2}, "two": {"type": "device", "weight": 1}}
    devices = PEOPLE["devices"] | {"one": {"endpoint": "PJSIP/one", "owner_id": "ann"}}
    result = run(
        act("group", {"id": "theirs", "strategy": "single"}),
        directory=PEOPLE | {"devices": devices, "groups": {"theirs": {"endpoints": endpoints}}},
        dial=PARTIES,
    )
    assert [one.to for one in result.dialled] == ["two", "one"]


def test_it_goes_the_way_of_the_cause():
    assert heard(ring(id="busy")) == ["busy"]


def test_others_may_be_named():
    assert [one.to for one in ring(id="all", endpoints=["two", "ann"]).dialled] == ["two", "one"]


@pytest.mark.parametrize("id_", ["", "one", "nothing"])
def test_what_is_no_group_leads_on_without_an_answer(id_):
    result = ring(id=id_, do=[{"at": 0.01, "hangup": True}])
    assert result.dialled == []
