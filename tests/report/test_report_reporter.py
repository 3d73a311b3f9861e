"""What a call owes: written down while it lives, sent once when it is over, whoever lives then."""

import asyncio

import pytest
from line_fakes import Asterisk, call, now
from outbox_fakes import outbox_on
from reported_calls import CDR, over, sent
from structlog.testing import capture_logs

from ari_pivot.call.owed import Owed
from ari_pivot.report.journal import Journal
from ari_pivot.report.reporter import Reporter
from ari_pivot.store.database import Database

pytestmark = pytest.mark.virtual

NOTICE = Owed(kind="webhook", url="http://web.test/missed", params={"a": 1}, if_missed=True)


async def test_a_call_that_owes_a_cdr_has_it_sent_at_its_end(process, web):
    async with process() as reporter:
        line = over(cdr_url=CDR, cdr_scheme="kazoo")
        reporter.owe(line)
        await reporter.report(line)
    (report,) = web.accepted
    assert (report.url, report.kind, report.method, report.scheme) == (CDR, "cdr", "POST", "kazoo")
    assert report.params["Hangup-Cause"] == "ORIGINATOR_CANCEL"


async def test_a_call_that_owes_nothing_has_nothing_sent(process, web):
    async with process() as reporter:
        line = over()
        await reporter.report(line)
        assert line.facts.ended_by == "caller"
    assert sent(web) == []


async def test_a_debt_that_was_lifted_is_not_paid(process, web):
    async with process() as reporter:
        line = over(cdr_url=CDR)
        reporter.owe(line)
        line.facts.cdr_url = ""
        reporter.owe(line)
        await reporter.report(line)
    async with process() as reporter:
        reporter.close_lost(set())
    assert sent(web) == []


async def test_a_debt_lifted_and_taken_on_in_one_breath_is_not_forgotten(process, web):
    async with process() as reporter:
        line = call(Asterisk(), cdr_url="http://web.test/first")
        reporter.owe(line)
        line.facts.cdr_url = ""
        reporter.owe(line)
        line.facts.cdr_url = CDR
        reporter.owe(line)
    async with process() as reporter:
        with capture_logs():
            reporter.close_lost(set())
    assert sent(web) == [CDR]


async def test_a_process_that_dies_leaves_the_debt_to_the_next(process, web):
    async with process() as reporter:
        reporter.owe(call(Asterisk(), cdr_url=CDR, caller_name="Ann"))
    assert sent(web) == []
    async with process() as reporter:
        with capture_logs() as logs:
            reporter.close_lost(living=set())
    assert [entry["event"] for entry in logs] == ["call.found_ended"]
    (report,) = web.accepted
    assert report.params["Caller-ID-Name"] == "Ann"
    assert report.params["Hangup-Cause"] == "NORMAL_UNSPECIFIED"


async def test_that_a_call_was_answered_is_known_to_the_next_process(process, web):
    async with process() as reporter:
        line = call(Asterisk(), cdr_url=CDR)
        reporter.owe(line)
        line.facts.answered_at = line.clock()
        reporter.tell(line, "CHANNEL_ANSWER", {})
        await asyncio.sleep(5)
    async with process() as reporter:
        with capture_logs():
            reporter.close_lost(living=set())
    (report,) = web.accepted
    assert (report.params["Disposition"], report.params["Billing-Seconds"]) == ("ANSWER", 6)


async def test_a_call_that_lives_on_is_not_reported_as_lost_but_recalled_once(process, web):
    async with process() as reporter:
        reporter.owe(call(Asterisk(), cdr_url=CDR))
    async with process() as reporter:
        reporter.close_lost(living={"chan-1"})
        facts = reporter.recall("chan-1")
        assert (facts.cdr_url, facts.sid) == (CDR, "CA0123")
        assert reporter.recall("chan-1") is None
        reporter.close_lost(living=set())
    assert sent(web) == []


async def test_two_processes_that_both_tell_the_end_tell_the_same_report(process, web):
    async with process(run=False) as reporter:
        line = over(cdr_url=CDR)
        reporter.owe(line)
        await reporter.report(line)
        await reporter.report(line)
    async with process():
        await asyncio.sleep(1)
    assert sent(web) == [CDR]


async def test_a_record_that_nobody_can_read_is_said_and_passed_over(process, web, tmp_path):
    async with process() as reporter:
        reporter.owe(call(Asterisk(), cdr_url=CDR))
    database = Database(f"sqlite:///{tmp_path}/pivot.db", threaded=False)
    await database.run(
        lambda c: c.exec_driver_sql(
            "insert into calls select 'x', worker, process, '{}', began_at from calls"
        )
    )
    await database.close()
    with capture_logs() as logs:
        async with process() as reporter:
            reporter.close_lost(living=set())
    assert [(entry["event"], entry["call"]) for entry in logs] == [
        ("journal.unreadable", "x"),
        ("call.found_ended", "chan-1"),
    ]
    assert sent(web) == [CDR]
    async with process() as reporter:
        assert reporter.recall("x") is None


async def test_a_database_that_cannot_be_read_is_said_and_nothing_recalled(web, tmp_path):
    (tmp_path / "file").write_text("")
    database = Database(f"sqlite:///{tmp_path}/file/pivot.db", threaded=False)
    async with outbox_on(database, web) as outbox:
        reporter = Reporter(Journal(database, outbox, "worker", now), outbox, now)
        with capture_logs() as logs:
            await reporter.load()
            await reporter.report(over(cdr_url=CDR))
            await asyncio.sleep(1)
    assert logs[0]["event"] == "journal.unreadable"
    assert sent(web) == [CDR]


@pytest.mark.parametrize(
    ("facts", "told"),
    [({}, True), ({"bridged": True}, False), ({"message_left": True}, False)],
)
async def test_what_is_owed_for_a_missed_call_is_sent_only_then(process, web, facts, told):
    async with process() as reporter:
        line = over(at_end=[NOTICE], **facts)
        reporter.owe(line)
        await reporter.report(line)
    assert sent(web) == [NOTICE.url] * told
    if told:
        assert web.accepted[0].params["Call-Bridged"] is False


async def test_what_is_owed_at_once_is_sent_at_once(process, web):
    async with process() as reporter:
        await reporter.send(call(Asterisk()), NOTICE)
        await asyncio.sleep(1)
        assert sent(web) == [NOTICE.url]
