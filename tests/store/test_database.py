"""The database: group commit, order, opening and closing."""

import asyncio
import sqlite3
from functools import partial

import pytest
from sqlalchemy import insert, inspect, select, text

from ari_pivot.errors import StoreError
from ari_pivot.report.workers import Workers
from ari_pivot.simulator import clock
from ari_pivot.store import schema
from ari_pivot.store.database import Database


def put(name, connection):
    connection.execute(insert(schema.meta).values(name=name, value="x"))


def names(connection):
    query = select(schema.meta.c.name).where(schema.meta.c.name != "schema")
    return list(connection.scalars(query))


def url(path):
    return f"sqlite:///{path}"


async def test_what_was_written_is_there_after_opening_again(tmp_path):
    path = tmp_path / "var" / "pivot.db"
    database = Database(url(path))
    await database.run(partial(put, "a"))
    await database.close()

    again = Database(url(path))
    assert await again.run(names) == ["a"]
    await again.close()


async def test_a_commit_waits_for_the_disk_and_readers_do_not_wait_for_it(tmp_path):
    database = Database(url(tmp_path / "pivot.db"))
    assert await database.run(lambda c: c.scalar(text("PRAGMA journal_mode"))) == "wal"
    assert await database.run(lambda c: c.scalar(text("PRAGMA synchronous"))) == 2  # FULL
    await database.close()


@pytest.mark.parametrize("threaded", [True, False])
async def test_operations_run_in_the_order_given(tmp_path, threaded):
    database = Database(url(tmp_path / "pivot.db"), threaded=threaded)
    done = []
    await asyncio.gather(*(database.run(lambda _, n=n: done.append(n)) for n in range(50)))
    assert done == list(range(50))
    await database.close()


async def test_what_waits_while_one_transaction_runs_shares_the_next(tmp_path):
    database = Database(url(tmp_path / "pivot.db"))
    first = database.submit(lambda c: c.get_transaction())
    rest = [database.submit(lambda c: c.get_transaction()) for _ in range(50)]
    transactions = [await first, *await asyncio.gather(*rest)]
    assert len({id(transaction) for transaction in transactions}) == 2
    await database.close()


def test_an_operation_with_patience_waits_for_company_but_no_longer_than_it_may(tmp_path):
    async def scenario():
        loop = asyncio.get_running_loop()
        database = Database(url(tmp_path / "pivot.db"))
        await database.open()
        patient = database.submit(lambda c: c.get_transaction(), patience=5.0)
        await asyncio.sleep(1)
        assert not patient.done()
        hurried = await database.run(lambda c: c.get_transaction())
        assert await patient is hurried
        began = loop.time()
        await database.run(names, patience=5.0)
        assert round(loop.time() - began, 2) == 5.0
        waiting = database.submit(names, patience=60.0)
        await database.close()
        assert waiting.done()
        assert loop.time() < began + 6

    clock.run(scenario())


async def test_an_operation_that_fails_does_not_undo_those_that_shared_its_transaction(tmp_path):
    database = Database(url(tmp_path / "pivot.db"))
    await database.run(partial(put, "twice"))

    def broken(_):
        raise ZeroDivisionError

    outcomes = await asyncio.gather(
        database.run(partial(put, "a")),
        database.run(partial(put, "b")),
        database.run(partial(put, "twice")),
        database.run(broken),
        database.run(partial(put, "c")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [
        type(None),
        type(None),
        StoreError,
        ZeroDivisionError,
        type(None),
    ]
    assert sorted(await database.run(names)) == ["a", "b", "c", "twice"]
    await database.close()


async def test_a_refused_statement_does_not_lose_a_database_in_memory():
    database = Database("sqlite://", threaded=False)
    await database.run(partial(put, "a"))
    with pytest.raises(StoreError):
        await database.run(partial(put, "a"))
    assert await database.run(names) == ["a"]
    await database.close()


async def test_an_operation_nobody_waits_for_any_more_is_still_done(tmp_path):
    database = Database(url(tmp_path / "pivot.db"))
    waiting = [asyncio.ensure_future(database.run(partial(put, name))) for name in "abc"]
    await asyncio.sleep(0)
    for task in waiting:
        task.cancel()
    assert sorted(await database.run(names)) == ["a", "b", "c"]
    await database.close()


async def test_closing_finishes_what_waits_and_refuses_what_comes_after(tmp_path):
    path = tmp_path / "pivot.db"
    database = Database(url(path))
    waiting = [database.submit(partial(put, str(n))) for n in range(20)]
    await database.close()
    assert all(future.done() and future.exception() is None for future in waiting)
    with pytest.raises(StoreError, match="closed"):
        await database.run(names)
    await database.close()
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT count(*) FROM meta").fetchone() == (21,)
    plain.close()


def test_in_memory_it_needs_no_thread_and_takes_no_time():
    async def scenario():
        database = Database("sqlite://", threaded=False)
        for n in range(100):
            await database.run(partial(put, str(n)))
        count = len(await database.run(names))
        await database.close()
        return count, asyncio.get_running_loop().time()

    assert clock.run(scenario()) == (100, 0.0)


async def test_an_older_database_is_brought_forward_step_by_step_and_only_once(tmp_path):
    database = Database(url(tmp_path / "pivot.db"))
    await database.run(lambda c: c.execute(text("DROP TABLE calls")))

    def step(column):
        return lambda connection: connection.execute(
            text(f"ALTER TABLE reports ADD COLUMN {column} TEXT")
        )

    await database.run(lambda c: schema.prepare(c, [*schema.MIGRATIONS, step("one")]))
    await database.run(lambda c: schema.prepare(c, [*schema.MIGRATIONS, step("one"), step("two")]))
    await database.run(lambda c: schema.prepare(c, [*schema.MIGRATIONS, step("one"), step("two")]))
    columns = await database.run(lambda c: [x["name"] for x in inspect(c).get_columns("reports")])
    assert columns[-2:] == ["one", "two"]
    assert await database.run(lambda c: inspect(c).has_table("calls"))
    await database.close()


async def test_a_report_written_before_there_were_workers_is_the_first_workers(tmp_path):
    database = Database(url(tmp_path / "pivot.db"))

    def older(connection):
        connection.execute(text("DROP INDEX reports_due"))
        connection.execute(text("ALTER TABLE reports DROP COLUMN worker"))
        connection.execute(text("CREATE INDEX reports_due ON reports (state)"))
        connection.execute(text("UPDATE meta SET value = '0'"))
        connection.execute(
            text("INSERT INTO reports VALUES ('r', 1, '', '', 'waiting', 0, 0, 0, '', '')")
        )

    await database.run(older)
    await database.run(schema.prepare)
    await Workers(database, "a", lambda: None, lambda _: None).look()
    query = text("SELECT id, worker FROM reports")
    assert await database.run(lambda c: [tuple(row) for row in c.execute(query)]) == [("r", "a")]
    indexes = await database.run(lambda c: inspect(c).get_indexes("reports"))
    assert [one["column_names"][0] for one in indexes if one["name"] == "reports_due"] == ["worker"]
    await database.close()
