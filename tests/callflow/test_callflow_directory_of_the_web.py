"""A directory that is asked of a web server: what it answers counts as what is configured does."""

import json

import pytest
from flows import act, codes, heard, run

from ari_pivot.errors import Code

URL = "http://web.test/directory"
NOTHING = {"status": 404}
MENU = {"menus": {"main": {"timeout": 500, "retries": 1, "media": {"greeting": "tts://hello"}}}}
SALES = {"callflows": {"sales": {"numbers": ["300"], "flow": act("tts", {"text": "sales"})}}}


def answer(piece, **headers):
    return {"status": 200, "body": piece, "headers": {"Content-Type": "application/json"} | headers}


def call(flow, *answers, do=(), first=NOTHING, **more):
    """Run a flow; the source is asked for the telephone first, then gives these answers in turn."""
    replies = [dict(one) for one in (first, *answers, NOTHING)]
    for one in replies:
        if "body" in one and not isinstance(one["body"], str):
            one["body"] = json.dumps(one["body"])
    directory = {"url": URL} | more.pop("directory", {})
    return run(flow, do=list(do), directory=directory, web={URL: replies}, **more)


def asked(result):
    return [
        (one.params.get("kind"), one.params.get("id"))
        for one in result.requests
        if one.kind == "directory"
    ]


def test_what_a_module_names_is_asked_for_when_it_runs():
    result = call(act("menu", {"id": "main"}, timeout="late"), answer(MENU))
    assert heard(result) == ["hello", "late"]
    assert ("menu", "main") in asked(result)


def test_what_is_configured_is_not_asked_for():
    result = call(act("menu", {"id": "main"}, timeout="late"), directory=MENU)
    assert ("menu", "main") not in asked(result)
    assert heard(result) == ["hello", "late"]


def test_what_was_asked_for_is_not_asked_for_again_in_a_call():
    flow = act("menu", {"id": "main"}, timeout=act("menu", {"id": "main"}, timeout="late"))
    result = call(flow, answer(MENU))
    assert asked(result).count(("menu", "main")) == 1


def test_what_is_not_there_is_noted_as_without_a_source():
    result = call(act("callflow", {"id": "main"}, _="after"))
    assert heard(result) == ["after"]
    assert codes(result) == [Code.UNKNOWN_ID]


@pytest.mark.parametrize(
    ("reply", "code", "said"),
    [
        ({"status": 500}, Code.HTTP_STATUS, "answered 500"),
        ({"error": "timeout"}, Code.TIMEOUT, ""),
        (answer("no json"), Code.JSON_SYNTAX, "not JSON"),
        (answer({"menus": {"main": {"retries": 99}}}), Code.FLOW_SCHEMA, "menus.main.retries"),
        (
            answer({"devices": {"d": {"endpoint": "PJSIP/d", "owner": "nobody"}}}),
            Code.FLOW_SCHEMA,
            "no user",
        ),
    ],
)
def test_a_source_that_fails_is_said_with_its_url_and_the_call_goes_on(reply, code, said):
    result = call(act("menu", {"id": "main"}, _="after"), reply)
    assert heard(result) == ["after"]
    (problem,) = result.warnings
    assert problem.code == code
    assert said in problem.message
    assert problem.where.startswith(URL)


def test_a_number_that_is_dialled_in_a_menu_is_asked_for():
    result = call(
        act("menu", {"id": "main"}),
        answer({"menus": {"main": {"timeout": 5000}}}),
        answer(SALES),
        do=[{"at": 1.5, "press": "300#"}],
    )
    assert "sales" in heard(result)


def test_a_number_that_a_call_is_transferred_to_is_asked_for():
    result = call(act("transfer", {"target": "300"}, _="after"), answer(SALES))
    assert heard(result) == ["sales"]
    assert ("number", "300") in asked(result)


def test_so_are_the_number_that_calls_are_forwarded_to_and_whom_it_rings():
    forwards = {"enabled": True, "number": "300", "require_keypress": False}
    rings = {"callflows": {"own": {"numbers": ["300"], "flow": act("device", {"id": "mobile"})}}}
    result = call(
        act("device", {"id": "desk"}),
        answer(rings),
        answer({"devices": {"mobile": {"endpoint": "PJSIP/mobile"}}}),
        directory={"devices": {"desk": {"endpoint": "PJSIP/desk", "call_forward": forwards}}},
        dial={"mobile": {"ring": 1, "answer": True, "talk": 2}},
    )
    assert [one.to for one in result.dialled] == ["mobile"]
    assert asked(result)[1:] == [("number", "300"), ("device", "mobile")]


def test_the_telephone_that_calls_is_asked_for():
    piece = {
        "users": {"bob": {}},
        "devices": {
            "desk2": {"endpoint": "PJSIP/caller", "owner": "bob", "variables": {"colour": "blue"}}
        },
    }
    flow = act("branch_variable", {"variable": "colour", "scope": "device"}, blue="blue", _="else")
    result = call(flow, first=answer(piece))
    assert ("endpoint", "PJSIP/caller") in asked(result)
    assert heard(result) == ["blue"]


@pytest.mark.parametrize(
    ("flow", "wanted"),
    [
        (act("temporal_route", {"rules": ["a"]}, b="b", _="else"), [("rule", "a"), ("rule", "b")]),
        (act("lookupcidname", {"lists": ["a", "b"]}), [("list", "a"), ("list", "b")]),
        (act("dynamic_cid", {"action": "list", "id": "a"}), [("list", "a")]),
        (
            act("missed_call_alert", {"recipients": [
                {"type": "user", "id": ["a", "b"]}, {"type": "email", "id": "c@example.com"}]}),
            [("user", "a"), ("user", "b")],
        ),
    ],
    ids=lambda one: one["module"] if isinstance(one, dict) else "",
)  # fmt: skip
def test_all_that_a_module_names_is_asked_for(flow, wanted):
    result = call(flow, do=[{"at": 20, "hangup": True}])
    assert [one for one in asked(result) if one[0] != "endpoint"] == wanted
