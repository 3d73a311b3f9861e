"""cidlistmatch and lookupcidname: lists of numbers."""

import pytest
from flows import act, asked, heard, run

NEXT = act("pivot", {"voice_url": "http://web.test/next"})


def lists(*entries):
    return {"lists": {"vip": {"entries": list(entries)}}}


@pytest.mark.parametrize(
    ("entry", "taken"),
    [
        ({"number": "+15551230001"}, "match"),
        ({"number": "15551230001"}, "match"),
        ({"prefix": "+1555"}, "match"),
        ({"prefix": "555"}, "nomatch"),
        ({"pattern": "0001$"}, "match"),
        ({"pattern": "^1555"}, "nomatch"),
        ({"number": "+15551230002"}, "nomatch"),
    ],
)
def test_a_caller_is_in_a_list_or_not(entry, taken):
    flow = act("cidlistmatch", {"id": "vip"}, match="match", nomatch="nomatch", _="else")
    assert heard(run(flow, directory=lists(entry))) == [taken]


def test_without_the_child_the_wildcard_is_taken():
    flow = act("cidlistmatch", {"id": "vip"}, _="else")
    assert heard(run(flow, directory=lists({"prefix": "+1"}))) == ["else"]
    assert heard(run(flow, directory=lists())) == ["else"]


def test_nobody_is_in_a_list_that_is_not_there():
    flow = act("cidlistmatch", {"id": "nowhere"}, match="match", nomatch="nomatch")
    assert heard(run(flow)) == ["nomatch"]


@pytest.mark.parametrize(
    ("entries", "name"),
    [
        ([{"prefix": "+1555", "displayname": "Short"}, {"prefix": "+1555123", "displayname": "Long"}], "Long"),
        ([{"pattern": "^", "displayname": "Pattern"}, {"prefix": "+1", "displayname": "Prefix"}], "Prefix"),
        ([{"pattern": "^", "displayname": "Pattern"}], "Pattern"),
        ([{"prefix": "+1", "cid_name": "Caller"}], "Caller"),
        ([{"prefix": "+44", "displayname": "No"}], "unknown"),
        ([{"prefix": "+1"}], "unknown"),
        ([], "unknown"),
    ],
)  # fmt: skip
def test_a_name_is_looked_up(entries, name):
    flow = act("lookupcidname", {"lists": ["nowhere", "vip"]}, _=NEXT)
    assert asked(run(flow, directory=lists(*entries)))["Caller-ID-Name"] == name


def test_lists_are_looked_through_in_their_order_prefixes_first():
    # KAZOO, cf_lookupcidname: the first list with a prefix that fits, then all patterns
    directory = {
        "lists": {
            "a": {"entries": [{"pattern": "^", "displayname": "Pattern"}]},
            "b": {"entries": [{"prefix": "+1", "displayname": "B"}]},
            "c": {"entries": [{"prefix": "+1555", "displayname": "C"}]},
        }
    }
    for lists, name in ((["a", "b", "c"], "B"), (["a", "c", "b"], "C"), (["a"], "Pattern")):
        flow = act("lookupcidname", {"lists": lists}, _=NEXT)
        assert asked(run(flow, directory=directory))["Caller-ID-Name"] == name
