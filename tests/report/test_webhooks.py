"""Webhooks by configuration: who is told of what on a call, in KAZOO's words."""

import asyncio

import pytest
from line_fakes import Asterisk, call, now
from msgspec.structs import replace
from reported_calls import CDR, over, sent
from simulated import simulate

from ari_pivot import config
from ari_pivot.ari.events import Channel, ChannelHold, ChannelUnhold
from ari_pivot.call.aside import beside
from ari_pivot.call.dialled import Attempt, Progress, Target
from ari_pivot.call.legs_told import telling
from ari_pivot.errors import ConfigError
from ari_pivot.report.webhooks import Webhook, Webhooks

HOOK = "http://web.test/hook"
HANGUP = {"module": "hangup", "data": {}, "children": {}}
SAY = {"module": "tts", "data": {"text": "hello"}, "children": {"_": HANGUP}}
DIAL = "<Response><Dial><Number>+15551230002</Number></Dial></Response>"
TRUNK = {"trunks": {"out": {"endpoint": "PJSIP/{number}@out", "numbers": ["*"]}}}


def told(document, hook="all", replies=None, hooks=None, settings=None, **more):
    """Return what the webhooks were told on a simulated call, in order, and what came of it."""
    hooks = hooks or [{"hook": hook, "uri": HOOK}]
    result = simulate(
        document,
        web={"hook": replies or {"status": 200}},
        settings={"webhooks": hooks} | (settings or {}),
        **more,
    )
    return [one for one in result.requests if one.url.startswith(HOOK)], result


def names(requests):
    return [one.params["hook_event"] for one in requests]


def test_a_call_tells_its_beginning_its_answer_and_its_end_in_this_order():
    requests, _ = told(SAY)
    assert names(requests) == ["channel_create", "channel_answer", "channel_destroy"]
    create, _, destroy = (one.params for one in requests)
    assert create["caller_id_number"] == "+15551230001"
    assert create["callee_id_number"] == create["to"] == create["request"] == "1000"
    assert create["call_direction"] == "inbound"
    assert create["account_id"] == "0" * 32
    assert create["timestamp"] > 62_167_219_200
    assert "hangup_cause" not in create
    assert destroy["hangup_cause"] == "NORMAL_CLEARING"
    assert destroy["billing_seconds"] == destroy["duration_seconds"]
    assert {one.params["call_id"] for one in requests} == {create["call_id"]}


def test_a_slow_server_hears_of_one_call_in_order_and_holds_up_nobody():
    requests, result = told(SAY, replies={"status": 200, "delay": 9})
    assert names(requests) == ["channel_create", "channel_answer", "channel_destroy"]
    assert requests[1].at >= requests[0].at + 9
    assert result.ended_at < 5


def test_who_wants_one_event_is_told_of_that_one():
    requests, _ = told(SAY, hook=["channel_answer"])
    assert names(requests) == ["channel_answer"]


def test_a_caller_who_hangs_up_before_the_answer_is_told_as_such():
    requests, _ = told({"body": "<Response/>", "delay": 10}, do=[{"at": 1, "hangup": True}])
    assert names(requests) == ["channel_create", "channel_destroy"]
    assert requests[1].params["hangup_cause"] == "ORIGINATOR_CANCEL"
    assert requests[1].params["billing_seconds"] == 0


def test_a_call_that_is_put_through_tells_of_both_legs_and_of_the_bridge():
    party = {"+15551230002": {"ring": 2, "answer": True, "talk": 5}}
    requests, _ = told(DIAL, settings={"directory": TRUNK}, dial=party)
    by_name = [(one.params["hook_event"], one.params["call_direction"]) for one in requests]
    assert by_name == [
        ("channel_create", "inbound"),
        ("channel_answer", "inbound"),
        ("channel_create", "outbound"),
        ("channel_answer", "outbound"),
        ("channel_bridge", "inbound"),
        ("channel_destroy", "outbound"),
        ("channel_destroy", "inbound"),
    ]
    caller, _, leg, _, bridge, gone, _ = (one.params for one in requests)
    assert bridge["other_leg_call_id"] == leg["call_id"] == gone["call_id"]
    assert leg["other_leg_call_id"] == caller["call_id"] == bridge["call_id"]
    assert bridge["other_leg_destination_number"] == "+15551230002"
    assert gone["hangup_cause"] == "NORMAL_CLEARING"
    assert gone["billing_seconds"] == 5


@pytest.mark.virtual
async def test_a_call_on_hold_says_so_and_says_when_it_is_back():
    heard = []

    class Reports:
        def tell(self, call, event, more):
            heard.append((event, dict(more)))

    asterisk = Asterisk()
    line = call(asterisk)
    line.reports = Reports()
    attempt = Attempt(Target("PJSIP/alice"), now, lambda *_: None)
    line.join(attempt)
    line.receive(ChannelHold(Channel(line.caller.id)))
    line.receive(ChannelUnhold(Channel(attempt.id)))
    (hold, unhold) = heard
    assert hold == ("CHANNEL_HOLD", {})
    assert unhold[0] == "CHANNEL_UNHOLD"
    assert (unhold[1]["call_id"], unhold[1]["call_direction"]) == (attempt.id, "outbound")
    assert unhold[1]["other_leg_call_id"] == line.caller.id


@pytest.mark.parametrize(
    ("wanted", "method", "encoding"),
    [
        ({}, "POST", "application/x-www-form-urlencoded"),
        ({"format": "json"}, "POST", "application/json"),
        ({"http_verb": "get"}, "GET", None),
    ],
)
def test_the_verb_and_the_form_are_the_configurations(wanted, method, encoding):
    hook = {"hook": "channel_create", "uri": HOOK} | wanted
    ((one,), _) = told(SAY, hooks=[hook])
    assert one.method == method
    assert one.headers.get("Content-Type", "").partition(";")[0] == (encoding or "")


def test_custom_data_joins_what_is_said_and_wins():
    hook = {"hook": "channel_create", "uri": HOOK, "custom_data": {"to": "me", "tier": "gold"}}
    ((one,), _) = told(SAY, hooks=[hook])
    assert (one.params["to"], one.params["tier"]) == ("me", "gold")


@pytest.mark.parametrize(("retries", "tries"), [(0, 1), (2, 3), (4, 5)])
def test_it_is_tried_again_as_often_as_is_configured(retries, tries):
    hook = {"hook": "channel_create", "uri": HOOK, "retries": retries}
    requests, _ = told(SAY, hooks=[hook], replies={"error": "refused"})
    assert len(requests) == tries


def test_without_a_number_of_retries_it_is_tried_until_it_is_accepted():
    replies = [{"status": 503}] * 7 + [{"status": 200}]
    requests, _ = told(SAY, hook="channel_create", replies=replies)
    assert [one.status for one in requests] == [503] * 7 + [200]


def test_a_webhook_that_is_switched_off_is_told_nothing():
    requests, _ = told(SAY, hooks=[{"hook": "all", "uri": HOOK, "enabled": False}])
    assert requests == []


ALERT = {"recipients": [{"type": "email", "id": "a@example.com"}]}
WAIT = {"module": "sleep", "data": {"duration": 9}, "children": {}}


@pytest.mark.parametrize(
    ("module", "data", "event", "at"),
    [
        ("missed_call_alert", ALERT, "missed_call", 9),
        ("notification", ALERT | {"template_id": "t1"}, "cf_notification", 9),
        ("notification", ALERT | {"template_id": "t1", "send_at": "callflow_exec"},
         "cf_notification", 0),
    ],
)  # fmt: skip
def test_a_notification_is_told_to_who_wants_them_though_nobody_else_delivers_any(
    module, data, event, at
):
    flow = {"module": module, "data": data, "children": {"_": WAIT}}
    ((one,), result) = told(flow, hook="notifications")
    assert one.params["event_name"] == event
    assert one.params["to"] == ["a@example.com"]
    assert one.params["from_user"] == "+15551230001"
    assert one.params.get("template_id", "") == data.get("template_id", "")
    assert one.at == pytest.approx(at, abs=1)
    assert {name for name in one.params if not name.islower()} == set()
    assert result.warnings == []


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        ({"hook": "channel_crate", "uri": HOOK}, "hook"),
        ({"hook": "all"}, "uri"),
        ({"hook": "all", "uri": "ftp://web.test/x"}, "uri"),
        ({"hook": "all", "uri": HOOK, "retries": 5}, "retries"),
        ({"hook": "all", "uri": HOOK, "http_verb": "put"}, "http_verb"),
        ({"hook": "all", "uri": HOOK, "url": HOOK}, "url"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_by_its_key(hook, reason):
    with pytest.raises(ConfigError, match=rf"webhooks\[0\]\.{reason}"):
        config.build({"webhooks": [hook]}, "test")


@pytest.mark.virtual
async def test_the_end_of_a_call_whose_process_was_killed_is_told_by_the_next(process, web):
    hooks = Webhooks([Webhook(hook=["channel_destroy"], uri=HOOK)])
    async with process(webhooks=hooks, run=False) as reporter:
        line = over()
        reporter.tell(line, "CHANNEL_CREATE", {})
    async with process(webhooks=hooks) as reporter:
        reporter.close_lost(living=set())
    (one,) = web.accepted
    assert one.params["hook_event"] == "channel_destroy"
    assert one.params["hangup_cause"] == "NORMAL_UNSPECIFIED"


def legs(line, hooks):
    """Return what dials for a call: it takes the steps of its one leg."""
    attempt = Attempt(Target("PJSIP/alice"), line.clock, telling(line, lambda *_: None))
    line.reports = hooks
    return attempt


@pytest.mark.virtual
async def test_the_end_of_a_leg_whose_process_was_killed_is_told_by_the_next(process, web):
    hooks = Webhooks([Webhook(hook=["channel_destroy"], uri=HOOK)])
    async with process(webhooks=hooks, run=False) as reporter:
        line = call(Asterisk())
        reporter.tell(line, "CHANNEL_CREATE", {})
        for steps in ([Progress.INITIATED, Progress.ANSWERED], [Progress.INITIATED]):
            attempt = legs(line, reporter)
            for step in steps:
                attempt.step(step)
                await asyncio.sleep(2)
        attempt.end(17)  # the one that was not answered
        await asyncio.sleep(1)
        answered, busy = next(iter(line.facts.legs)), attempt.id
    async with process(webhooks=hooks) as reporter:
        reporter.close_lost(living=set())
    told = {one.params["call_id"]: one.params for one in web.accepted}
    assert len(web.accepted) == len(told) == 3
    assert told.keys() == {busy, answered, line.facts.id}
    assert told[busy]["hangup_cause"] == "USER_BUSY"
    assert told[answered]["hangup_cause"] == "NORMAL_UNSPECIFIED"
    assert told[answered]["call_direction"] == "outbound"
    assert told[answered]["ringing_seconds"] == 2
    assert told[answered]["billing_seconds"] == 6


@pytest.mark.virtual
async def test_the_leg_of_a_call_that_lives_on_has_ended_with_the_process(process, web):
    hooks = Webhooks([Webhook(hook=["channel_destroy"], uri=HOOK)])
    async with process(webhooks=hooks, run=False) as reporter:
        line = call(Asterisk())
        reporter.tell(line, "CHANNEL_CREATE", {})
        attempt = legs(line, reporter)
        attempt.step(Progress.INITIATED)
    for _ in range(2):
        async with process(webhooks=hooks) as reporter:
            facts = reporter.recall(line.facts.id)
            assert facts.legs == {}
    (one,) = web.accepted
    assert one.params["call_id"] == attempt.id


@pytest.mark.virtual
async def test_what_runs_beside_a_call_does_not_lift_its_debts(process, web):
    hooks = Webhooks([Webhook(hook=["channel_destroy"], uri=HOOK)])
    async with process(webhooks=hooks, run=False) as reporter:
        line = call(Asterisk(), cdr_url=CDR)
        reporter.owe(line)
        made = beside(line)
        made.facts = replace(line.facts, cdr_url="")
        legs(made, reporter).step(Progress.INITIATED)
    async with process(webhooks=hooks) as reporter:
        reporter.close_lost(living=set())
    assert sorted(sent(web)) == [CDR, HOOK, HOOK]


@pytest.mark.virtual
async def test_the_end_of_a_call_is_told_once_although_it_owes_a_cdr_too(process, web):
    hooks = Webhooks([Webhook(hook=["all"], uri=HOOK)])
    async with process(webhooks=hooks) as reporter:
        line = over(cdr_url=CDR)
        reporter.tell(line, "CHANNEL_CREATE", {})
        reporter.owe(line)
        await reporter.report(line)
    assert sorted(sent(web)) == [CDR, HOOK, HOOK]
