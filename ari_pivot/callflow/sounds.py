"""Several sounds in a row, as modules that talk with the caller play them."""

from typing import NamedTuple

from ari_pivot.call.call import Call
from ari_pivot.call.play import ALL_KEYS, Played, Seek, play
from ari_pivot.call.source import Prompt, Source


class Sought(NamedTuple):
    """A sound in which keys go forward and back."""

    source: Source
    seek: Seek


Sound = Source | Sought | str


async def tell(call: Call, *sounds: Sound) -> bool:
    """Play sounds, prompts by name, one after the other; True when a key has ended them.

    The key stays among the digits.
    """
    for sound in sounds:
        source, seek = sound if isinstance(sound, Sought) else (sound, None)
        source = Prompt(source) if isinstance(source, str) else source
        if call.caller.digits:
            return True
        if await play(call, source, stop_on=ALL_KEYS, seek=seek) is Played.KEY:
            return True
    return False


async def say(call: Call, *prompts: str) -> None:
    """Play prompts to their end, whatever is pressed; what was pressed is forgotten."""
    for name in prompts:
        await play(call, Prompt(name))
    call.caller.digits.clear()
