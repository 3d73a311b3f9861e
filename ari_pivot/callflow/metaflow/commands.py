"""The metaflow modules: a line each."""

from ari_pivot.callflow.metaflow.audio_level import AudioLevel
from ari_pivot.callflow.metaflow.callflow import Callflow
from ari_pivot.callflow.metaflow.command import Command
from ari_pivot.callflow.metaflow.hangup import Hangup
from ari_pivot.callflow.metaflow.hold import Hold
from ari_pivot.callflow.metaflow.pivot import Pivot
from ari_pivot.callflow.metaflow.play import Play
from ari_pivot.callflow.metaflow.record_call import RecordCall
from ari_pivot.callflow.metaflow.say import Say
from ari_pivot.callflow.metaflow.transfer import Transfer
from ari_pivot.callflow.metaflow.tts import Tts

COMMANDS: dict[str, type[Command]] = {
    "audio_level": AudioLevel,
    "callflow": Callflow,
    "hangup": Hangup,
    "hold": Hold,
    "pivot": Pivot,
    "play": Play,
    "record_call": RecordCall,
    "say": Say,
    "transfer": Transfer,
    "tts": Tts,
}
