"""Speech that takes its time and says nothing."""

from ari_pivot.call.source import Speech
from ari_pivot.simulator.web import wav

PACE = 15.0  # characters a second, as people read aloud
SHORTEST = 0.5  # seconds


def seconds(text: str) -> float:
    """Return how long a text takes to be said."""
    return max(SHORTEST, len(text) / PACE)


class Pace:
    """A speech engine whose sounds are silent, and as long as the text."""

    name = "simulator"

    async def fingerprint(self, speech: Speech) -> str:
        """Return nothing that changes: every voice speaks alike, but keeps its own sounds."""
        return f"simulator {speech.voice} {speech.language} {speech.engine}"

    async def synthesise(self, speech: Speech) -> bytes:
        """Return silence."""
        return wav(bytes(2 * round(seconds(speech.text) * 8000)))
