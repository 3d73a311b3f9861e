"""route_to_cid: the dialled number is somebody's caller id."""

import pytest
from flows import act, codes, heard, run

DIRECTORY = {
    "users": {"ann": {"caller_id": {"internal": {"number": "1000"}}}},
    "devices": {
        "hers": {"endpoint": "PJSIP/hers", "owner": "ann"},
        "desk": {"endpoint": "PJSIP/desk", "caller_id": {"internal": {"number": "1000"}}},
        "outside": {"endpoint": "PJSIP/outside", "caller_id": {"external": {"number": "1000"}}},
        "other": {"endpoint": "PJSIP/other", "caller_id": {"internal": {"number": "1001"}}},
    },
}
BUSY = {"hers": {"busy": True}, "desk": {"busy": True}, "outside": {"busy": True}}


def rung(**data):
    """Return how many are rung by a call to 1000, and what follows."""
    flow = act("route_to_cid", data, _="after", USER_BUSY="busy")
    result = run(flow, directory=DIRECTORY, dial=BUSY)
    assert codes(result) == []
    return len(result.dialled), heard(result)


@pytest.mark.parametrize(
    ("data", "many"),
    [
        ({"endpoint_types": ["device"]}, 1),
        ({"endpoint_types": ["user"]}, 1),
        ({"endpoint_types": ["device", "user"]}, 2),
        ({"endpoint_types": ["device"], "cid_types": ["external"]}, 1),
        ({"endpoint_types": ["device", "user"], "cid_types": ["internal", "external"]}, 3),
    ],
)
def test_those_are_rung_whose_caller_id_the_number_is(data, many):
    assert rung(**data) == (many, ["busy"])


@pytest.mark.parametrize(
    "data",
    [{}, {"endpoint_types": ["group"]}, {"endpoint_types": ["user"], "cid_types": ["custom"]}],
)
def test_where_nobody_has_it_the_wildcard_is_taken(data):
    # KAZOO's default for `endpoint_types` is nobody
    assert rung(**data) == (0, ["after"])


def test_who_answers_is_put_through_and_the_flow_stops():
    flow = act("route_to_cid", {"endpoint_types": ["device"], "timeout": 60}, _="no")
    result = run(flow, directory=DIRECTORY, dial={"desk": {"ring": 25, "answer": True, "talk": 2}})
    assert heard(result) == []
    assert result.dialled[0].ended_at == pytest.approx(27, abs=0.5)
