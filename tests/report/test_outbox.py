"""The outbox: what is put is delivered, in order, again and again, until it is accepted."""

import asyncio
import gc

from outbox_fakes import Web, at, outbox, refusal, report, silence
from structlog.testing import capture_logs

from ari_pivot.report.origin import Origin
from ari_pivot.report.outbox import OutboxSettings
from ari_pivot.simulator import clock

CDR = "http://web.test/cdr"
OTHER = "http://other.test/cdr"
STATUS = "http://web.test/status"


def test_a_report_is_delivered_at_once_as_it_was_put():
    web = Web()
    params = {"Call-ID": "1", "Vars": {"b": [1, 2], "a": None}, "Name": "Zoë \ud800 \0\n"}

    async def scenario():
        async with outbox(web) as box:
            put = report(params=params, encoding="json", scheme="kazoo", method="PUT")
            await box.put(put)
            await asyncio.sleep(0.01)
            assert web.accepted == [put]
            assert list(web.accepted[0].params) == ["Call-ID", "Vars", "Name"]
            assert await box.depth() == 0
            assert await box.oldest() == 0.0

    clock.run(scenario())


def test_a_report_read_back_from_the_database_is_the_one_that_was_put(tmp_path):
    web = Web()
    url = f"sqlite:///{tmp_path / 'pivot.db'}"
    params = {"z": {"b": [1, {"c": 2.5}], "a": None}, "Name": "Zoë \ud800 \0\n\u2028", "a": True}

    async def scenario():
        put = report(params=params, url="http://ann:pw@wéb.test:8080/\ud800?x=1", encoding="json")
        async with outbox(web, url, run=False) as box:
            await box.put(put)
        async with outbox(web, url):
            await asyncio.sleep(1)
        assert web.accepted == [put]
        assert list(web.accepted[0].params) == ["z", "Name", "a"]

    clock.run(scenario())


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


def test_what_was_accepted_is_never_sent_again_even_by_the_next_process(tmp_path):
    web = Web()
    url = f"sqlite:///{tmp_path / 'pivot.db'}"

    async def scenario():
        async with outbox(web, url) as box:
            await box.put(report())
            await box.flush(1)
        async with outbox(web, url) as box:
            await asyncio.sleep(1000)
        assert len(web.tries) == 1

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


def test_a_calls_next_report_to_a_url_waits_for_the_one_before():
    web = Web()
    web.answers[STATUS] = [1.0, refusal(400), 1.0, 1.0]

    async def scenario():
        async with outbox(web) as box:
            for event in ("ringing", "answered", "completed"):
                await box.put(report(url=STATUS, params={"event": event}))
            await box.put(report("another call", url=STATUS))
            await asyncio.sleep(60)
            sent = [r.params.get("event") for r in web.accepted if r.call_id == "call-1"]
            assert sent == ["ringing", "answered", "completed"]

    clock.run(scenario())


def test_a_calls_reports_to_different_urls_do_not_wait_for_each_other():
    web = Web()
    web.answers[STATUS] = [refusal(404)]

    async def scenario():
        async with outbox(web) as box:
            await box.put(report(url=STATUS), report(url=CDR))
            await asyncio.sleep(0.01)
            assert [r.url for r in web.accepted] == [CDR]

    clock.run(scenario())


def test_a_server_that_hangs_delays_no_other():
    web = Web()
    web.answers[CDR] = [30.0]

    async def scenario():
        async with outbox(web, settings=OutboxSettings(at_once=10, per_origin=3)) as box:
            await box.put(*(report(f"call-{n}") for n in range(500)))
            await asyncio.sleep(1)
            for n in range(20):
                await box.put(report(f"live-{n}", OTHER))
            await asyncio.sleep(0.01)
            assert len(web.times(OTHER)) == 20
            assert len(web.times(CDR)) == 3

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


def test_no_more_tries_at_once_than_allowed():
    web = Web()
    for n in range(40):
        web.answers[f"http://{n}.test/"] = [2.0]

    async def scenario():
        async with outbox(web, settings=OutboxSettings(at_once=7)) as box:
            await box.put(*(report("call", f"http://{n}.test/") for n in range(40)))
            await asyncio.sleep(60)
            assert (len(web.accepted), web.most_at_once) == (40, 7)

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


def test_no_password_of_a_url_is_logged():
    web = Web()
    url = "http://ann:secret@web.test/cdr?token=secret"
    web.answers[url] = [refusal()]

    async def scenario():
        async with outbox(web) as box:
            await box.put(report(url=url))
            await asyncio.sleep(10)

    with capture_logs() as logs:
        clock.run(scenario())
    assert logs
    assert "secret" not in str(logs)


def test_flushing_tries_what_is_due_once_and_does_not_wait_for_what_is_not():
    web = Web()
    web.answers[CDR] = [0.5]
    web.answers[STATUS] = [refusal(404)]

    async def scenario():
        async with outbox(web, run=False) as box:
            await box.put(*(report(f"call-{n}") for n in range(20)), report(url=STATUS))
            assert web.tries == []
            await box.flush(30)
            assert (len(web.accepted), len(web.times(STATUS))) == (20, 1)
            assert at() < 2

    clock.run(scenario())


def test_flushing_ends_at_its_limit():
    web = Web()
    web.answers[CDR] = [600.0]

    async def scenario():
        async with outbox(web) as box:
            await box.put(report())
            await box.flush(5)
            assert at() == 5.001

    clock.run(scenario())


def test_a_call_that_is_cancelled_while_it_puts_still_leaves_its_report():
    web = Web()

    async def scenario():
        async with outbox(web) as box:
            task = asyncio.create_task(box.put(report()))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.sleep(1)
            assert len(web.accepted) == 1

    clock.run(scenario())


def test_a_delivery_cut_off_by_the_stop_is_made_by_the_next_process(tmp_path):
    web = Web()
    web.answers[CDR] = [10.0, None]
    url = f"sqlite:///{tmp_path / 'pivot.db'}"

    async def scenario():
        async with outbox(web, url) as box:
            await box.put(report())
            await asyncio.sleep(1)
        async with outbox(web, url):
            await asyncio.sleep(1)
        assert len(web.tries) == 2
        assert web.tries[0][1] == web.tries[1][1]

    clock.run(scenario())


def test_thousands_owed_at_the_start_are_not_all_in_memory(tmp_path):
    web = Web()
    web.answers[CDR] = [1.0]
    url = f"sqlite:///{tmp_path / 'pivot.db'}"

    async def scenario():
        async with outbox(web, url, run=False) as box:
            await box.put(*(report(f"call-{n}") for n in range(3000)))
        async with outbox(web, url) as box:
            await asyncio.sleep(0.5)
            assert web.at_once == 8
            assert len(asyncio.all_tasks()) < 25
            assert (await box.depth(), round(await box.oldest(), 1)) == (3000, 0.5)
            await asyncio.sleep(3000 / 8 + 5)
            assert len({r.id for r in web.accepted}) == len(web.accepted) == 3000

    clock.run(scenario())


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


def test_a_report_put_by_the_next_process_comes_after_those_it_found(tmp_path):
    web = Web()
    url = f"sqlite:///{tmp_path / 'pivot.db'}"

    async def scenario():
        async with outbox(web, url, run=False) as box:
            for n in range(3):
                await box.put(report(params={"n": n}))
        await asyncio.sleep(1)
        async with outbox(web, url, run=False) as box:
            await box.put(report(params={"n": 3}))
            await box.flush(10)
        assert [r.params["n"] for r in web.accepted] == [0, 1, 2, 3]

    clock.run(scenario())


def test_an_outbox_stopped_and_started_again_goes_on_where_it_was():
    web = Web()
    web.answers[CDR] = [10.0, None]

    async def scenario():
        async with outbox(web, run=False) as box:
            for _ in range(2):
                running = asyncio.create_task(box.run())
                await asyncio.sleep(0)
                if not web.tries:
                    await box.put(report())
                await asyncio.sleep(1)
                running.cancel()
                await asyncio.wait([running])
            assert (len(web.tries), len(web.accepted)) == (2, 1)

    clock.run(scenario())


def test_a_server_nothing_is_owed_to_any_more_takes_no_memory():
    web = Web()

    async def scenario():
        async with outbox(web) as box:
            for n in range(200):
                web.answers[f"http://{n}.test/"] = [refusal(404), None]
                await box.put(
                    report(url=f"http://{n}.test/"), report(url=f"http://quick-{n}.test/")
                )
            await asyncio.sleep(60)
            assert len(web.accepted) == 400
            return sum(isinstance(thing, Origin) for thing in gc.get_objects())

    assert clock.run(scenario()) == 0
