"""The names of recordings in URLs."""

import re

TYPES = {"wav": "audio/wav", "mp3": "audio/mpeg"}

_NAME = re.compile(r"RE([0-9a-f]{32})(?:\.(wav|mp3))?")


def parse(path: str) -> tuple[str, str] | None:
    """Return id and suffix of `RE….mp3`; without a suffix it is WAV. None for anything else."""
    match = _NAME.fullmatch(path)
    return (match[1], match[2] or "wav") if match else None
