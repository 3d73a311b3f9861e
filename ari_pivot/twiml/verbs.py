"""The verbs: a line each."""

from ari_pivot.twiml.dial import Dial
from ari_pivot.twiml.gather import Gather
from ari_pivot.twiml.hangup import Hangup
from ari_pivot.twiml.pause import Pause
from ari_pivot.twiml.play import Play
from ari_pivot.twiml.redirect import Redirect
from ari_pivot.twiml.reject import Reject
from ari_pivot.twiml.say import Say
from ari_pivot.twiml.verb import Verb

VERBS: dict[str, type[Verb]] = {
    "Dial": Dial,
    "Gather": Gather,
    "Hangup": Hangup,
    "Pause": Pause,
    "Play": Play,
    "Redirect": Redirect,
    "Reject": Reject,
    "Say": Say,
}
