"""The keeper of messages: rows in the database, sounds in a folder."""

import asyncio
import re
import wave
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import structlog
from sqlalchemy import Connection, delete, insert, select, update

from ari_pivot.call.mailboxes import Folder, Message, Profile
from ari_pivot.call.source import File, Recorded, Source
from ari_pivot.errors import AsteriskError, StoreError
from ari_pivot.ids import new_id
from ari_pivot.recordings.box import Box
from ari_pivot.store.database import Database
from ari_pivot.store.schema import mailboxes, messages

log = structlog.get_logger()


_FAX = "fax-"  # what the names of faxes begin with
_NAME = re.compile(r"[A-Za-z0-9-]+")


class NoRecordingError(StoreError):
    """It is neither here nor in Asterisk."""


@dataclass(slots=True)
class Keeper:
    """Keeps what `call.mailboxes.Mailboxes` says; `keep_deleted` in seconds.

    A sound that cannot be taken from Asterisk stays there, is played from there, and is taken the
    next time that it is wanted.
    """

    database: Database
    folder: Path
    box: Box
    now: Callable[[], float]
    keep_deleted: float = 30 * 86_400.0
    _taking: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)

    async def messages(self, mailbox: str) -> list[Message]:
        query = select(messages.c.record).where(
            messages.c.mailbox == mailbox, messages.c.folder != "deleted"
        )
        ordered = query.order_by(messages.c.created_at.desc(), messages.c.id)
        rows = await self.database.run(lambda connection: [*connection.scalars(ordered)])
        return [msgspec.json.decode(row, type=Message) for row in rows]

    async def add(self, message: Message) -> None:
        await self.database.run(lambda connection: _put(message, connection))
        await self._purge()
        try:
            await self.file(message.recording)
        except (StoreError, AsteriskError) as error:
            log.warning("voicemail.left_in_asterisk", recording=message.recording, reason=error)

    async def move(self, message: Message, folder: Folder) -> Message:
        moved = msgspec.structs.replace(message, folder=folder)
        await self.database.run(lambda connection: _put(moved, connection))
        return moved

    async def moved(self, message_id: str, folder: Folder) -> Message | None:
        """Move a message; None where it is gone."""
        query = select(messages.c.record).where(messages.c.id == message_id)
        row = await self.database.run(lambda connection: connection.scalar(query))
        return await self.move(msgspec.json.decode(row, type=Message), folder) if row else None

    async def profile(self, owner: str) -> Profile:
        query = select(mailboxes.c.record).where(mailboxes.c.id == owner)
        row = await self.database.run(lambda connection: connection.scalar(query))
        return msgspec.json.decode(row, type=Profile) if row else Profile()

    async def change(self, owner: str, profile: Profile) -> None:
        before = await self.profile(owner)
        record = msgspec.json.encode(profile).decode()

        def write(connection: Connection) -> None:
            connection.execute(delete(mailboxes).where(mailboxes.c.id == owner))
            connection.execute(insert(mailboxes).values(id=owner, record=record))

        await self.database.run(write)
        for gone in _sounds(before) - _sounds(profile):
            await self._remove(gone)

    async def keep(self, recording: str) -> str:
        await self._had(recording)
        return recording

    async def copy(self, recordings: Sequence[str]) -> str:
        files, name = [await self._had(one) for one in recordings], new_id()
        await self._in_thread(_join, files, self._path(name))
        return name

    async def drop(self, recording: str) -> None:
        with suppress(AsteriskError):
            await self.box.remove([recording])

    def sound(self, recording: str) -> Source:
        path = self._path(recording)
        return File(str(path)) if path.exists() else Recorded(recording)

    async def _had(self, recording: str) -> Path:
        try:
            return await self.file(recording)
        except AsteriskError as error:
            raise StoreError(f"cannot be had from Asterisk: {error}", where="recording") from error

    async def file(self, recording: str) -> Path:
        """Return a recording's file, taken from Asterisk now if need be.

        Raises StoreError, AsteriskError.
        """
        path = self._path(recording)
        if not path.exists():
            task = self._taking.get(recording)
            if task is None:
                task = self._taking[recording] = asyncio.create_task(self._take(recording, path))
                task.add_done_callback(lambda _: self._taking.pop(recording, None))
            await asyncio.shield(task)
        return path

    async def _take(self, recording: str, path: Path) -> None:
        part = path.with_suffix(".part")
        await self._in_thread(_make_folder, path.parent)
        try:
            found = await self.box.fetch(recording, part)
        except OSError as error:
            raise StoreError(str(error), where=str(self.folder)) from error
        if not found:
            raise NoRecordingError("Asterisk has no such recording", where=recording)
        await self._in_thread(part.replace, path)
        await self.drop(recording)

    async def _purge(self) -> None:
        """Forget what was deleted long ago."""
        old = messages.c.folder == "deleted", messages.c.created_at < self.now() - self.keep_deleted

        def forget(connection: Connection) -> list[str]:
            rows = [*connection.scalars(select(messages.c.record).where(*old))]
            connection.execute(delete(messages).where(*old))
            return rows

        for row in await self.database.run(forget):
            await self._remove(msgspec.json.decode(row, type=Message).recording)

    async def _remove(self, recording: str) -> None:
        await self._in_thread(lambda path: path.unlink(missing_ok=True), self._path(recording))

    async def _in_thread(self, work: Callable[..., object], *args: object) -> None:
        try:
            await asyncio.to_thread(work, *args)
        except (OSError, wave.Error, EOFError) as error:
            raise StoreError(str(error), where=str(self.folder)) from error

    def _path(self, recording: str) -> Path:
        if not _NAME.fullmatch(recording):
            raise StoreError(f"{recording!r} is not the name of a recording")
        suffix = "tif" if recording.startswith(_FAX) else "wav"
        return self.folder / f"{recording}.{suffix}"


def _put(message: Message, connection: Connection) -> None:
    record = msgspec.json.encode(message).decode()
    values = {"folder": message.folder, "record": record}
    changed = connection.execute(
        update(messages).where(messages.c.id == message.id).values(**values)
    )
    if not changed.rowcount:
        connection.execute(
            insert(messages).values(
                id=message.id, mailbox=message.mailbox, created_at=message.created_at, **values
            )
        )


def _sounds(profile: Profile) -> set[str]:
    return {profile.greeting, profile.temporary_greeting, profile.name} - {""}


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _join(sources: Sequence[Path], path: Path) -> None:
    """Write sounds of the same kind, as Asterisk makes them, one after the other."""
    part = path.with_suffix(".part")
    with wave.open(str(part), "wb") as out:
        for number, source in enumerate(sources):
            with wave.open(str(source)) as sound:
                if number == 0:
                    out.setparams(sound.getparams())
                out.writeframes(sound.readframes(sound.getnframes()))
    part.replace(path)
