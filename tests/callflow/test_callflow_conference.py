"""conference: the caller meets the others, as a member or moderator."""

import pytest
from flows import act, codes, heard
from simulated import meet, simulate

ID = "0123456789abcdef0123456789abcdef"
DIRECTORY = {
    "conferences": {
        ID: {
            "conference_numbers": ["700"],
            "member": {"pins": ["1111"], "join_muted": False},
            "moderator": {"pins": ["2222"]},
            "max_participants": 2,
        }
    }
}
QUIET = {"welcome_prompt": {"play": False}}


def adhoc(**config):
    quiet = {"member": {"play_entry_prompt": False} | config.pop("member", {})}
    return act("conference", QUIET | {"config": {"name": "room"} | quiet | config})


def leaves(at, press=None):
    pressed = [{"at": press[0], "press": press[1]}] if press else []
    return [*pressed, {"at": at, "hangup": True}]


def music(person):
    return [(one.began, one.ended) for one in person.sounds if one.media.startswith("moh:")]


def sounds(person):
    return [one.media for one in person.sounds if one.media.startswith("sound:")]


# KAZOO says: moh-sound is heard "while participant count is 1"
def test_whoever_is_alone_hears_music():
    _, (ann, bob) = meet((0, adhoc(), leaves(20)), (4, adhoc(), leaves(5)))
    assert [round(one[0]) for one in music(ann)] == [0, 9]
    assert round(music(ann)[0][1]) == 4
    assert music(bob) == []


# KAZOO says: wait_for_moderator, "should members wait for a moderator before joining"
def test_members_wait_for_a_moderator_where_that_is_wanted():
    member = adhoc(wait_for_moderator=True)
    moderator = adhoc(wait_for_moderator=True, moderator={"play_entry_prompt": False})
    moderator["data"]["moderator"] = True
    _, (ann, _, _) = meet(
        (0, member, leaves(20)), (2, member, leaves(19)), (6, moderator, leaves(9))
    )
    assert round(music(ann)[0][1]) == 6


@pytest.mark.parametrize(
    ("config", "heard_by_ann"),
    [
        ({}, ["sound:beep", "sound:beeperr"]),
        ({"play_entry_tone": False}, ["sound:beeperr"]),
        ({"play_exit_tone": False}, ["sound:beep"]),
        ({"play_entry_tone": "ping", "play_exit_tone": False}, ["sound:ping"]),
    ],
)
def test_the_others_hear_who_comes_and_goes(config, heard_by_ann):
    _, (ann, _, _) = meet(
        (0, adhoc(), leaves(20)), (2, adhoc(play_entry_tone=False), leaves(18)),
        (4, adhoc(**config), leaves(5)),
    )  # fmt: skip
    assert sounds(ann) == heard_by_ann


def test_the_flow_decides_about_tones_before_the_conference_does():
    flow = adhoc(play_entry_tone=True)
    flow["data"] |= {"play_entry_tone": False, "play_exit_tone": False}
    _, (ann, _, _) = meet((0, adhoc(), leaves(20)), (2, flow, leaves(18)), (4, flow, leaves(5)))
    assert sounds(ann) == []


# KAZOO says: "Prompt conf-welcome", PIN, "conf-joining_conference"
def test_the_caller_is_greeted_and_asked_for_a_pin():
    result = simulate(
        act("conference", {"id": ID}), do=leaves(30, (5, "1111#")),
        settings={"directory": DIRECTORY},
    )  # fmt: skip
    assert heard(result)[:2] == ["Welcome to the conference.", "conf-getpin"]
    assert "conf-placeintoconf" in heard(result)
    assert [one.kind for one in result.heard][-1] == "hold"


def test_after_three_wrong_pins_the_call_is_over():
    result = simulate(
        act("conference", {"id": ID} | QUIET), settings={"directory": DIRECTORY},
        do=[{"at": at, "press": "9#"} for at in (1, 8, 16)],
    )  # fmt: skip
    assert heard(result).count("conf-invalidpin") == 3
    assert result.ended_by == "pivot"


def test_without_an_id_the_caller_is_asked_for_a_number():
    result = simulate(
        act("conference", QUIET), settings={"directory": DIRECTORY},
        do=[{"at": 1, "press": "5#"}, {"at": 8, "press": "700#"}, {"at": 12, "press": "1111#"},
            {"at": 40, "hangup": True}],
    )  # fmt: skip
    names = heard(result)
    assert names[:2] == ["conf-getconfno", "conf-invalid"]
    assert "conf-getpin" in names
    assert "conf-placeintoconf" in names


def test_a_full_conference_says_so_and_hangs_up():
    config = {"max_participants": 1}
    result, (_, bob) = meet((0, adhoc(**config), leaves(20)), (4, adhoc(**config), []))
    del result
    assert sounds(bob) == ["sound:conf-full"]


def test_names_are_not_asked_for():
    flow = act("conference", QUIET | {"config": {"play_name": True}})
    assert codes(simulate(flow, do=leaves(5))) == [13750]


@pytest.mark.parametrize("config", [{"max_participants": "many"}, {"member": {"pins": ["12a"]}}])
def test_a_faulty_conference_is_refused(config):
    result = simulate(act("conference", {"config": config}), do=leaves(5))
    assert codes(result) == [90101]
