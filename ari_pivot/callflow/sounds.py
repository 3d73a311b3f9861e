"""Several sounds in a row, as modules that talk with the caller play them."""

from ari_pivot.call.call import Call
from ari_pivot.call.play import ALL_KEYS, Played, play
from ari_pivot.call.source import Prompt, Source


async def tell(call: Call, *sounds: Source | str) -> bool:
    """Play sounds, prompts by name, one after the other; True when a key has ended them.

    The key stays among the digits.
    """
    for sound in sounds:
        source = Prompt(sound) if isinstance(sound, str) else sound
        if call.caller.digits or await play(call, source, stop_on=ALL_KEYS) is Played.KEY:
            return True
    return False


async def say(call: Call, *prompts: str) -> None:
    """Play prompts to their end, whatever is pressed; what was pressed is forgotten."""
    for name in prompts:
        await play(call, Prompt(name))
    call.caller.digits.clear()
