"""The outbox over starts, stops and large backlogs."""

import asyncio
import gc

from outbox_fakes import Web, at, outbox, refusal, report
from structlog.testing import capture_logs

from ari_pivot.report.origin import Origin
from ari_pivot.simulator import clock

CDR = "http://web.test/cdr"
STATUS = "http://web.test/status"


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
            return origins()

    before = origins()  # of other tests
    assert clock.run(scenario()) <= before


def origins():
    gc.collect()
    return {id(thing) for thing in gc.get_objects() if isinstance(thing, Origin)}
