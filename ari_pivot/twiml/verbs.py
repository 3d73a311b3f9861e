"""The verbs: a line each; and the elements of the language that are not executed."""

from ari_pivot.twiml.dial import Dial
from ari_pivot.twiml.echo import Echo
from ari_pivot.twiml.enqueue import Enqueue
from ari_pivot.twiml.gather import Gather
from ari_pivot.twiml.hangup import Hangup
from ari_pivot.twiml.leave import Leave
from ari_pivot.twiml.pause import Pause
from ari_pivot.twiml.play import Play
from ari_pivot.twiml.record import Record
from ari_pivot.twiml.redirect import Redirect
from ari_pivot.twiml.refer import Refer
from ari_pivot.twiml.reject import Reject
from ari_pivot.twiml.say import Say
from ari_pivot.twiml.set import Set
from ari_pivot.twiml.sms import Sms
from ari_pivot.twiml.start import Start
from ari_pivot.twiml.stop import Stop
from ari_pivot.twiml.verb import Verb

VERBS: dict[str, type[Verb]] = {
    "Dial": Dial,
    "Echo": Echo,
    "Enqueue": Enqueue,
    "Gather": Gather,
    "Hangup": Hangup,
    "Leave": Leave,
    "Pause": Pause,
    "Play": Play,
    "Record": Record,
    "Redirect": Redirect,
    "Refer": Refer,
    "Reject": Reject,
    "Say": Say,
    "Set": Set,
    "Sms": Sms,
    "Start": Start,
    "Stop": Stop,
}

#: Passed over with warning 13750, and the next verb follows.
ELSEWHERE: dict[str, str] = {
    "AiSession": "no assistant is there to be connected",
    "Assistant": "no assistant is there to be connected",
    "Autopilot": "no assistant is there to be connected",
    "Connect": "nothing is there to be connected: no media streams, no assistants",
    "Conversation": "no conversation service",
    "ConversationRelay": "no media streams",
    "ConversationRelaySession": "no media streams",
    "Message": "a verb of text messages; <Sms> sends one",
    "Pay": "no payment service",
    "Prompt": "part of <Pay>: no payment service",
    "Room": "no video rooms",
    "Sim": "no SIM cards; <Number> dials its number",
    "Siprec": "no SIPREC recorder",
    "Stream": "no media streams",
    "Task": "no task router",
    "Transcription": "no transcription",
    "VirtualAgent": "no assistant is there to be connected",
    "WhatsApp": "no way to WhatsApp",
}
