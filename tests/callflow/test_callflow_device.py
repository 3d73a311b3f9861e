"""device, user: which telephones ring, what they are shown, and where the call goes on."""

import pytest
from flows import act, codes, heard, run

PARTIES = {
    "alice": {"ring": 2, "answer": True, "talk": 3},
    "mobile": {"ring": 1, "no_answer": True},
    "busy": {"busy": True},
    "declines": {"ring": 1, "reject": True},
    "absent": {"fail": 480},
    "full": {"fail": 503},
    "+15550199": {"ring": 1, "answer": True},
}
PEOPLE = {
    "users": {"bob": {}, "ann": {"email": "ann@example.com"}, "nobody": {}},
    "devices": {
        "desk": {"endpoint": "PJSIP/caller", "owner": "bob"},
        "alice": {"endpoint": "PJSIP/alice", "owner": "ann"},
        "mobile": {"endpoint": "PJSIP/mobile", "owner": "ann"},
        "busy": {"endpoint": "PJSIP/busy"},
        "declines": {"endpoint": "PJSIP/declines"},
        "absent": {"endpoint": "PJSIP/absent"},
        "full": {"endpoint": "PJSIP/full"},
        "off": {"endpoint": "PJSIP/alice", "enabled": False},
        "bob2": {"endpoint": "PJSIP/alice", "owner": "bob"},
        "quiet": {"endpoint": "PJSIP/alice", "do_not_disturb": {"enabled": True}},
    },
    "trunks": {"out": {"endpoint": "PJSIP/{number}@trunk", "numbers": ["+1555*"]}},
}


def ring(module, data, do=(), people=None, **children):
    """Ring somebody; `_` speaks "elsewhere" unless it is said."""
    flow = act(module, data, **({"_": "elsewhere"} | children))
    return run(flow, do=do, directory=PEOPLE | (people or {}), dial=PARTIES)


def dialled(result):
    return [one.to for one in result.dialled]


@pytest.mark.parametrize("module", ["device", "user"])
def test_who_answers_is_put_through_and_the_flow_stops_when_they_leave(module):
    result = ring(module, {"id": "alice" if module == "device" else "ann"})
    alice = next(one for one in result.dialled if one.to == "alice")
    assert (alice.answered_at, alice.bridged_at, alice.ended_at) == (2, 2, 5)
    assert result.answered_at == 2
    assert (result.ended_by, result.ended_at) == ("callee", 5)
    assert "elsewhere" not in heard(result)
    assert not result.warnings


def test_all_of_a_users_telephones_ring_and_the_others_are_told_that_it_was_answered():
    result = ring("user", {"id": "ann"})
    assert dialled(result) == ["alice", "mobile"]
    assert [one.cause for one in result.dialled] == [16, 26]


def test_or_one_after_the_other():
    result = ring("user", {"id": "ann", "strategy": "single", "timeout": 1})
    assert [(one.to, one.at, one.ended_at) for one in result.dialled] == [
        ("alice", 0, 1),
        ("mobile", 1, 2),
    ]
    assert heard(result) == ["elsewhere"]


@pytest.mark.parametrize(
    ("who", "children", "way"),
    [
        ("busy", {"USER_BUSY": "busy"}, "busy"),
        ("busy", {"sip:486": "486"}, "486"),
        ("busy", {"USER_BUSY": "busy", "sip:486": "486"}, "busy"),
        ("busy", {"NO_ANSWER": "no answer"}, "elsewhere"),
        ("declines", {"CALL_REJECTED": "declined"}, "declined"),
        ("declines", {"sip:603": "603"}, "603"),
        ("mobile", {"NO_ANSWER": "no answer"}, "no answer"),
        ("absent", {"sip:480": "480"}, "480"),
        # KAZOO's causes are FreeSWITCH's; what Asterisk calls it counts as well
        ("absent", {"NO_USER_RESPONSE": "absent", "NO_ANSWER": "no answer"}, "absent"),
        ("absent", {"NO_ANSWER": "no answer", "sip:480": "480"}, "no answer"),
        ("full", {"NORMAL_TEMPORARY_FAILURE": "fails"}, "fails"),
        ("full", {"NORMAL_CIRCUIT_CONGESTION": "is full"}, "is full"),
    ],
)
def test_a_failure_takes_the_child_of_its_cause_or_its_status_else_the_other(who, children, way):
    assert heard(ring("device", {"id": who}, **children)) == [way]


def test_who_would_ring_only_after_the_time_is_over_does_not_answer():
    result = ring("device", {"id": "alice", "delay": 5, "timeout": 4}, NO_ANSWER="no answer")
    assert (heard(result), dialled(result)) == (["no answer"], [])


@pytest.mark.parametrize(("timeout", "seconds"), [(0, 20), (-1, 20), (7, 7), ("7", 7)])
def test_it_rings_for_its_timeout(timeout, seconds):
    (rung,) = ring("device", {"id": "mobile", "timeout": timeout}).dialled
    assert (rung.at, rung.ended_at, rung.sip) == (0, seconds, 487)


def test_it_begins_to_ring_after_its_delay():
    (rung,) = ring("device", {"id": "alice", "delay": 4}).dialled
    assert rung.at == 4


@pytest.mark.parametrize(
    ("module", "id_"),
    [("device", "off"), ("device", "quiet"), ("device", "desk"), ("device", "bob2"),
     ("user", "bob"), ("user", "nobody")],
)  # fmt: skip
def test_who_may_not_be_rung_is_not(module, id_):
    result = ring(module, {"id": id_})
    assert dialled(result) == []
    assert heard(result) == ["elsewhere"]


def test_but_oneself_where_that_is_wanted():
    assert dialled(ring("device", {"id": "bob2", "can_call_self": True})) == ["alice"]


@pytest.mark.parametrize("module", ["device", "user"])
def test_who_is_not_in_the_directory_is_noted(module):
    result = ring(module, {"id": "stranger"})
    assert heard(result) == ["elsewhere"]
    assert codes(result) == [90103]


@pytest.mark.parametrize("at", [0.0, 1.0, 1.99, 2.0, 2.01, 3.5, 4.99])
def test_a_caller_who_leaves_leaves_nothing_ringing(at):
    result = ring("user", {"id": "ann"}, do=[{"at": at, "hangup": True}])
    assert result.ended_at == pytest.approx(at)
    assert all(one.ended_at <= at + 0.01 for one in result.dialled)
    assert heard(result) == []


def test_do_not_disturb_and_its_end_hold_for_the_next_call():
    on = act("do_not_disturb", {"action": "activate", "id": "ann"})
    off = act("do_not_disturb", {"action": "deactivate", "id": "quiet"})
    quiet = {**on, "children": {"_": act("device", {"id": "alice"}, _="elsewhere")}}
    loud = {**off, "children": {"_": act("device", {"id": "quiet"}, _="elsewhere")}}
    assert dialled(run(quiet, directory=PEOPLE, dial=PARTIES)) == []
    assert dialled(run(loud, directory=PEOPLE, dial=PARTIES)) == ["alice"]


FORWARD = {"enabled": True, "number": "+15550199"}


def forwarding(**forward):
    users = PEOPLE["users"] | {"ann": {"call_forward": FORWARD | forward,
                                       "caller_id": {"external": {"number": "+15550123"}}}}  # fmt: skip
    return {"users": users}


def test_a_users_calls_go_to_a_number_once_and_not_to_their_telephones():
    result = ring("user", {"id": "ann"}, people=forwarding(require_keypress=False))
    assert dialled(result) == ["+15550199"]
    assert result.answered_at == 1


def test_and_to_them_as_well_where_it_does_not_substitute():
    people = forwarding(substitute=False, require_keypress=False)
    assert dialled(ring("user", {"id": "ann"}, people=people)) == ["+15550199", "alice", "mobile"]


def test_who_answers_a_forwarded_call_and_presses_no_key_is_let_go():
    result = ring("user", {"id": "ann"}, people=forwarding())
    (asked,) = result.dialled
    assert asked.bridged_at is None
    assert result.answered_at is not None  # by the words elsewhere
    assert heard(result) == ["elsewhere"]


def test_a_forward_for_direct_calls_holds_for_them():
    people = forwarding(require_keypress=False, direct_calls_only=True)
    assert dialled(ring("user", {"id": "ann"}, people=people)) == ["+15550199"]


def test_a_number_of_this_installation_is_rung_as_its_callflow_says():
    people = forwarding(number="300", require_keypress=False) | {
        "callflows": {
            "busy": {"numbers": ["300"], "flow": {"module": "device", "data": {"id": "busy"}}}
        }
    }
    assert dialled(ring("user", {"id": "ann"}, people=people)) == ["busy"]


def test_two_who_forward_to_each_other_are_no_loop():
    people = {
        "devices": {
            name: {"endpoint": f"PJSIP/{name}",
                   "call_forward": {"enabled": True, "number": other, "require_keypress": False}}
            for name, other in (("a", "301"), ("b", "300"))
        },
        "callflows": {
            name: {"numbers": [number], "flow": {"module": "device", "data": {"id": name}}}
            for name, number in (("a", "300"), ("b", "301"))
        },
    }  # fmt: skip
    result = ring("device", {"id": "a"}, people=people)
    assert dialled(result) == []
    assert heard(result) == ["elsewhere"]


def test_a_number_that_no_trunk_takes_is_noted():
    result = ring("user", {"id": "ann"}, people=forwarding(number="+4930111"))
    assert set(codes(result)) == {90103}
    assert heard(result) == ["elsewhere"]
