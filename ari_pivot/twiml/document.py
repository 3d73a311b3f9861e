"""A TwiML document: verbs, run from top to bottom."""

from dataclasses import dataclass
from itertools import pairwise

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.errors import Code, InstructionError
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
            for one in filter(None, (verb, following)):  # its own first: it is heard first
                for source in one.sources():
                    call.media.prepare(source)
            name = type(verb).__name__
            if call.only is not None and name not in call.only:
                call.warn(not_here(name, verb.where))
                continue
            call.begin(name)
            if pivot := await verb.run(call):
                return pivot
        return None


def not_here(name: str, where: str) -> InstructionError:
    message = f"<{name}> is not allowed in this document and is passed over"
    return InstructionError(message, code=Code.UNSUPPORTED, where=where)
