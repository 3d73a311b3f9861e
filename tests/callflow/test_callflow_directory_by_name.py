"""directory: the caller finds somebody by the keys of a name."""

import pytest
from flows import act, codes, heard, run

from ari_pivot.errors import Code

ENTER, FOUND, CONFIRM = (
    "Please enter the first letters of the person's name.",
    "One match. To call",
    "press 1. To start over, press 3.",
)
NOBODY, MORE = "dir-nomatch", "More letters of the name are needed."


def person(first, last, callflow="reception", **more):
    return {"first_name": first, "last_name": last, "directories": {"team": callflow}, **more}


PEOPLE = {
    "ann": person("Ann", "Smith"),
    "bob": person("Bob", "Smart"),
    "carl": person("Carl", "Jones"),
    "dora": {"first_name": "Dora", "last_name": "Elsewhere"},
}


def find(*do, users=None, **document):
    directory = {
        "users": {"bob": {}} | (PEOPLE if users is None else users),
        "directories": {"team": document},
    }
    return run(act("directory", {"id": "team"}, _="after"), do=list(do), directory=directory)


def press(at, keys):
    return {"at": at, "press": keys}


def test_the_only_one_with_that_name_is_called_once_confirmed():
    result = find(press(1, "566#"), press(4, "1"))
    assert heard(result) == [ENTER, FOUND, "Carl Jones", CONFIRM, "reception", "after"]


def test_a_match_that_is_not_confirmed_begins_again():
    result = find(press(1, "566#"), press(4, "3"), press(5, "227#"), press(9, "1"))
    assert heard(result).count(ENTER) == 2
    assert "reception" not in heard(result)[:5]
    assert heard(result)[-2:] == ["reception", "after"]


def test_a_match_need_not_be_confirmed():
    result = find(press(1, "566#"), confirm_match=False)
    assert heard(result) == [ENTER, "reception", "after"]


@pytest.mark.parametrize(
    ("order", "first", "second"),
    [("last_name", "Bob Smart", "Ann Smith"), ("first_name", "Ann Smith", "Bob Smart")],
)
def test_several_are_offered_in_order(order, first, second):
    result = find(press(1, "762#"), press(4, "2"), sort_by=order, search_fields="last_name",
                  users={"ann": person("Ann", "Smart-er"), "bob": person("Bob", "Smart")})  # fmt: skip
    assert "dir-intro" in heard(result)
    both = find(press(1, "76#"), press(5, "2"), press(9, "1"), min_dtmf=2, sort_by=order)
    assert [one for one in heard(both) if one in {first, second}] == [first, second]
    assert heard(both)[-2:] == ["reception", "after"]


@pytest.mark.parametrize(
    ("fields", "keys", "found"),
    [("first_name", "266", True), ("first_name", "764", False), ("last_name", "764", True),
     ("last_name", "266", False), ("both", "266", True), ("both", "764", True)],
)  # fmt: skip
def test_which_name_counts(fields, keys, found):
    result = find(press(1.0, f"{keys}#"), press(4.5, "1"), search_fields=fields)
    assert ("Ann Smith" in heard(result)) is found
    assert (NOBODY in heard(result)) is not found


def test_too_few_letters_are_said():
    result = find(press(1, "5#"), press(6, "566#"), press(10, "1"))
    assert heard(result)[:3] == [ENTER, MORE, ENTER]
    assert "reception" in heard(result)


def test_as_many_letters_as_are_needed_at_most_need_no_end():
    result = find(press(1, "566"), max_dtmf=3, confirm_match=False)
    assert result.heard[1].at < 2


def test_who_enters_nothing_is_let_go_after_three_times():
    result = find()
    assert [one for one in heard(result) if one == ENTER] == [ENTER] * 3
    assert result.ended_by == "pivot"
    assert "after" not in heard(result)


def test_zero_leaves():
    assert heard(find(press(1, "0#"))) == [ENTER, "after"]


def test_a_directory_of_nobody_says_so():
    assert heard(find(users={})) == [NOBODY, "after"]


def test_somebody_whose_callflow_is_gone_leads_on():
    result = find(
        press(1, "566#"), users={"c": person("Carl", "Jones", "gone")}, confirm_match=False
    )
    assert heard(result) == [ENTER, "after"]


def test_a_directory_that_is_not_there_is_noted_and_passed_over():
    result = run(act("directory", {"id": "nowhere"}, _="after"))
    assert heard(result) == ["after"]
    assert codes(result) == [Code.UNKNOWN_ID]
