"""Calls on a real Asterisk whose CDRs go by way of a real PostgreSQL."""

import asyncio
import signal

from sqlalchemy import text
from test_connection_lost import plays, script
from test_process_killed import cdrs

from ari_pivot.store.database import Database

LONG = script("<Response><Play>tone.wav</Play></Response>", tone_wav={"audio": 4})


async def rows(url):
    database = Database(url)
    try:
        return await database.run(lambda c: c.scalar(text("SELECT count(*) FROM calls")))
    finally:
        await database.close()


async def test_a_call_whose_process_was_killed_is_reported_once(stage, postgresql):
    url = await asyncio.to_thread(postgresql.new)
    await stage.open({"1000": LONG}, reports={"database": url, "worker": "one"})
    caller = await stage.call("1000", LONG)
    await plays(stage)
    assert await rows(url) == 1

    await stage.pivot.stop(signal.SIGKILL)
    await stage.start()
    assert await stage.ended(caller) == 16
    await stage.reported("1000")
    await stage.pivot.stop()

    assert [one.params["Disposition"] for one in cdrs(stage)] == ["ANSWER"]
    assert await rows(url) == 0


async def test_calls_go_on_and_are_reported_while_the_server_is_gone(stage, postgresql):
    url = await asyncio.to_thread(postgresql.new)
    await stage.open({"1000": LONG}, reports={"database": url})
    await asyncio.to_thread(postgresql.stop)
    try:
        caller = await stage.call("1000", LONG)
        assert await stage.ended(caller) == 16
        await stage.reported("1000")
    finally:
        await asyncio.to_thread(postgresql.start)
    assert len(cdrs(stage)) == 1
    assert "database.fails" in {line["event"] for line in stage.pivot.lines}
    await stage.pivot.until(lambda line: line["event"] == "database.works_again")
