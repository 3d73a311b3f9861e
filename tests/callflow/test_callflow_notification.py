"""missed_call_alert and notification: told to whoever delivers them."""

import pytest
from callflow_line import walk
from flows import act, chain, codes, heard, run

from ari_pivot.callflow import build
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import Code

PEOPLE = [
    {"type": "email", "id": "a@example.com"},
    {"type": "email", "id": ["b@example.com", ""]},
    {"type": "user", "id": ["bob", "nobody"]},
]
STRANGER = {"devices": {}}
NOTIFY = {"notify_url": "http://web.test/notify"} | STRANGER


def told(flow, **more):
    result = run(flow, directory=NOTIFY, web={"notify": {"status": 204}}, **more)
    return [one for one in result.requests if one.kind == "webhook"], result


def test_a_missed_call_is_told_when_it_is_over():
    (one,), result = told(
        act("missed_call_alert", {"recipients": PEOPLE}, _=act("sleep", {"duration": 20}))
    )
    assert one.method == "POST"
    assert one.at >= 20
    assert one.params["Event-Name"] == "missed_call"
    assert one.params["To"] == ["a@example.com", "b@example.com", "bob@example.com"]
    assert one.params["Caller-ID-Number"] == "+15551230001"
    assert one.params["To-User"] == "1000"
    assert one.params["Account-ID"] == "0" * 32
    assert one.params["Call-Bridged"] is False
    assert one.params["Timestamp"] == 62_167_219_200 + 1_767_225_600 + 20
    assert result.errors == []


def test_a_missed_call_is_told_although_the_caller_hangs_up():
    flow = act("missed_call_alert", {"recipients": PEOPLE}, _=act("sleep", {"duration": 20}))
    (one,), _ = told(flow, do=[{"at": 5, "hangup": True}])
    assert one.at >= 5


class Reports:
    def __init__(self):
        self.owing = []

    async def send(self, call, owed):
        raise AssertionError

    def owe(self, call):
        self.owing.append(list(call.facts.at_end))

    def tell(self, call, event, more):
        raise AssertionError

    def wanted(self, call, event, more):
        return []


async def test_it_is_written_down_at_once_that_an_alert_is_owed_if_the_call_is_missed():
    line = await walk()
    line.directory = ConfiguredDirectory(**NOTIFY)
    line.reports = Reports()
    await build({"module": "missed_call_alert", "data": {"recipients": []}}).run(line)
    ((owed,),) = line.reports.owing
    assert owed.if_missed


def test_a_notification_is_told_at_once_or_when_the_call_is_over():
    data = {
        "template_id": "t1",
        "recipients": PEOPLE[:1],
        "comments": "hello",
        "notification_media": ["email"],
    }
    rest = act("sleep", {"duration": 20})
    (one,), _ = told(act("notification", data | {"send_at": "callflow_exec"}, _=rest))
    assert one.at < 1
    assert one.params["Template-ID"] == "t1"
    assert one.params["Comments"] == "hello"
    assert one.params["Notification-Media"] == ["email"]
    assert one.params["To"] == ["a@example.com"]
    (one,), _ = told(act("notification", data, _=rest))
    assert one.at >= 20
    assert one.params["Event-Name"] == "notification"


def test_a_notification_without_a_template_is_none():
    assert told(chain(("notification", {"recipients": PEOPLE})))[0] == []


@pytest.mark.parametrize(
    ("module", "data"),
    [("missed_call_alert", {"recipients": []}), ("notification", {"template_id": "t"})],
)
def test_without_anybody_who_delivers_them_that_is_noted(module, data):
    result = run(act(module, data, _="after"), directory=STRANGER)
    assert heard(result) == ["after"]
    assert codes(result) == [Code.UNSUPPORTED]


def test_a_call_from_a_telephone_of_the_directory_is_not_missed():
    # KAZOO, cf_missed_call_alert: only calls from outside are told
    desk = {"devices": {"desk": {"endpoint": "PJSIP/caller"}}, "users": {}}
    flow = act("missed_call_alert", {"recipients": []}, _="after")
    assert heard(run(flow, directory=NOTIFY | desk)) == ["after"]
    assert not [one for one in run(flow, directory=NOTIFY | desk).requests if one.kind == "webhook"]


def test_two_alerts_are_two():
    alert = ("missed_call_alert", {"recipients": []})
    sent, _ = told(chain(alert, alert))
    assert len(sent) == 2


def mailed(flow, **more):
    directory = STRANGER | more.pop("directory", {})
    result = run(flow, mail={"host": "mail.example.com"}, directory=directory, **more)
    return [one for one in result.requests if one.kind == "email"], result


def test_a_missed_call_is_mailed():
    flow = act("missed_call_alert", {"recipients": PEOPLE}, _=act("sleep", {"duration": 20}))
    (one,), result = mailed(flow, do=[{"at": 5, "hangup": True}])
    assert one.at >= 5
    assert one.url == "mailto:a@example.com,b@example.com,bob@example.com"
    assert one.params["subject"] == "Missed call from +15551230001"
    assert "To:    1000" in one.params["text"]
    assert result.warnings == []


def test_a_notification_is_mailed_with_its_comments():
    data = {
        "template_id": "Welcome",
        "recipients": PEOPLE[:1],
        "comments": "See you.",
        "send_at": "callflow_exec",
    }
    (one,), _ = mailed(act("notification", data))
    assert one.params["subject"] == "Welcome from +15551230001"
    assert one.params["text"].rstrip().endswith("See you.")


def test_where_both_are_there_both_are_told():
    flow = act("missed_call_alert", {"recipients": PEOPLE})
    (one,), result = mailed(flow, directory=NOTIFY, web={"notify": {"status": 204}})
    assert [each.kind for each in result.requests if each.kind in {"email", "webhook"}] in (
        ["webhook", "email"], ["email", "webhook"],
    )  # fmt: skip
    assert one.params["attachments"] == []
