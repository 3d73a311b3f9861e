"""Leaving a message in a mailbox. Source: KAZOO, cf_voicemail:compose_voicemail."""

from ari_pivot.call.call import Call
from ari_pivot.call.record import Recording
from ari_pivot.callflow.directory import Found, directory_of
from ari_pivot.callflow.module import NEXT, Branch
from ari_pivot.callflow.sounds import say, tell
from ari_pivot.callflow.voicemail_box import Box, recorded, review
from ari_pivot.callflow.voicemail_check import check
from ari_pivot.callflow.voicemail_deliver import deliver, full
from ari_pivot.errors import CallEnded


async def compose(call: Call, box: Box) -> Branch:
    """Greet the caller and take a message; a key leads to the operator, or to the messages."""
    most = box.settings.max_message_count
    messages = await call.mailboxes.messages(box.id)
    if most and len(messages) >= most:
        return await _full(call, box, len(messages))
    instructions = [] if box.document.skip_instructions else ["vm-record_message"]
    if box.document.announcement_only:
        await tell(call, *box.greeting(call))
        return NEXT
    if await tell(call, *box.greeting(call), *instructions):
        key, keys = call.caller.digits[0], box.settings.keys
        call.caller.digits.clear()
        if key == keys.login:
            return await check(call, box)
        if key == keys.operator and (operator := _operator(call, box)):
            return operator.enter(call)
        if key == keys.continue_:
            return NEXT
    return await _take(call, box)


async def _full(call: Call, box: Box, count: int) -> Branch:
    full(call, box, count)
    if await tell(call, *box.greeting(call), "vm-mailbox_full"):
        key = call.caller.digits[0]
        call.caller.digits.clear()
        if key == box.settings.keys.login:
            return await check(call, box)
    return NEXT


async def _take(call: Call, box: Box) -> Branch:
    """Record, and let the caller decide; who hangs up has left what was recorded."""
    operator = _operator(call, box)
    choice = "record"
    while choice == "record":
        recording = await recorded(call, box.longest)
        if not recording.names:
            return NEXT
        choice = await _decided(call, box, recording, operator is not None)
    await deliver(call, box, recording)
    await say(call, "vm-saved")
    if choice == "operator" and operator:
        return operator.enter(call)
    await say(call, "vm-thank_you")
    return NEXT


async def _decided(call: Call, box: Box, recording: Recording, operator: bool) -> str:  # noqa: FBT001 - whether there is one
    """Return what the caller wants; a recording that is to be made anew is dropped."""
    name = recording.names[0]
    try:
        call.check()
        choice = await review(call, box, name, operator=operator)
    except CallEnded:
        await deliver(call, box, recording)
        raise
    if choice == "record":
        await call.mailboxes.drop(name)
    return choice


def _operator(call: Call, box: Box) -> Found | None:
    """Return the callflow of the operator's number."""
    directory = directory_of(call)
    found = directory.find(box.document.operator_number or box.settings.operator_number)
    return None if found is None or found.no_match else found
