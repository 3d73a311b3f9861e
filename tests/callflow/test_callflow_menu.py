"""menu: an auto-attendant."""

import pytest
from flows import act, codes, heard, run

from ari_pivot.errors import Code

NO_PROMPT, INVALID, TRANSFER, EXIT, GOODBYE = (
    "vm-enter-num-to-call",
    "pm-invalid-option",
    "pls-hold-while-try",
    "sorry-youre-having-problems",
    "vm-goodbye",
)  # what the box has for KAZOO's prompts


def menu(do=(), data=None, children=None, web=None, **document):
    return run(
        act("menu", {"id": "main"} | (data or {}), **(children or {"1": "one"})),
        do=do,
        directory={"menus": {"main": document}},
        web=web,
    )


def press(at, keys):
    return {"at": at, "press": keys}


def test_the_child_is_what_is_pressed():
    children = {"1": "one", "12": "twelve", "_": "else"}
    assert heard(menu([press(1.5, "1")], children=children))[1:] == ["one"]
    assert heard(menu([press(1.5, "12")], children=children))[1:] == ["twelve"]
    assert heard(menu([press(1.5, "1#")], children=children))[1:] == ["one"]


def test_it_answers_and_greets():
    web = {"greeting.wav": {"audio": 3}}
    result = menu([press(5, "1#")], media={"greeting": "http://web.test/greeting.wav"}, web=web)
    assert result.answered_at is not None
    assert heard(result) == ["http://web.test/greeting.wav", "one"]
    assert heard(menu([press(5, "1#")])) == [NO_PROMPT, "one"]


def test_a_key_ends_the_greeting_and_counts():
    web = {"greeting.wav": {"audio": 30}}
    result = menu([press(2, "1#")], media={"greeting": "http://web.test/greeting.wav"}, web=web)
    assert result.heard[0].interrupted
    assert result.heard[0].until == pytest.approx(2.1, abs=0.05)
    assert heard(result)[1:] == ["one"]


def test_as_many_keys_as_the_longest_extension_are_enough():
    result = menu([press(2, "12")], max_extension_length=2, children={"12": "twelve"})
    assert heard(result)[1:] == ["twelve"]
    assert result.heard[1].at < 3.5


@pytest.mark.parametrize(
    ("data", "document", "pause"),
    [({}, {}, 2.0), ({"interdigit_timeout": 500}, {}, 0.5), ({"interdigit_timeout": 500}, {"interdigit_timeout": 4000}, 4.0)],
)  # fmt: skip
def test_after_the_last_key_it_waits_for_another(data, document, pause):
    result = menu([press(2, "1")], data=data, **document)
    assert result.heard[1].at == pytest.approx(2.1 + pause, abs=0.1)


def test_nothing_pressed_takes_the_child_timeout():
    result = menu(timeout=3000, children={"timeout": "late", "_": "else"})
    assert heard(result)[1:] == ["late"]
    assert result.heard[1].at == pytest.approx(result.heard[0].until + 3, abs=0.1)


def test_nothing_pressed_costs_a_retry_without_that_child():
    result = menu(timeout=1000, retries=2, children={"1": "one", "_": "else"})
    assert heard(result) == [NO_PROMPT, NO_PROMPT, EXIT, TRANSFER, "else"]


def test_what_is_invalid_is_said_and_costs_a_retry_but_does_not_take_the_wildcard():
    result = menu([press(0.5, "9#")], timeout=1000, retries=2, children={"1": "one", "_": "else"})
    assert heard(result) == [NO_PROMPT, INVALID, NO_PROMPT, EXIT, TRANSFER, "else"]


def test_after_what_was_invalid_the_caller_may_choose():
    result = menu([press(2, "9#"), press(5, "1#")])
    assert heard(result) == [NO_PROMPT, INVALID, NO_PROMPT, "one"]


def test_in_the_end_the_child_max_retries_is_taken():
    children = {"max_retries": "enough", "_": "else"}
    result = menu(timeout=500, retries=1, children=children)
    assert heard(result) == [NO_PROMPT, EXIT, "enough"]


def test_in_the_end_without_any_child_it_says_goodbye():
    result = menu(timeout=500, retries=1)
    assert heard(result) == [NO_PROMPT, EXIT, GOODBYE]
    assert result.ended_by == "pivot"


def test_its_prompts_can_be_others_or_none():
    media = {"invalid_media": "tts://wrong", "exit_media": False, "transfer_media": "tts://bye"}
    result = menu([press(0.5, "9#")], timeout=500, retries=1, media=media,
                  children={"1": "one", "_": "else"})  # fmt: skip
    assert heard(result) == [NO_PROMPT, "wrong", "bye", "else"]


def test_the_prompt_for_what_is_invalid_can_be_suppressed():
    result = menu([press(0.5, "9#")], timeout=500, retries=1, suppress_media=True)
    assert heard(result) == [NO_PROMPT, EXIT, GOODBYE]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({}, True),
        ({"hunt": False}, False),
        ({"hunt_allow": "^2"}, True),
        ({"hunt_allow": "^3"}, False),
        ({"hunt_deny": "^2"}, False),
        ({"hunt_deny": "^3"}, True),
    ],
)
def test_a_number_is_hunted_for(document, found):
    result = menu([press(0.5, "200#")], timeout=500, retries=1, **document)
    assert ("reception" in heard(result)) is found
    assert (TRANSFER in heard(result)) is found
    assert (INVALID in heard(result)) is not found


def test_a_child_comes_before_a_number_that_is_hunted_for():
    assert heard(menu([press(2, "200#")], children={"200": "mine"}))[1:] == ["mine"]


def test_the_callflow_for_all_numbers_is_not_hunted_for():
    flows = {"rest": {"numbers": ["no_match"], "flow": {"module": "tts", "data": {"text": "rest"}}}}
    result = run(
        act("menu", {"id": "main"}),
        do=[press(0.5, "555#")],
        directory={"menus": {"main": {"timeout": 500, "retries": 1}}, "callflows": flows},
    )
    assert "rest" not in heard(result)


def test_after_a_number_that_was_hunted_for_the_menus_wildcard_follows():
    result = menu([press(2, "200#")], children={"_": "after"})
    assert heard(result) == [NO_PROMPT, TRANSFER, "reception", "after"]


def test_keys_pressed_before_it_are_not_its():
    flow = act("sleep", {"duration": 3}, _=act("menu", {"id": "main"}, **{"1": "one"}))
    result = run(
        flow, do=[press(1, "1")], directory={"menus": {"main": {"timeout": 500, "retries": 1}}}
    )
    assert "one" not in heard(result)


def test_a_menu_that_is_not_there_is_noted_and_has_what_is_usual():
    # KAZOO, cf_menu: without its document a menu has the defaults of the code, which do not hunt
    unknown = act("menu", {"id": "nowhere"}, **{"1": "one", "_": "else"})
    result = run(unknown, do=[press(2, "1#")])
    assert heard(result) == [NO_PROMPT, "one"]
    assert codes(result) == [Code.UNKNOWN_ID]
    assert heard(run(unknown, do=[press(2, "200#")]))[1] == INVALID
    silent = run(unknown)
    assert heard(silent) == [NO_PROMPT] * 3 + [EXIT, TRANSFER, "else"]
    assert silent.heard[1].at == pytest.approx(11)


RECORDED = [press(1.2, "9999"), {"at": 4, "speak": 4}, press(8, "#"), press(9.5, "1")]


def recordable(do, directory=None, **document):
    """Let the caller record a greeting, and hear it in the same menu again."""
    return run(
        act("menu", {"id": "main"}, **{"1": "one"}),
        do=do,
        directory={"menus": {"main": {"record_pin": "9999", "timeout": 2000, "retries": 1} | document}}
        | (directory or {}),
    )  # fmt: skip


def test_by_its_pin_the_greeting_is_recorded_and_heard_from_then_on():
    # KAZOO, cf_menu: a child, then hunting, then `record_pin`; the menu begins again, no try less
    result = recordable([*RECORDED, press(16, "1#")])
    *_, saved, returning, greeted, one = [(one.kind, one.value) for one in result.heard]
    assert heard(result)[:2] == [NO_PROMPT, "vm-rec-unv"]
    assert (saved[1], returning[1]) == ("vm-msgsaved", "Returning to the menu.")
    assert greeted == ("play", result.recordings[0].name)
    assert (one[1], codes(result)) == ("one", [])


def test_strangers_may_not_record_unless_the_menu_says_so():
    nobody = {"devices": {}}
    assert INVALID in heard(recordable(RECORDED, nobody))
    assert "vm-rec-unv" in heard(recordable(RECORDED, nobody, allow_record_from_offnet=True))


def test_a_greeting_that_is_not_saved_is_dropped():
    result = recordable([*RECORDED[:3], {"at": 60, "hangup": True}])
    assert "vm-deleted" in heard(result)
    assert heard(result).count(NO_PROMPT) == 2


@pytest.mark.parametrize("at", [2.2, 3.2, 5, 9, 11])
def test_a_caller_may_hang_up_at_every_moment_of_it(at):
    do = [one for one in RECORDED if one["at"] < at]
    result = recordable([*do, {"at": at, "hangup": True}])
    assert (result.ended_by, result.ended_at, result.errors) == ("caller", pytest.approx(at), [])
