"""Messages and what belongs to a mailbox, as calls see them."""

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from ari_pivot.call.source import Recorded, Source
from ari_pivot.errors import StoreError
from ari_pivot.ids import new_id

Folder = Literal["new", "saved", "deleted"]


class Message(msgspec.Struct, kw_only=True, frozen=True):
    """One message; `recording` names its sound, `length` in seconds, times since the epoch."""

    mailbox: str
    recording: str
    length: float
    created_at: float
    caller_name: str = ""
    caller_number: str = ""
    from_user: str = ""
    from_realm: str = ""
    to_user: str = ""
    to_realm: str = ""
    call_id: str = ""
    folder: Folder = "new"
    id: str = msgspec.field(default_factory=new_id)


class Profile(msgspec.Struct, kw_only=True, frozen=True):
    """What somebody has set by telephone, empty where it is as configured; sounds by name."""

    pin: str = ""
    is_setup: bool = False
    greeting: str = ""
    temporary_greeting: str = ""
    name: str = ""


class Mailboxes(Protocol):
    """Keeps messages and sounds; everything raises StoreError when it cannot."""

    async def messages(self, mailbox: str) -> list[Message]:
        """Return what is in a mailbox, the newest first, without what was deleted."""
        ...

    async def add(self, message: Message) -> None:
        """Keep a message, and take its recording from Asterisk."""
        ...

    async def move(self, message: Message, folder: Folder) -> Message: ...

    async def profile(self, owner: str) -> Profile:
        """Return what the owner of a mailbox, by the mailbox's id, or `user/ID` has set."""
        ...

    async def change(self, owner: str, profile: Profile) -> None: ...

    async def keep(self, recording: str) -> str:
        """Take a recording from Asterisk; return its name."""
        ...

    async def copy(self, recordings: Sequence[str]) -> str:
        """Return the name of a new recording: others, one after the other."""
        ...

    async def drop(self, recording: str) -> None:
        """Let Asterisk forget a recording that nobody wants; never raises."""
        ...

    def sound(self, recording: str) -> Source:
        """Return what is played to hear a recording, here or still in Asterisk."""
        ...


class NoMailboxes:
    """Keeps nothing: for a call without mailboxes."""

    async def messages(self, mailbox: str) -> list[Message]:
        return []

    async def add(self, message: Message) -> None:
        raise StoreError("nobody keeps messages", where=message.mailbox)

    async def move(self, message: Message, folder: Folder) -> Message:
        raise StoreError("nobody keeps messages", where=message.mailbox)

    async def profile(self, owner: str) -> Profile:
        return Profile()

    async def change(self, owner: str, profile: Profile) -> None:
        raise StoreError("nobody keeps settings", where=owner)

    async def keep(self, recording: str) -> str:
        raise StoreError("nobody keeps recordings", where=recording)

    async def copy(self, recordings: Sequence[str]) -> str:
        raise StoreError("nobody keeps recordings", where=recordings[0])

    async def drop(self, recording: str) -> None:
        pass

    def sound(self, recording: str) -> Source:
        return Recorded(recording)
