"""What is kept of voicemail: rows and files, also over a restart, and though Asterisk fails."""

import io
import wave

import pytest

from ari_pivot.call.mailboxes import Message, Profile
from ari_pivot.call.source import File, Recorded
from ari_pivot.errors import AsteriskUnavailable, StoreError
from ari_pivot.store.database import Database
from ari_pivot.voicemail.enclosures import Enclosures
from ari_pivot.voicemail.keeper import Keeper

NOW = 1_800_000_000.0
DAY = 86_400.0


def sound(seconds):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(round(16_000 * seconds)))
    return file.getvalue()


class Box:
    """Asterisk's recordings by name; `broken` is an Asterisk that does not answer."""

    def __init__(self):
        self.recordings, self.broken = {}, False

    async def fetch(self, name, target):
        if self.broken:
            raise AsteriskUnavailable("not connected")
        if name in self.recordings:
            target.write_bytes(self.recordings[name])
        return name in self.recordings

    async def remove(self, names):
        for name in names:
            self.recordings.pop(name, None)


@pytest.fixture
async def keeper(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/test.db")
    keeper = Keeper(database, tmp_path / "voicemail", Box(), lambda: NOW)
    yield keeper
    await keeper.database.close()


def message(name="r1", **more):
    known = {"mailbox": "box", "recording": name, "length": 3.0, "created_at": NOW - 10}
    return Message(**known | more)


async def test_a_message_is_taken_from_asterisk_and_gone_there(keeper):
    keeper.box.recordings["r1"] = sound(3)
    await keeper.add(message())
    assert keeper.box.recordings == {}
    assert keeper.sound("r1") == File(str(keeper.folder / "r1.wav"))
    assert [one.recording for one in await keeper.messages("box")] == ["r1"]
    assert await keeper.messages("other") == []


async def test_messages_come_the_newest_first_and_without_the_deleted(keeper):
    for number in range(3):
        keeper.box.recordings[f"r{number}"] = sound(1)
        await keeper.add(message(f"r{number}", created_at=NOW - number))
    newest, middle, oldest = await keeper.messages("box")
    assert [newest.recording, oldest.recording] == ["r0", "r2"]
    await keeper.move(middle, "deleted")
    await keeper.move(oldest, "saved")
    assert [one.folder for one in await keeper.messages("box")] == ["new", "saved"]


async def test_what_asterisk_does_not_give_now_stays_there_and_is_taken_later(keeper):
    keeper.box.recordings["r1"], keeper.box.broken = sound(1), True
    await keeper.add(message())
    assert keeper.sound("r1") == Recorded("r1")
    keeper.box.broken = False
    assert (await keeper.file("r1")).exists()
    assert keeper.sound("r1") == File(str(keeper.folder / "r1.wav"))


async def test_it_all_outlives_a_restart(keeper, tmp_path):
    keeper.box.recordings |= {"r1": sound(1), "g1": sound(1)}
    await keeper.add(message())
    await keeper.change("box", Profile(pin="4321", greeting=await keeper.keep("g1")))
    await keeper.database.close()
    keeper.database = Database(f"sqlite:///{tmp_path}/test.db")
    assert [one.recording for one in await keeper.messages("box")] == ["r1"]
    assert (await keeper.profile("box")).pin == "4321"
    assert isinstance(keeper.sound("g1"), File)


async def test_a_greeting_that_is_replaced_is_removed(keeper):
    keeper.box.recordings |= {"g1": sound(1), "g2": sound(1)}
    await keeper.change("box", Profile(greeting=await keeper.keep("g1")))
    await keeper.change("box", Profile(greeting=await keeper.keep("g2")))
    assert [file.name for file in keeper.folder.iterdir()] == ["g2.wav"]


async def test_a_copy_has_one_after_the_other(keeper):
    keeper.box.recordings |= {"comment": sound(1), "r1": sound(2)}
    copy = await keeper.copy(["comment", "r1"])
    with wave.open(str(keeper.folder / f"{copy}.wav")) as file:
        assert file.getnframes() == 3 * 8000


async def test_deleted_messages_go_after_their_time(keeper):
    keeper.box.recordings |= {name: sound(1) for name in ("old", "recent", "new")}
    for name, age in (("old", 31 * DAY), ("recent", DAY)):
        made = message(name, created_at=NOW - age)
        await keeper.add(made)
        await keeper.move(made, "deleted")
    await keeper.add(message("new"))
    assert {file.stem for file in keeper.folder.iterdir()} == {"recent", "new"}


async def test_what_is_nowhere_is_an_error_and_no_attachment(keeper):
    with pytest.raises(StoreError, match="no such recording"):
        await keeper.keep("nowhere")
    assert await Enclosures(keeper, None).content("nowhere", "mp3") is None


async def test_a_name_that_leads_elsewhere_is_refused(keeper):
    with pytest.raises(StoreError):
        await keeper.keep("../secret")


async def test_mail_has_it_as_mp3_or_as_it_is(keeper):
    keeper.box.recordings["r1"] = sound(2)
    enclosures = Enclosures(keeper, None)
    mp3 = await enclosures.content("r1", "mp3")
    assert mp3[:3] == b"ID3" or mp3[0] == 0xFF
    assert len(mp3) < 16_000
    assert await enclosures.content("r1", "wav") == sound(2)


async def test_a_folder_that_cannot_be_written_is_said_and_the_message_stays_in_asterisk(
    keeper, tmp_path
):
    (tmp_path / "voicemail").write_text("a file")
    keeper.box.recordings["r1"] = sound(1)
    await keeper.add(message())
    assert [one.recording for one in await keeper.messages("box")] == ["r1"]
    assert "r1" in keeper.box.recordings
