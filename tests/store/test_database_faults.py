"""What the database does when the disk, another process or the operator is against it."""

import asyncio
import sqlite3
from functools import partial

import pytest
from sqlalchemy import insert, select, text

from ari_pivot.errors import StoreError
from ari_pivot.store import schema
from ari_pivot.store.database import Database


def put(name, connection):
    connection.execute(insert(schema.meta).values(name=name, value="x"))


def names(connection):
    query = select(schema.meta.c.name).where(schema.meta.c.name != "schema")
    return list(connection.scalars(query))


def url(path):
    return f"sqlite:///{path}"


async def test_a_folder_that_cannot_be_made_is_told_and_tried_again(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    database = Database(url(tmp_path / "var" / "pivot.db"))
    with pytest.raises(StoreError, match="var"):
        await database.open()
    (tmp_path / "var").unlink()
    await database.run(partial(put, "a"))
    await database.close()


async def test_a_file_that_cannot_be_opened_names_folder_and_rights(tmp_path):
    (tmp_path / "pivot.db").mkdir()
    database = Database(url(tmp_path / "pivot.db"))
    with pytest.raises(StoreError, match="may this user write there"):
        await database.open()
    await database.close()


async def test_a_file_that_is_no_database_is_to_be_moved_away_and_then_all_is_well(tmp_path):
    path = tmp_path / "pivot.db"
    path.write_bytes(b"what a text editor left behind\n" * 200)
    database = Database(url(path))
    with pytest.raises(StoreError, match="move it away"):
        await database.open()
    path.rename(tmp_path / "old")
    await database.run(partial(put, "a"))
    assert await database.run(names) == ["a"]
    await database.close()


async def test_a_damaged_file_is_told_as_such(tmp_path):
    path = tmp_path / "pivot.db"
    database = Database(url(path))
    await asyncio.gather(*(database.run(partial(put, str(n) * 50)) for n in range(200)))
    await database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))

    damaged = Database(url(path))
    with pytest.raises(StoreError, match="damaged"):
        await damaged.run(names)
    await damaged.close()


async def test_a_full_disk_is_told_and_written_again_when_there_is_space(tmp_path):
    database = Database(url(tmp_path / "pivot.db"))
    await database.open()

    def fill(connection):
        connection.execute(text("PRAGMA max_page_count = 1"))  # of this connection only
        put("x" * 100_000, connection)

    with pytest.raises(StoreError, match="disk is full"):
        await database.run(fill)
    await database.run(partial(put, "y" * 100_000))
    assert await database.run(names) == ["y" * 100_000]
    await database.close()


async def test_a_lock_held_by_another_process_fails_all_that_waits_at_once(tmp_path):
    path = tmp_path / "pivot.db"
    database = Database(url(path), lock_wait=0.01)
    await database.open()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    waiting = [database.run(partial(put, str(n))) for n in range(30)]
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(outcome).__mro__[1] for outcome in outcomes} == {StoreError}
    assert all("locked" in str(outcome) for outcome in outcomes)
    assert len({id(outcome) for outcome in outcomes}) <= 2  # not 30 waits for the lock

    other.execute("ROLLBACK")
    other.close()
    await database.run(partial(put, "a"))
    assert await database.run(names) == ["a"]
    await database.close()


@pytest.mark.parametrize(
    "wrong", ["nosuch://ann:secret@db/pivot", "sqlite://ann:secret@db/pivot", "nonsense secret"]
)
def test_a_url_nobody_understands_is_refused_with_its_reason_but_not_its_password(wrong):
    with pytest.raises(StoreError, match="database URL") as told:
        Database(wrong)
    assert "secret" not in str(told.value)


def test_a_driver_that_is_not_installed_is_named():
    with pytest.raises(StoreError, match="pip install oracledb"):
        Database("oracle+oracledb://db/pivot")


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path):
    path = tmp_path / "pivot.db"
    database = Database(url(path))
    await database.run(lambda c: c.execute(text("UPDATE meta SET value = '99'")))
    await database.close()

    older = Database(url(path))
    with pytest.raises(StoreError, match="newer version"):
        await older.open()
    with pytest.raises(StoreError, match="newer version"):
        await older.run(partial(put, "a"))
    await older.close()
