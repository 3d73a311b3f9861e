"""What a new message brings about: it is kept, lamps are lit, people are told."""

from datetime import datetime

from ari_pivot.call.call import Call
from ari_pivot.call.mailboxes import Message
from ari_pivot.call.mwi import indicate
from ari_pivot.call.numbers import realm, user
from ari_pivot.call.record import Recording
from ari_pivot.call.reports import Event
from ari_pivot.call.times import gregorian
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.mail import Attachment, mail
from ari_pivot.callflow.voicemail_box import Box


async def deliver(call: Call, box: Box, recording: Recording) -> None:
    """Keep what a caller has left, also when the caller is gone; what is too short is dropped."""
    name, facts = recording.names[0], call.facts
    if recording.duration < box.settings.shortest:
        await call.mailboxes.drop(name)
        return
    message = Message(
        mailbox=box.id,
        recording=name,
        length=recording.duration,
        created_at=recording.began,
        caller_name=facts.caller_name,
        caller_number=facts.caller_number,
        from_user=user(facts.from_uri) or facts.caller_number,
        from_realm=realm(facts.from_uri),
        to_user=user(facts.to_uri) or facts.dialled,
        to_realm=realm(facts.to_uri),
        call_id=facts.sip_call_id or facts.id,
    )
    facts.message_left = True
    await new(call, box, message)


async def new(call: Call, box: Box, message: Message) -> None:
    """Put a message into a mailbox and tell everybody."""
    await call.mailboxes.add(message)
    await light(call, box)
    await _mail(call, box, message)
    _tell(call, box, message, "voicemail_new")


async def light(call: Call, box: Box) -> None:
    """Have telephones show what there is."""
    await indicate(call.ari, box.document.lamp, await call.mailboxes.messages(box.id))


def full(call: Call, box: Box, count: int) -> None:
    """Tell that there was no room."""
    call.tell(
        "voicemail_full",
        voicemail_box=box.id,
        max_message_count=box.settings.max_message_count,
        message_count=count,
    )


def _tell(call: Call, box: Box, message: Message, event: Event) -> None:
    """Have webhooks told. Source: KAZOO, kapi_notifications."""
    call.tell(
        event,
        from_user=message.from_user,
        from_realm=message.from_realm,
        to_user=message.to_user,
        to_realm=message.to_realm,
        caller_id_number=message.caller_number or "anonymous",
        caller_id_name=message.caller_name or "unknown",
        call_id=message.call_id,
        voicemail_box=box.id,
        voicemail_id=message.id,
        voicemail_length=round(message.length * 1000),
        voicemail_timestamp=gregorian(message.created_at),
    )


async def _mail(call: Call, box: Box, message: Message) -> None:
    """Mail it to the owner and whoever else is configured, if anybody."""
    document = box.document
    owner = directory_of(call).users.get(document.owner_id)
    addresses = [owner.email] if owner and owner.email else []
    addresses += [one for one in document.notify_email_addresses if one not in addresses]
    if not (addresses and directory_of(call).mails):
        return
    at = datetime.fromtimestamp(message.created_at, box.zone(call))
    who = f"{message.caller_name or 'unknown'} <{message.caller_number or 'anonymous'}>"
    text = (
        f"New message in mailbox {document.number}"
        f"{f' ({document.name})' if document.name else ''}.\n\n"
        f"From:    {who}\nTo:      {message.to_user}\n"
        f"When:    {at:%A, %d %B %Y, %H:%M %Z}\nLength:  {message.length:.0f} seconds\n"
    )
    attachment = None
    if document.include_message_on_notify:
        kind = "wav" if document.media_extension == "wav" else "mp3"
        file = f"voicemail-{document.number}-{at:%Y%m%d-%H%M%S}.{kind}"
        attachment = Attachment(name=file, recording=message.recording)
    owed = mail(
        addresses,
        f"Voicemail from {message.caller_number or 'anonymous'}",
        text,
        attachment,
        {"message": message.id, "folder": document.after_notify or "", "lamp": document.lamp},
    )
    await call.reports.send(call, owed)
