"""Passing a message on to another mailbox. Source: KAZOO, cf_voicemail:forward_message."""

from msgspec.structs import replace

from ari_pivot.call.call import Call
from ari_pivot.call.mailboxes import Message
from ari_pivot.callflow.sounds import say, tell
from ari_pivot.callflow.voicemail_box import Box, by_number, choose, enter, opened, recorded, review
from ari_pivot.callflow.voicemail_deliver import new
from ari_pivot.errors import CallEnded
from ari_pivot.ids import new_id

_NUMBER_LENGTH = 15
_IDLE = 4


async def forward(call: Call, box: Box, message: Message) -> None:
    """Ask for another mailbox, for a comment where these are configured, and put it there."""
    target = await _target(call, box)
    if target is None:
        return
    comment = ""
    if box.settings.forward_type == "prepend_forward":
        choice = await _asked(call, target)
        if choice == "return":
            return
        if choice == "append":
            comment, seconds = await _comment(call, target)
            if comment:
                message = replace(message, length=message.length + seconds)
    sounds = [comment, message.recording] if comment else [message.recording]
    copy = await call.mailboxes.copy(sounds)
    await new(
        call,
        target,
        replace(
            message,
            id=new_id(),
            mailbox=target.id,
            recording=copy,
            folder="new",
            created_at=call.clock(),
        ),
    )


async def _target(call: Call, box: Box) -> Box | None:
    for _ in range(box.settings.max_login_attempts):
        number = await enter(call, "vm-enter_forward_id", _NUMBER_LENGTH, box.interdigit)
        id_ = by_number(call, number) if number else ""
        if id_ and id_ != box.id:
            return await opened(call, id_)
        await say(call, "menu-invalid_entry")
    await say(call, "vm-forward_abort")
    return None


async def _asked(call: Call, box: Box) -> str:
    """Return `append` for a comment, `forward` without one, `return` for neither."""
    for _ in range(_IDLE):
        key = await choose(call, box, ["vm-message_forwarding"])
        if choice := {"1": "append", "2": "forward", "0": "return"}.get(key):
            return choice
    return "return"


async def _comment(call: Call, box: Box) -> tuple[str, float]:
    """Record a comment; return its name and seconds, nothing where there is none."""
    await tell(call, "vm-record_message")
    choice = "record"
    while choice == "record":
        recording = await recorded(call, box.longest)
        if not recording.names:
            return "", 0.0
        name = recording.names[0]
        try:
            call.check()
            choice = await review(call, box, name)
        except CallEnded:  # it was not said that it is good: the message goes without it
            await call.mailboxes.drop(name)
            raise
        if choice == "record":
            await call.mailboxes.drop(name)
    return name, recording.duration
