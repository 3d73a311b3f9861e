"""ring_group: who rings, when, and what the caller hears."""

import pytest
from flows import act, heard, run
from hypothesis import given, settings
from hypothesis import strategies as st

from ari_pivot.callflow import build
from ari_pivot.callflow.ring_group import Member, shuffled
from ari_pivot.errors import InstructionError

PARTIES = {
    "quick": {"ring": 2, "answer": True, "talk": 3},
    "slow": {"ring": 5, "answer": True},
    "never": {"no_answer": True},
    "busy": {"ring": 1, "busy": True},
    "no": {"ring": 1, "reject": True},
}
GROUPS = {
    "inner": {"endpoints": [{"id": "slow", "endpoint_type": "device", "delay": 1},
                            {"id": "outer", "endpoint_type": "group"}]},
    "outer": {"endpoints": [{"id": "quick", "endpoint_type": "device"},
                            {"id": "inner", "endpoint_type": "group"}]},
}  # fmt: skip
PEOPLE = {
    "users": {"bob": {}, "ann": {}},
    "devices": {name: {"endpoint": f"PJSIP/{name}"} for name in PARTIES}
    | {"two": {"endpoint": "PJSIP/never", "owner": "ann"}},
    "groups": GROUPS,
}


def member(id_, endpoint_type="device", **more):
    return {"id": id_, "endpoint_type": endpoint_type, **more}


def ring(*members, do=(), children=None, people=None, **data):
    data["endpoints"] = [member(one) if isinstance(one, str) else one for one in members]
    flow = act("ring_group", data, **({"_": "elsewhere"} | (children or {})))
    return run(flow, do=do, directory=PEOPLE | (people or {}), dial=PARTIES)


def when(result):
    return [(one.to, one.at, one.ended_at) for one in result.dialled]


def test_all_ring_until_one_answers():
    result = ring("never", "quick", "busy", "no")
    assert when(result) == [("never", 0, 2), ("quick", 0, 5), ("busy", 0, 1), ("no", 0, 1)]
    assert [one.cause for one in result.dialled] == [26, 16, 17, 21]
    assert heard(result) == []


def test_each_with_its_delay_and_its_timeout():
    result = ring(member("never", delay=1, timeout=3), member("slow", delay=2, timeout=4))
    assert when(result) == [("never", 1, 4), ("slow", 2, 6)]
    assert heard(result) == ["elsewhere"]


def test_or_in_turn():
    result = ring(member("never", timeout=3), "busy", "quick", strategy="single")
    assert when(result) == [("never", 0, 3), ("busy", 3, 4), ("quick", 4, 9)]


def test_not_longer_than_its_own_timeout():
    assert when(ring("never", timeout=4)) == [("never", 0, 4)]


def test_again_as_often_as_it_says():
    assert when(ring("never", timeout=4, repeats=3)) == [
        ("never", 0, 4),
        ("never", 4, 8),
        ("never", 8, 12),
    ]


def test_but_not_for_ever():
    result = ring("busy", timeout=4, repeats=1_000_000)
    assert len(result.dialled) == 50


def test_and_not_again_when_somebody_has_answered():
    assert when(ring("quick", repeats=3)) == [("quick", 0, 5)]


def test_one_who_declines_may_decline_for_all():
    result = ring("never", "no", fail_on_single_reject=True, repeats=2,
                  children={"CALL_REJECTED": "declined"})  # fmt: skip
    assert when(result) == [("never", 0, 1), ("no", 0, 1)]
    assert heard(result) == ["declined"]


def test_members_may_be_groups_within_groups_and_nobody_rings_twice():
    result = ring(member("outer", "group"), member("ann", "user"), "quick")
    assert when(result) == [("quick", 0, 5), ("never", 0, 2), ("slow", 1, 2)]


def test_the_delays_of_groups_and_members_add_up():
    groups = {"late": {"endpoints": [{"id": "never", "endpoint_type": "device", "delay": 2}]}}
    result = ring(member("late", "group", delay=3), people={"groups": groups})
    assert when(result) == [("never", 5, 20)]


def test_in_turn_each_has_its_own_time():
    members = [member(one, timeout=15) for one in ("never", "two")]
    assert when(ring(*members, strategy="single")) == [("never", 0, 15), ("never", 15, 30)]


@pytest.mark.parametrize(("direct", "dialled"), [(True, ["quick"]), (False, ["slow"])])
def test_a_forward_may_hold_for_direct_calls_only(direct, dialled):
    forward = {"enabled": True, "number": "300", "require_keypress": False}
    devices = PEOPLE["devices"] | {
        "quick": {
            "endpoint": "PJSIP/quick",
            "call_forward": forward | {"direct_calls_only": direct},
        }
    }
    callflows = {"slow": {"numbers": ["300"], "flow": {"module": "device", "data": {"id": "slow"}}}}
    result = ring("quick", people={"devices": devices, "callflows": callflows})
    assert [one.to for one in result.dialled] == dialled


@pytest.mark.parametrize(
    ("ringback", "sound"),
    [
        ("http://web.test/tone.wav", "http://web.test/tone.wav"),
        ("%(2000,4000,440,480)", "440+480/2000,0/4000"),
        ("", None),
        ("shout://no", None),
    ],
)
def test_the_caller_hears_what_it_says_instead_of_ringing(ringback, sound):
    flow = act("ring_group", {"endpoints": [member("quick")], "ringback": ringback})
    result = run(flow, directory=PEOPLE, dial=PARTIES, web={"tone.wav": {"audio": 1}})
    assert set(heard(result)) == ({sound} if sound else set())


def test_without_anybody_it_goes_on():
    assert heard(ring("nobody")) == ["elsewhere"]


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0, 2.0, 2.5, 4.0])
def test_a_caller_who_leaves_leaves_nothing_ringing(at):
    result = ring("never", member("quick", delay=1), do=[{"at": at, "hangup": True}], repeats=2)
    assert result.ended_at == pytest.approx(at)
    assert all(one.ended_at <= at + 0.01 for one in result.dialled)


def test_the_heavier_are_sooner_more_often():
    members = [Member(id="light", endpoint_type="device", weight=1),
               Member(id="heavy", endpoint_type="device", weight=100)]  # fmt: skip
    first = [shuffled(members)[0].id for _ in range(500)]
    assert first.count("heavy") > 400


def test_at_random_they_ring_in_turn():
    result = ring(member("busy", weight=50), member("no"), strategy="weighted_random")
    first, second = result.dialled
    assert (first.ended_at, second.at) == (1, 1)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({}, "$.data.endpoints"),
        ({"endpoints": []}, "$.data.endpoints"),
        ({"endpoints": [{"id": "a"}]}, "$.data.endpoints[0].endpoint_type"),
        ({"endpoints": [member("a", "list")]}, "$.data.endpoints[0].endpoint_type"),
        ({"endpoints": [member("a", weight=101)]}, "$.data.endpoints[0].weight"),
        ({"endpoints": [member("a")], "repeats": 0}, "$.data.repeats"),
        ({"endpoints": [member("a")], "strategy": "all"}, "$.data.strategy"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(data, where):
    with pytest.raises(InstructionError) as error:
        build({"module": "ring_group", "data": data})
    assert error.value.where == where


SOMEBODY = st.sampled_from(sorted(PARTIES))
TIMES = st.integers(0, 8)


@settings(max_examples=25, deadline=None)
@given(
    members=st.lists(st.tuples(SOMEBODY, TIMES, TIMES), min_size=1, max_size=5),
    strategy=st.sampled_from(["simultaneous", "single", "weighted_random"]),
    single=st.booleans(),
    repeats=st.integers(1, 2),
    leaves=st.floats(0, 40),
)
def test_however_they_ring_one_is_put_through_at_most(members, strategy, single, repeats, leaves):
    result = ring(
        *(member(name, delay=delay, timeout=timeout) for name, delay, timeout in members),
        strategy=strategy,
        fail_on_single_reject=single,
        repeats=repeats,
        do=[{"at": leaves, "hangup": True}],
    )
    assert len([one for one in result.dialled if one.bridged_at is not None]) <= 1
    assert all(one.ended_at is not None and one.ended_at <= result.ended_at + 0.1
               for one in result.dialled)  # fmt: skip
    assert result.ended_at <= leaves + 0.01
    assert not result.errors
