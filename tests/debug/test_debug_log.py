"""The debug log: what is kept of calls, for how long, and how much."""

import asyncio
import json

import pytest
from structlog.testing import capture_logs

from ari_pivot.debug.log import DebugLog, Summary
from ari_pivot.debug.reader import Reader, Wanted
from ari_pivot.debug.recorder import searchable
from ari_pivot.store.database import Database

pytestmark = pytest.mark.virtual

EPOCH = 1_800_000_000.0


def now():
    return EPOCH + asyncio.get_running_loop().time()


def told(search="", *, failed=False, **summary):
    return lambda: Summary(failed, searchable(search), json.dumps(summary))


@pytest.fixture
async def database():
    database = Database("sqlite://", threaded=False)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def log(database):
    return DebugLog(database, keep=100, limit=1_000_000, now=now)


@pytest.fixture
def reader(database, log):
    return Reader(database, log)


async def listed(reader, **wanted):
    return [call["call_id"] for call in await reader.calls(Wanted(**wanted))]


async def test_documents_of_a_call_come_back_in_their_order(log, reader):
    log.write("one", {"uri": "http://a/", "iteration": 1}, told())
    log.write("two", {"uri": "http://b/"}, told())
    await asyncio.sleep(5)
    log.write("one", {"resp_status_code": "200", "resp_headers": {"a": "b"}}, told())
    assert await reader.documents("one") == [
        {"created": EPOCH, "uri": "http://a/", "iteration": 1},
        {"created": EPOCH + 5, "resp_status_code": "200", "resp_headers": {"a": "b"}},
    ]
    assert await reader.documents("unknown") == []


async def test_calls_are_listed_the_latest_first_as_they_were_told_last(log, reader):
    for number, call in enumerate(("one", "two", "two", "three")):
        log.write(call, {}, told(number=number))
        await asyncio.sleep(1)
    calls = await reader.calls(Wanted(limit=2))
    assert calls == [
        {"call_id": "three", "created": EPOCH + 3, "failed": False, "number": 3},
        {"call_id": "two", "created": EPOCH + 1, "failed": False, "number": 2},
    ]
    last = calls[-1]
    assert await listed(reader, before=(last["created"], "two")) == ["one"]


async def test_calls_of_one_moment_are_each_on_one_page(log, reader):
    for number in range(7):
        log.write(f"call-{number}", {}, told())
    seen, before = [], None
    while page := await reader.calls(Wanted(limit=2, before=before)):
        seen += [call["call_id"] for call in page]
        before = page[-1]["created"], page[-1]["call_id"]
    assert seen == [f"call-{number}" for number in reversed(range(7))]


async def test_calls_are_found_by_words_by_failure_and_by_time(log, reader):
    log.write("one", {}, told("+15551230001 Zoë 100%", failed=True))
    await asyncio.sleep(10)
    log.write("two", {}, told("+15551230002 Zora"))
    assert await listed(reader, search="ZOË 0001") == ["one"]
    assert await listed(reader, search="zo") == ["two", "one"]
    assert await listed(reader, search="0%") == ["one"]  # no wildcard
    assert await listed(reader, search="_") == []
    assert await listed(reader, failed=True) == ["one"]
    assert await listed(reader, since=EPOCH + 5) == ["two"]
    assert await listed(reader, until=EPOCH + 5) == ["one"]


async def test_credentials_of_urls_are_not_kept(log, reader):
    secret = "http://ann:hidden@web.test/voice"
    log.write("one", {"uri": secret, "resp_headers": {"location": secret}}, told(secret))
    log.write("one", {"resp_body": f"<Redirect>{secret}</Redirect>"}, told(secret))
    documents = await reader.documents("one")
    assert "hidden" not in str(documents)
    assert documents[0]["uri"] == "http://web.test/voice"
    assert documents[1]["resp_body"] == "<Redirect>http://web.test/voice</Redirect>"
    assert await listed(reader, search="hidden") == []


async def test_text_that_a_database_might_refuse_is_kept(log, reader):
    log.write("one", {"resp_body": "a\0b \ud800 ☎"}, told("a\0b \ud800 ☎"))
    ((document),) = await reader.documents("one")
    assert document["resp_body"] == "a\0b \ud800 ☎"
    assert await listed(reader, search="☎") == ["one"]


async def test_what_is_old_is_forgotten(log, reader):
    log.write("old", {}, told())
    await asyncio.sleep(90)
    log.write("new", {}, told())
    await asyncio.sleep(20)
    await log.sweep()
    assert await listed(reader) == ["new"]
    assert await reader.documents("old") == []


async def test_what_is_too_much_goes_the_oldest_first(log, reader):
    for number in range(40):
        log.write(f"call-{number:02}", {"resp_body": "x" * 50_000}, told())
        await asyncio.sleep(1)
    await log.sweep()
    left = await listed(reader)
    assert left == [f"call-{number:02}" for number in range(39, 20, -1)]
    assert await reader.documents("call-20") == []
    assert len(await reader.documents("call-21")) == 1


async def test_much_is_swept_while_it_is_written(log, reader):
    running = asyncio.create_task(log.run())
    for number in range(40):
        log.write(f"call-{number:02}", {"resp_body": "x" * 50_000}, told())
        await asyncio.sleep(1)
    assert len(await listed(reader)) < 22
    running.cancel()


async def test_what_is_old_is_looked_for_every_hour_whatever_happens(database, log, reader):
    running = asyncio.create_task(log.run())
    log.write("old", {}, told())
    await asyncio.sleep(3700)
    assert await listed(reader) == []
    await database.close()
    with capture_logs() as logs:
        await asyncio.sleep(3600)
    assert [entry["event"] for entry in logs] == ["debug.not_swept"]
    assert not running.done()
    running.cancel()


async def test_a_database_that_fails_is_said_and_stops_no_call(tmp_path):
    (tmp_path / "file").write_text("")
    database = Database(f"sqlite:///{tmp_path}/file/pivot.db", threaded=False)
    log = DebugLog(database, now=now)
    with capture_logs() as logs:
        log.write("one", {"uri": "http://a/"}, told())
        await asyncio.sleep(1)
    await database.close()
    assert [(entry["event"], entry["documents"]) for entry in logs] == [("debug.not_kept", 1)]
    assert log.dropped == 1


async def test_a_database_that_hangs_does_not_fill_the_memory():
    class Hanging:
        def submit(self, _):
            return asyncio.get_running_loop().create_future()

    log = DebugLog(Hanging(), now=now)
    for _ in range(100):
        log.write("one", {"resp_body": "x" * 1_000_000}, told())
        await asyncio.sleep(1)
    assert log.dropped == 81


async def test_a_postgresql_keeps_and_forgets_the_same(postgresql):
    database = Database(postgresql.new())
    log = DebugLog(database, keep=100, limit=1_000_000, now=now)
    reader = Reader(database, log)
    log.write("one", {"resp_body": "a\0b \ud800 ☎"}, told("a\0b ☎ 100%", failed=True))
    log.write("one", {"event": "does"}, told("a\0b ☎ 100%", failed=True, status="completed"))
    await log.flush()
    log.write("one", {"kind": "cdr"})
    assert len(await reader.documents("one")) == 3
    (call,) = await reader.calls(Wanted(search="☎ 0%", failed=True))
    assert (call["call_id"], call["status"]) == ("one", "completed")
    for number in range(30):
        log.write(f"call-{number}", {"resp_body": "x" * 50_000}, told())
    await log.sweep()
    assert len(await listed(reader)) == 19
    assert await reader.documents("one") == []
    await database.close()
