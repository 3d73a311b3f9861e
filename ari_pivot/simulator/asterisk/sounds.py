"""How long sounds last."""

from collections.abc import Collection, Mapping
from math import inf
from pathlib import Path

_LENGTHS = {"beep": 0.44}  # seconds
_DIGIT = 0.84  # seconds of a spoken digit or letter
_PROMPT = 1.0  # seconds of a sound that is only known by its name
_SPOKEN = {"digits", "number", "characters"}


class Sounds:
    """The sounds of the box: files below `directories`, and by its name whatever is not `missing`.

    `directories` maps folders as Asterisk sees them to where they are. Which prompts a box has is
    not known here: every name counts as one of a second.
    """

    def __init__(
        self, directories: Mapping[str, Path] | None = None, missing: Collection[str] = ()
    ) -> None:
        self._directories = directories or {}
        self._missing = missing
        self.recordings: dict[str, float] = {}

    def length(self, media: str) -> float | None:
        """Return the seconds a media URI lasts: inf for ever, None when it cannot be played."""
        kind, _, name = media.partition(":")
        if kind == "tone":
            return inf  # measured: even a tone that is written to sound once ends only by a stop
        if kind == "recording":
            return self.recordings.get(name)
        if kind in _SPOKEN:
            return len(name) * _DIGIT
        if name.startswith("/"):
            return self._of_file(name)
        return self._of_prompt(name)

    def _of_file(self, name: str) -> float | None:
        for seen, directory in self._directories.items():
            if name.startswith(f"{seen}/"):
                file = directory / f"{name[len(seen) + 1 :]}.ulaw"
                return file.stat().st_size / 8000 if file.exists() else None
        return None

    def _of_prompt(self, name: str) -> float | None:
        folder, _, last = name.rpartition("/")
        if not name or name in self._missing:
            return None
        if folder == "silence" and last.isdigit():
            return float(last)
        if folder in {"digits", "letters"}:
            return _DIGIT
        return _LENGTHS.get(name, _PROMPT)
