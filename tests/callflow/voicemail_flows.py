"""Calls to a mailbox: what is pressed and said, and what came of it."""

from flows import act, heard, run

BOX, OTHER = "b" * 32, "c" * 32
MAILBOX = {"mailbox": "100", "name": "Reception", "pin": "1234", "is_setup": True}
MAIL = {"host": "mail.example.com"}
LEAVE = {"id": BOX}
CHECK = {"id": BOX, "action": "check"}

PERSON, NUMBER, UNAVAILABLE, INSTRUCTIONS = "vm-theperson", "100", "vm-isunavail", "vm-intro"
GREETING = [PERSON, NUMBER, UNAVAILABLE, INSTRUCTIONS]
TONE = "440/500,0/100"
SAVED, THANKS = "vm-msgsaved", "Thank you."
REVIEW = "To save it, press 1. To listen to it, press 2. To record it again, press 3."


def call(*actions, do=(), document=None, settings=None, boxes=None, directory=None, first=None,
         hooks=(), **more):  # fmt: skip
    """Run voicemail actions one after the other, then a flow that says "after"."""
    flow = act("tts", {"text": "after"})
    for data in reversed(actions):
        flow = act("voicemail", data, _=flow)
    if first:
        flow = first | {"children": {"_": flow}}
    known = {
        "mailboxes": {BOX: MAILBOX | (document or {}), **(boxes or {})},
        "voicemail": settings or {},
        **(directory or {}),
    }
    return run(flow, do=list(do), directory=known, webhooks=list(hooks), mail=MAIL, **more)


def press(at, keys):
    return {"at": at, "press": keys}


def speak(at, seconds):
    return {"at": at, "speak": seconds}


def left(result):
    """Return the lengths of the messages that were left."""
    return [round(one.duration, 1) for one in result.recordings]


__all__ = ["call", "heard", "left", "press", "speak"]
