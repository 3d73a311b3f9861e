"""A mailbox during a call, and how its caller is talked to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from ari_pivot.call.call import Call
from ari_pivot.call.collect import collect
from ari_pivot.call.mailboxes import Profile
from ari_pivot.call.play import ALL_KEYS, play
from ari_pivot.call.record import Recording, record
from ari_pivot.call.source import Prompt, Said, Source, Tone
from ari_pivot.callflow import mailbox_documents, media
from ari_pivot.callflow.ask import FIRST
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.sounds import Sound, say, tell
from ari_pivot.errors import CallEnded

_TONE = Tone("440/500,0/100", 0.6)
_SILENCE = 5.0  # seconds that end a recording
_ROUNDS = 4  # times the caller is asked what to do with a recording
_LONGEST = 500  # seconds of a message
_GREETING = 120.0  # seconds of a greeting, at most

#: What the caller does with a recording; `operator` where there is one to be had.
Review = Literal["save", "record", "operator", "nothing"]


class Asking(Protocol):
    """Whose keys count, and how many seconds there are between two."""

    @property
    def settings(self) -> mailbox_documents.VoicemailSettings: ...

    @property
    def interdigit(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Box:
    """`profile` is what was set by telephone; `interdigit` and `longest` in seconds."""

    id: str
    document: mailbox_documents.Mailbox
    profile: Profile
    settings: mailbox_documents.VoicemailSettings
    interdigit: float
    longest: float

    @property
    def pin(self) -> str:
        return self.profile.pin or self.document.pin

    def owned_by(self, call: Call) -> bool:
        return bool(self.document.owner_id) and caller(call, "user")[0] == self.document.owner_id

    def zone(self, call: Call) -> ZoneInfo:
        """Return where its times are told: its own zone, the owner's, the account's."""
        directory = directory_of(call)
        owner = directory.users.get(self.document.owner_id)
        named = self.document.timezone or (owner.timezone if owner else "")
        return ZoneInfo(named or directory.account.timezone or directory.timezone)

    def greeting(self, call: Call) -> list[Source]:
        """Return what a caller hears first; the temporary greeting replaces any other."""
        document, profile = self.document, self.profile
        sounds: list[Source] = []
        if document.play_greeting_intro:
            sounds.append(Prompt("vm-greeting_intro"))
        if document.skip_greeting:
            return sounds
        if recorded := profile.temporary_greeting:
            return [*sounds, call.mailboxes.sound(recorded)]
        if sound := media.source(document.media.temporary_unavailable):
            return [*sounds, sound]
        if profile.greeting:
            return [*sounds, call.mailboxes.sound(profile.greeting)]
        if sound := media.source(document.media.unavailable):
            return [*sounds, sound]
        if document.use_person_not_available:
            return [*sounds, Prompt("vm-person_not_available")]
        number = Said("digits", document.number)
        return [*sounds, Prompt("vm-person"), number, Prompt("vm-not_available")]


async def opened(
    call: Call, id_: str, interdigit: int = 2000, longest: int | None = None
) -> Box | None:
    """Return a mailbox, None where there is none; what its document says comes before.

    `interdigit` in milliseconds, `longest` in seconds.
    """
    document = directory_of(call).mailboxes.get(id_)
    if document is None:
        return None
    return Box(
        id_,
        document,
        await call.mailboxes.profile(id_),
        directory_of(call).voicemail,
        (document.interdigit_timeout or interdigit) / 1000,
        float(longest or document.max_message_length or _LONGEST),
    )


def by_number(call: Call, number: str) -> str:
    """Return the id of the mailbox with a number, empty if there is none."""
    known = directory_of(call).mailboxes.items()
    return next((id_ for id_, one in known if one.number == number), "")


async def choose(call: Call, box: Asking, sounds: Sequence[Sound]) -> str:
    """Return the one key that is pressed during or after sounds, empty for none."""
    call.caller.digits.clear()
    await tell(call, *sounds)
    collected = await collect(call, max_digits=1, timeout=FIRST, interdigit_timeout=box.interdigit)
    return collected.digits


async def enter(call: Call, prompt: str, most: int, interdigit: float) -> str:
    """Return digits up to `#`, with so many seconds from one to the next."""
    call.caller.digits.clear()
    await tell(call, prompt)
    collected = await collect(
        call, max_digits=most, timeout=FIRST, interdigit_timeout=interdigit, terminators="#"
    )
    return collected.digits


async def recorded(call: Call, longest: float) -> Recording:
    """Record the caller after a tone, until a key, silence or the length in seconds."""
    await play(call, _TONE)
    call.caller.digits.clear()
    return await record(
        call, max_length=longest, silence=_SILENCE, terminators=ALL_KEYS, beep=False
    )


async def review(call: Call, box: Asking, name: str, *, operator: bool = False) -> Review:
    """Ask what to do with a recording; nothing chosen in several rounds is `nothing`."""
    keys, left = box.settings.keys, _ROUNDS
    while left:
        key = await choose(call, box, ["vm-review_recording"])
        if key and key == keys.listen:
            await tell(call, call.mailboxes.sound(name))
            left = _ROUNDS
            continue
        if key and key == keys.record:
            return "record"
        if key and key == keys.save:
            return "save"
        if operator and key and key == keys.operator:
            return "operator"
        left -= 1
    return "nothing"


async def own_sound(call: Call, box: Asking, prompt: str, shortest: float) -> str:
    """Have the caller record something; return its name, empty where they do not save it.

    One shorter than so many seconds is dropped. Raises CallEnded, StoreError.
    """
    while True:
        await tell(call, prompt)
        recording = await recorded(call, _GREETING)
        if not recording.names:
            return ""
        name = recording.names[0]
        try:
            call.check()
            choice = await review(call, box, name)
        except CallEnded:
            await call.mailboxes.drop(name)
            raise
        if choice == "save" and recording.duration >= shortest:
            kept = await call.mailboxes.keep(name)
            await say(call, "vm-saved")
            return kept
        await call.mailboxes.drop(name)
        if choice != "record":
            await say(call, "vm-deleted")
            return ""
