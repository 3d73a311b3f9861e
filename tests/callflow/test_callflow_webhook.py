"""webhook: telling a web server of the call."""

import pytest
from flows import act, chain, codes, heard, run

from ari_pivot.errors import Code

HOOK = "http://web.test/hook"


def hook(data, replies=({"status": 200},), **more):
    flow = chain(("webhook", {"uri": HOOK} | data))
    result = run(flow, web={"hook": list(replies)}, **more)
    return [one for one in result.requests if one.kind == "webhook"], result


def test_it_says_what_is_known_of_the_call_and_goes_on_at_once():
    (told,), result = hook({}, replies=[{"status": 200, "delay": 10}])
    assert told.method == "GET"
    assert told.params["caller_id_number"] == "+15551230001"
    assert told.params["caller_id_name"] == "unknown"
    assert told.params["callee_id_number"] == "1000"
    assert told.params["call_direction"] == "inbound"
    assert told.params["from"] == told.params["from_user"] == "+15551230001"
    assert told.params["account_id"] == "0" * 32
    assert told.params["authorizing_id"] == "desk"
    assert told.params["owner_id"] == "bob"
    assert len(result.requests) == 3
    assert result.ended_at < 5


@pytest.mark.parametrize(("verb", "method"), [("post", "POST"), ("get", "GET")])
def test_the_verb_is_the_flows(verb, method):
    (told,), _ = hook({"http_verb": verb})
    assert told.method == method


def test_custom_data_and_variables_are_sent_along():
    flow = chain(
        ("set_variables", {"custom_application_vars": {"tier": "gold"}}),
        ("webhook", {"uri": HOOK, "custom_data": {"a": "b", "language": "mine"}}),
    )
    result = run(flow, web={"hook": {"status": 200}})
    (told,) = [one for one in result.requests if one.kind == "webhook"]
    assert told.params["custom_application_vars"] == {"tier": "gold"}
    assert told.params["a"] == "b"
    assert told.params["language"] == "mine"


@pytest.mark.parametrize(
    ("retries", "tries"), [(None, 3), (1, 1), ("2", 2), (5, 5), (99, 5), (0, 1), (-3, 1)]
)
def test_a_server_that_does_not_answer_is_asked_again(retries, tries):
    data = {} if retries is None else {"retries": retries}
    told, _ = hook(data, replies=[{"error": "refused"}])
    assert len(told) == tries


def test_it_is_sent_although_the_caller_hangs_up_meanwhile():
    told, _ = hook(
        {},
        replies=[{"status": 503}, {"status": 200}],
        do=[{"at": 0.5, "hangup": True}],
    )
    assert [one.status for one in told] == [503, 200]


def test_without_a_uri_nothing_is_sent():
    result = run(act("webhook", {}, _="after"))
    assert heard(result) == ["after"]
    assert codes(result) == [Code.INVALID_URL]
