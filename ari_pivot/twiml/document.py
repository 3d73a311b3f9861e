"""A TwiML document: verbs, run from top to bottom."""

from dataclasses import dataclass
from itertools import pairwise

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.errors import InstructionError
from ari_pivot.twiml.verb import Verb


@dataclass(frozen=True, slots=True)
class Document:
    """Parsed whole before anything is heard; `warnings` are what was passed over."""

    verbs: tuple[Verb, ...]
    warnings: tuple[InstructionError, ...] = ()

    async def run(self, call: Call) -> Pivot | None:
        """Run the verbs, with the next one's media being had ready, until one leaves."""
        for warning in self.warnings:
            call.warn(warning)
        for verb, following in pairwise((*self.verbs, None)):
            assert verb is not None  # noqa: S101 - only the last of a pair is None
            if following:
                for source in following.sources():
                    call.media.prepare(source)
            call.begin(type(verb).__name__)
            if pivot := await verb.run(call):
                return pivot
        return None
