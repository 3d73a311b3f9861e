"""What becomes of recordings. Times are virtual seconds."""

import asyncio

import pytest
from keepers import BASE, DAY, notice, working
from sqlalchemy import insert, select

from ari_pivot.call.recordings import Transcript, Upload
from ari_pivot.errors import AsteriskError, WebError
from ari_pivot.store.database import Database
from ari_pivot.store.schema import recordings, workers

pytestmark = pytest.mark.virtual

TOLD = (notice("kept"), notice("absent"))


@pytest.fixture
async def database():
    made = Database("sqlite://", threaded=False)
    yield made
    await made.close()


async def rows(database):
    found = await database.run(lambda connection: connection.execute(select(recordings)).all())
    return [(row.id, row.state) for row in found]


async def test_it_is_taken_from_asterisk_kept_in_both_formats_and_told_of(tmp_path, database):
    async with working(tmp_path, database) as worker:
        order = worker.record((440, 3.4), notices=TOLD)
        worker.keeper.end(order)
        await worker.keeper.settled()
        await asyncio.sleep(1)
        assert worker.files == [f"{order.id}.mp3", f"{order.id}.wav"]
        assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
        assert worker.told == [{"At": "kept", "RecordingDuration": "3"}]
        assert worker.box.removed == [f"{order.id}-in"]
        assert await rows(database) == [(order.id, "kept")]
        assert worker.keeper.url(order) == f"{BASE}/recordings/RE{order.id}"


async def test_who_asks_for_one_that_has_just_ended_waits_for_it(tmp_path):
    async with working(tmp_path) as worker:
        order = worker.record((440, 2))
        worker.box.fail = 1
        worker.keeper.end(order)
        found = await worker.keeper.get(order.id, "wav")
        assert found.read_bytes().startswith(b"RIFF")


async def test_nobody_waits_for_what_is_not_there(tmp_path):
    async with working(tmp_path) as worker:
        assert await worker.keeper.get("0" * 32, "wav") is None


@pytest.mark.parametrize(
    ("parts", "order"),
    [([(0, 5)], {"trim": True}), ([(440, 2)], {"at_least": 3}), (None, {}), ("failed", {})],
    ids=["nothing but silence", "too short", "no file", "never made"],
)
async def test_what_is_not_to_be_kept_is_absent(tmp_path, database, parts, order):
    async with working(tmp_path, database) as worker:
        sound = parts if isinstance(parts, list) else [(440, 1)]
        made = worker.record(*sound, notices=TOLD, **order)
        if parts is None:
            (worker.box.folder / f"{made.names[0]}.wav").unlink()
        worker.keeper.end(made, made=parts != "failed")
        await worker.keeper.settled()
        await asyncio.sleep(1)
        assert worker.told == [{"At": "absent", "RecordingDuration": "0"}]
        assert worker.files == []
        assert worker.box.removed == ([] if parts == "failed" else list(made.names))
    async with working(tmp_path, database):
        await asyncio.sleep(1)
        assert await rows(database) == []


async def test_an_asterisk_that_cannot_be_reached_is_tried_again(tmp_path):
    async with working(tmp_path) as worker:
        order = worker.record((440, 2), notices=TOLD)
        worker.box.fail = 5
        worker.keeper.end(order)
        await asyncio.sleep(30)
        assert worker.told == []
        await worker.keeper.settled()
        await asyncio.sleep(1)
        assert worker.told == [{"At": "kept", "RecordingDuration": "2"}]


async def test_one_that_cannot_be_had_at_all_is_absent_and_left_where_it_is(tmp_path):
    async with working(tmp_path) as worker:
        order = worker.record((440, 2), notices=TOLD)
        worker.box.fail = 10**9
        worker.keeper.end(order)
        await worker.keeper.settled()
        await asyncio.sleep(1)
        assert worker.told == [{"At": "absent", "RecordingDuration": "0"}]
        assert worker.box.removed == []


async def test_one_that_cannot_be_read_is_left_where_it_is(tmp_path):
    async with working(tmp_path) as worker:
        order = worker.record((440, 2), notices=TOLD)
        (worker.box.folder / f"{order.names[0]}.wav").write_bytes(b"noise")
        worker.keeper.end(order)
        await worker.keeper.settled()
        await asyncio.sleep(1)
        assert worker.told == [{"At": "absent", "RecordingDuration": "0"}]
        assert worker.box.removed == []


@pytest.mark.parametrize("handed_over", [True, False], ids=["after its end", "while it went on"])
async def test_what_we_were_killed_over_is_found_processed_and_reported(
    tmp_path, database, handed_over
):
    async with working(tmp_path, database) as killed:
        order = killed.record((440, 2), notices=TOLD)
        if handed_over:
            killed.box.fail = 10**9
            killed.keeper.end(order)
        await asyncio.sleep(1)
        assert killed.told == []
    async with working(tmp_path, database) as next_one:
        await asyncio.sleep(5)
        assert next_one.told == []  # Asterisk is not asked before we are connected
        next_one.keeper.take_up()
        next_one.keeper.take_up()
        await next_one.keeper.settled()
        await asyncio.sleep(1)
        assert next_one.told == [{"At": "kept", "RecordingDuration": "2"}]
        assert next_one.box.removed == [f"{order.id}-in"]
    async with working(tmp_path, database) as third:
        third.keeper.take_up()
        await third.keeper.settled()
        await asyncio.sleep(1)
        assert third.told == []


async def test_one_that_was_told_of_is_not_told_of_again_only_removed(tmp_path, database):
    async with working(tmp_path, database) as killed:
        order = killed.record((440, 2), notices=TOLD)
        killed.box.remove = refuse
        killed.keeper.end(order)
        await killed.keeper.settled()
        await asyncio.sleep(1)
        assert len(killed.told) == 1
        assert await rows(database) == [(order.id, "taken")]
    async with working(tmp_path, database) as next_one:
        next_one.keeper.take_up()
        await next_one.keeper.settled()
        await asyncio.sleep(1)
        assert next_one.told == []
        assert next_one.box.removed == [f"{order.id}-in"]
        assert await rows(database) == [(order.id, "kept")]


async def refuse(names):
    raise AsteriskError("not now", status=503)


async def test_what_was_said_is_written_down_once_whoever_was_killed_meanwhile(tmp_path, database):
    written = Transcript(owed=notice("kept").owed, text="Text", status="Status")
    async with working(tmp_path, database) as killed:
        order = killed.record((440, 2), transcript=written)
        killed.box.remove = refuse
        killed.keeper.end(order)
        await killed.keeper.settled()
        await asyncio.sleep(1)
        assert killed.told == []
    for told in ([{"At": "kept", "Text": "32044 bytes", "Status": "completed"}], []):
        async with working(tmp_path, database) as next_one:
            next_one.keeper.take_up()
            await next_one.keeper.settled()
            await asyncio.sleep(1)
            assert next_one.told == told


async def test_what_was_half_made_when_we_were_killed_is_swept_away(tmp_path):
    half = tmp_path / "kept" / "unfinished" / "tmp1"
    half.mkdir(parents=True)
    (half / "made.wav").write_bytes(b"RIFF")
    async with working(tmp_path):
        assert not half.exists()


async def test_it_is_removed_when_its_time_is_over(tmp_path, database):
    async with working(tmp_path, database, keep=DAY) as worker:
        order, other = worker.record((440, 1)), worker.record((440, 1), keep=0)
        worker.keeper.end(order)
        worker.keeper.end(other)
        await asyncio.sleep(DAY - 600)
        assert len(worker.files) == 4
        await asyncio.sleep(2000)
        assert worker.files == [f"{other.id}.mp3", f"{other.id}.wav"]
        assert await rows(database) == [(other.id, "kept")]


async def test_one_can_be_removed_before(tmp_path, database):
    async with working(tmp_path, database) as worker:
        order = worker.record((440, 1))
        worker.keeper.end(order)
        await worker.keeper.settled()
        await worker.keeper.remove(order.id)
        assert worker.files == []
        await asyncio.sleep(1)
        assert await rows(database) == []


async def test_one_that_is_to_be_sent_is_sent_until_it_is_taken_and_then_removed(
    tmp_path, database
):
    async with working(tmp_path, database) as worker:
        refusal = WebError("answered 503", status=503)
        worker.web.answers["http://web.test/put"] = [refusal, refusal, None]
        upload = Upload(url="http://web.test/put", format="mp3")
        order = worker.record((440, 1), formats=("mp3",), upload=upload)
        worker.keeper.end(order)
        await worker.keeper.settled()
        assert worker.files == [f"{order.id}.mp3"]
        await asyncio.sleep(60)
        (sent,) = worker.web.accepted
        assert (sent.kind, sent.method, sent.file) == ("upload", "PUT", f"{order.id}.mp3")
        assert (await worker.keeper.read(sent.file))[:3] in {b"ID3", b"\xff\xf3\x44"}
        await worker.keeper.sent(sent.file)
        assert worker.files == []
        await asyncio.sleep(1)
        assert await rows(database) == []


async def test_a_broken_database_loses_no_recording(tmp_path):
    database = Database("sqlite:////proc/nowhere/db", threaded=False)
    async with working(tmp_path, database) as worker:
        order = worker.record((440, 1), notices=TOLD)
        worker.keeper.end(order)
        await worker.keeper.settled()
        await asyncio.sleep(1)
        assert worker.files == [f"{order.id}.mp3", f"{order.id}.wav"]
        assert worker.told == [{"At": "kept", "RecordingDuration": "1"}]
    await database.close()


async def test_what_lies_in_another_workers_folder_is_not_taken_for_sent(tmp_path, database):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    async with (
        working(tmp_path / "one", database) as worker,
        working(tmp_path / "two", database) as other,
    ):
        upload = Upload(url="http://web.test/put", format="mp3")
        order = worker.record((440, 1), formats=("mp3",), upload=upload)
        worker.keeper.end(order)
        await worker.keeper.settled()
        with pytest.raises(FileNotFoundError):
            await other.keeper.read(f"{order.id}.mp3")
        await worker.keeper.sent(f"{order.id}.mp3")
        await asyncio.sleep(1)
        assert await other.keeper.read(f"{order.id}.mp3") is None


async def lives(database, name):
    """Say that a worker of that name lives."""
    row = insert(workers).values(name=name, process="1", seen_at=0.0)
    await database.run(lambda connection: connection.execute(row))


async def test_what_a_dead_worker_was_recording_is_finished_by_another(tmp_path, database):
    async with working(tmp_path, database, name="dead") as dead:
        order = dead.record((440, 1), notices=TOLD)
        await asyncio.sleep(1)
    async with working(tmp_path, database, name="heir") as heir:
        await asyncio.sleep(2)
        assert heir.told == [{"At": "kept", "RecordingDuration": "1"}]
        assert heir.box.removed == [f"{order.id}-in"]
    async with working(tmp_path, database, name="dead") as back:
        back.keeper.take_up()
        await asyncio.sleep(2)
        assert back.told == []


async def test_what_a_worker_that_lives_is_recording_is_its_own(tmp_path, database):
    async with working(tmp_path, database, name="other") as other:
        await lives(database, "other")
        other.record((440, 1), notices=TOLD)
        async with working(tmp_path, database, name="heir") as heir:
            await asyncio.sleep(600)
            assert heir.told == heir.box.asked == []


async def test_what_is_in_another_asterisk_is_left_to_who_can_have_it(tmp_path, database):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    async with working(tmp_path / "one", database, name="dead") as dead:
        order = dead.record((440, 1), notices=TOLD)
        await asyncio.sleep(1)
    async with working(tmp_path / "two", database, name="stranger") as stranger:
        await asyncio.sleep(600)
        assert stranger.told == []
        assert await rows(database) == [(order.id, "live")]


async def test_what_a_dead_worker_has_kept_is_removed_in_time_where_the_folder_is_shared(
    tmp_path, database
):
    async with working(tmp_path, database, name="dead", keep=DAY) as dead:
        dead.keeper.end(dead.record((440, 1)))
        await dead.keeper.settled()
        await asyncio.sleep(1)
    async with working(tmp_path, database, name="heir") as heir:
        await asyncio.sleep(DAY - 600)
        assert len(heir.files) == 2
        await asyncio.sleep(2000)
        assert heir.files == []
        assert await rows(database) == []
