"""A report that is not accepted: when it is tried again, and when it is given up."""

import asyncio

from outbox_fakes import Web, outbox, refusal, report, silence
from structlog.testing import capture_logs

from ari_pivot.report.outbox import OutboxSettings
from ari_pivot.simulator import clock

CDR = "http://web.test/cdr"
STATUS = "http://web.test/status"


def test_a_refused_report_is_tried_again_with_growing_pauses_and_the_same_id():
    web = Web()
    web.answers[CDR] = [refusal(404)] * 4 + [None]

    async def scenario():
        async with outbox(web, settings=OutboxSettings(first=2, longest=10)) as box:
            await box.put(report())
            await asyncio.sleep(100)
            assert web.times(CDR) == [0.001, 2.001, 6.001, 14.001, 24.001]
            assert len({tried.id for _, tried in web.tries}) == 1
            assert await box.depth() == 0

    clock.run(scenario())


def test_the_pause_begun_by_one_process_is_kept_by_the_next(tmp_path):
    web = Web()
    web.answers[CDR] = [refusal(400), None]
    url = f"sqlite:///{tmp_path / 'pivot.db'}"
    settings = OutboxSettings(first=60)

    async def scenario():
        async with outbox(web, url, settings) as box:
            await box.put(report())
            await box.flush(1)
        async with outbox(web, url, settings):
            await asyncio.sleep(59)
            assert len(web.tries) == 1
            await asyncio.sleep(2)
            assert len(web.accepted) == 1

    clock.run(scenario())


def test_a_server_that_says_when_to_come_back_is_left_alone_until_then():
    web = Web()
    web.answers[CDR] = [refusal(429, retry_after=120.0), None]

    async def scenario():
        async with outbox(web) as box:
            await box.put(report("first"))
            await asyncio.sleep(1)
            await box.put(report("second"), report("third", STATUS))
            await asyncio.sleep(300)
            assert [round(second) for second, _ in web.tries] == [0, 120, 120, 120]
            assert {tried.call_id for tried in web.accepted} == {"first", "second", "third"}

    clock.run(scenario())


def test_a_server_may_ask_for_a_longer_pause_than_any_of_ours():
    web = Web()
    web.answers[CDR] = [refusal(503, retry_after=2000.0), None]

    async def scenario():
        async with outbox(web, settings=OutboxSettings(longest=60)) as box:
            await box.put(report("first"))
            await asyncio.sleep(1)
            await box.put(report("second"))
            await asyncio.sleep(3000)
            assert [(round(second), tried.call_id) for second, tried in web.tries] == [
                (0, "first"),
                (60, "second"),  # one report's wish does not hold the others up for hours
                (2000, "first"),
            ]

    clock.run(scenario())


def test_a_server_that_does_not_answer_is_asked_one_report_at_a_time_and_rarely():
    web = Web()
    web.answers[CDR] = [silence()]

    async def scenario():
        async with outbox(web, settings=OutboxSettings(probe=15)) as box:
            await box.put(*(report(f"call-{n}") for n in range(1000)))
            await asyncio.sleep(3600)
            assert len(web.tries) < 8 + 3600 / 15 + 5
            web.answers[CDR] = [None]
            await asyncio.sleep(16)
            assert len(web.accepted) > 900  # at the first answer everything that is due goes
            await asyncio.sleep(900)
            assert len({r.id for r in web.accepted}) == len(web.accepted) == 1000
            assert await box.depth() == 0

    clock.run(scenario())


def test_a_report_its_server_always_refuses_holds_up_no_other():
    web = Web()
    web.answers[STATUS] = [refusal(404)]

    async def scenario():
        async with outbox(web, settings=OutboxSettings(per_origin=4)) as box:
            await box.put(*(report(f"bad-{n}", STATUS) for n in range(50)))
            await asyncio.sleep(1)
            await box.put(*(report(f"good-{n}") for n in range(50)))
            await asyncio.sleep(1)
            assert len(web.accepted) == 50

    clock.run(scenario())


def test_a_report_is_given_up_loudly_at_the_end_of_its_time_and_kept(tmp_path):
    web = Web()
    web.answers[CDR] = [refusal(403)]
    url = f"sqlite:///{tmp_path / 'pivot.db'}"
    settings = OutboxSettings(give_up_after=100)

    async def scenario():
        async with outbox(web, url, settings) as box:
            await box.put(report(params={"n": 1}), report(params={"n": 2}))
            await asyncio.sleep(1000)
            tried = [(round(second), r.params["n"]) for second, r in web.tries]
            assert tried == [(0, 1), (2, 1), (6, 1), (14, 1), (30, 1), (62, 1), (100, 1), (100, 2)]
            assert await box.depth() == 0
        web.answers[CDR] = [None]
        async with outbox(web, url, settings):
            await asyncio.sleep(1000)
            assert web.accepted == []  # dead is dead, until somebody says otherwise

    with capture_logs() as logs:
        clock.run(scenario())
    dead = [line for line in logs if line["event"] == "report.given_up"]
    assert [(line["log_level"], line["call_id"]) for line in dead] == [("error", "call-1")] * 2


def test_a_fault_of_the_deliverer_itself_loses_no_report_and_is_loud():
    web = Web()
    web.answers[CDR] = [ZeroDivisionError("ours"), None]

    async def scenario():
        async with outbox(web) as box:
            await box.put(report())
            await asyncio.sleep(10)

    with capture_logs() as logs:
        clock.run(scenario())
    assert len(web.accepted) == 1
    assert [x["log_level"] for x in logs if x["event"] == "report.fault"] == ["error"]


def test_a_url_that_is_none_is_reported_and_given_up_like_any_other():
    web = Web()
    web.answers["http://[nonsense"] = [silence()]

    async def scenario():
        async with outbox(web, settings=OutboxSettings(give_up_after=10)) as box:
            await box.put(report(url="http://[nonsense"))
            await asyncio.sleep(20)
            assert len(web.tries) > 1
            assert await box.depth() == 0

    clock.run(scenario())
