"""fax_detect and receive_fax: Asterisk's own faxes, which the caller is put through to."""

import pytest
from flows import act, codes, heard, run

from ari_pivot.callflow import build
from ari_pivot.errors import Code, InstructionError

CHILDREN = {"ON_FAX": "fax", "ON_VOICE": "voice", "_": "else"}


def detect(party, do=(), data=None, children=None):
    return run(act("fax_detect", data, **(children or CHILDREN)), do=do, dial={"detect-5": party})


@pytest.mark.parametrize(
    ("talk", "branch"), [(1, "fax"), (4.5, "fax"), (5, "voice")], ids=["heard", "late", "not heard"]
)
def test_a_fax_is_told_from_a_person(talk, branch):
    result = detect({"answer": True, "talk": talk})
    assert heard(result) == [branch]
    assert result.answered_at is not None
    assert result.warnings == []


def test_without_that_child_the_other_is_taken():
    result = detect({"answer": True, "talk": 1}, children={"_": "else"})
    assert heard(result) == ["else"]


def test_it_listens_for_so_many_seconds():
    flow = act("fax_detect", {"duration": 2}, **CHILDREN)
    result = run(flow, dial={"detect-2": {"answer": True, "talk": 2}})
    assert heard(result) == ["voice"]
    assert 2 <= result.heard[0].at < 2.5


@pytest.mark.parametrize("module", ["fax_detect", "receive_fax"])
def test_an_asterisk_without_faxes_is_noted_and_passed_over(module):
    result = run(act(module, _="after"))
    assert heard(result) == ["after"]
    assert codes(result) == [Code.ASTERISK_REFUSED]


@pytest.mark.parametrize("module", ["fax_detect", "receive_fax"])
def test_a_caller_who_hangs_up_leaves_nothing_behind(module):
    dial = {f"detect-{seconds}": {"answer": True} for seconds in (5,)} | {
        f"receive-fax-{number:032x}": {"answer": True, "talk": 20} for number in range(50)
    }
    result = run(act(module, {}), do=[{"at": 3, "hangup": True}], dial=dial)
    assert result.ended_by == "caller"
    assert all(one.ended_at is not None for one in result.dialled)


def test_where_no_fax_has_come_webhooks_are_told_that_it_failed():
    dial = {f"receive-fax-{number:032x}": {"answer": True, "talk": 3} for number in range(50)}
    hooks = [{"hook": "notifications", "uri": "http://web.test/hook"}]
    result = run(
        act("receive_fax", _="after"), dial=dial, webhooks=hooks, web={"hook": {"status": 204}}
    )
    assert heard(result) == []
    assert result.ended_by == "pivot"
    (told,) = [one.params for one in result.requests if one.kind == "webhook"]
    assert told["event_name"] == "fax_inbound_error_to_email"
    assert codes(result) == [Code.STORE]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"owner_id": 5}, "$.data.owner_id"),
        ({"media": {"fax_option": "never"}}, "$.data.media.fax_option"),
        ({"media": []}, "$.data.media"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(data, place):
    with pytest.raises(InstructionError) as caught:
        build({"module": "receive_fax", "data": data})
    assert caught.value.where.startswith(place)


@pytest.mark.parametrize("option", ["auto", "true", "false", True, False])
def test_what_is_said_of_t38_is_taken(option):
    build({"module": "receive_fax", "data": {"media": {"fax_option": option}}})
