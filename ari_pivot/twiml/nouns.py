"""What <Dial> may hold, in common."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity, Target
from ari_pivot.errors import InstructionError
from ari_pivot.twiml.verb import Element, Method, words

_EVENTS = words("initiated", "ringing", "answered", "completed")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MACHINES = (
    "machineDetection", "machineDetectionTimeout", "machineDetectionSpeechThreshold",
    "machineDetectionSpeechEndThreshold", "machineDetectionSilenceTimeout", "amdStatusCallback",
    "amdStatusCallbackMethod",
)  # fmt: skip

#: For `unsupported` and `without_effect` of the nouns that know answering machines.
MACHINES = {_MACHINES[0]: "answering machines are not told from people"}
OF_MACHINES = dict.fromkeys(_MACHINES[1:], "for answering machines only")


class Noun(Element):
    """`url` is a document run with who has answered; they are put through at its end.

    Without `statusCallbackEvent` only `completed` is told. Source: TwiML reference, Number.
    """

    url: str = ""
    method: Method = "POST"
    status_callback: str = ""
    status_callback_event: Annotated[tuple[str, ...], _EVENTS] = ("completed",)
    status_callback_method: Method = "POST"
    text: str = ""
    base: str = Field(default="", exclude=True)

    @property
    def keys(self) -> str:
        """Return the keys to send to who answers; `w` waits half a second, `W` a whole one."""
        return ""

    def targets(self, call: Call, timeout: float, shown: Identity | None) -> Iterator[Target]:
        """Yield how it is dialled; raises InstructionError where it may not be."""
        yield self.target(call, timeout, shown)

    def target(self, call: Call, timeout: float, shown: Identity | None) -> Target:
        """Return the same of what is one telephone or number."""
        raise NotImplementedError

    def refuse(self, message: str, code: int) -> InstructionError:
        return InstructionError(message, code=code, where=self.where)


class Machine(Noun):
    """A noun whose answering machine could be told."""

    unsupported: ClassVar = MACHINES
    without_effect: ClassVar = OF_MACHINES

    machine_detection: str = ""
    machine_detection_timeout: str = ""
    machine_detection_speech_threshold: str = ""
    machine_detection_speech_end_threshold: str = ""
    machine_detection_silence_timeout: str = ""
    amd_status_callback: str = ""
    amd_status_callback_method: Method = "POST"


def headers(given: Mapping[str, str]) -> dict[str, str]:
    """Return channel variables that have headers sent; what is not one line is left out."""
    return {
        f"PJSIP_HEADER(add,{name})": value
        for name, value in given.items()
        if _NAME.fullmatch(name) and value.isprintable()
    }
