"""The outbox: what is put is delivered, in order, again and again, until it is accepted."""

import asyncio

from outbox_fakes import Web, outbox, refusal, report

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
