"""Text to speech: what every engine does, and espeak-ng, the one that is always there."""

import asyncio
import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Protocol

from ari_pivot.call.source import Speech
from ari_pivot.errors import Code, MediaError
from ari_pivot.media.voices import Voice, voice_of

_LONGEST = 20_000  # characters: some twenty minutes
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\s]+")
_VOICE_LINE = re.compile(r"^ *\d+ +([\w-]+) .*", re.MULTILINE)
_OTHER_LANGUAGE = re.compile(r"\(([\w-]+) \d+\)")

# Where the language without its country would be the wrong one.
_NEAREST = {
    "arb": "ar",
    "en-ca": "en-us",
    "es-us": "es-419",
    "zh-hk": "yue",
}


class SpeechEngine(Protocol):
    """Turns text into audio."""

    @property
    def name(self) -> str:
        """Its name in logs and reports."""
        ...

    async def fingerprint(self, speech: Speech) -> str:
        """Return what besides the text changes the sound: engine, version, voice, rate."""
        ...

    async def synthesise(self, speech: Speech) -> bytes:
        """Return a WAV; the text is as `spoken` returns it. Raises MediaError."""
        ...


def spoken(text: str) -> str:
    """Return text fit for an engine: no control characters, white space made single spaces.

    Raises MediaError where nothing is left, or more than twenty minutes' worth.
    """
    words = _UNSPEAKABLE.sub(" ", text).strip()
    if not words:
        raise MediaError("no text to speak", code=Code.SPEECH)
    if len(words) > _LONGEST:
        raise MediaError(f"text longer than {_LONGEST} characters", code=Code.SPEECH)
    return words


async def run(command: Sequence[str], text: str, timeout: float) -> bytes:
    """Return what a program prints that gets the text on its standard input; raises MediaError."""
    try:
        done = await asyncio.to_thread(
            subprocess.run, command, input=text.encode(), capture_output=True, timeout=timeout
        )
    except subprocess.TimeoutExpired as error:
        message = f"{command[0]} took longer than {timeout:g} seconds"
        raise MediaError(message, code=Code.SPEECH) from error
    except OSError as error:
        message = f"cannot run {command[0]}: {error.strerror}"
        raise MediaError(message, code=Code.SPEECH) from error
    if done.returncode or not done.stdout:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        message = f"{command[0]} failed: {reason[-1] if reason else done.returncode}"
        raise MediaError(message, code=Code.SPEECH)
    return done.stdout


class Espeak:
    """espeak-ng as a program; `voices` maps names of documents to its own, `en-us+f3`.

    `rate` is in words a minute, 80 to 450.
    """

    name = "espeak-ng"

    def __init__(
        self,
        *,
        voices: Mapping[str, str] | None = None,
        language: str = "en-us",
        rate: int = 160,
        timeout: float = 20.0,
        concurrency: int = 2,
        program: str = "espeak-ng",
    ) -> None:
        self._voices = {name.lower(): voice for name, voice in (voices or {}).items()}
        self._language, self._rate = language, rate
        self._timeout, self._program = timeout, program
        self._running = asyncio.Semaphore(concurrency)
        self._version = ""
        self._languages: frozenset[str] = frozenset()

    async def fingerprint(self, speech: Speech) -> str:
        """Return engine, version, voice and rate; raises MediaError where it is not installed."""
        if not self._version:
            listing = (await self._run("--voices")).decode()
            names = _VOICE_LINE.findall(listing) + _OTHER_LANGUAGE.findall(listing)
            self._languages = frozenset(name.lower() for name in names)
            self._version = (await self._run("--version")).decode().partition("Data at")[0].strip()
        return f"{self._version} {self._voice(voice_of(speech))} {self._rate}"

    async def synthesise(self, speech: Speech) -> bytes:
        """Speak through espeak-ng; the text is data, never options or phonemes."""
        await self.fingerprint(speech)  # learns the languages there are
        voice = self._voice(voice_of(speech))
        text = f"<speak>{speech.markup}</speak>" if speech.markup else speech.text
        text = text.replace("[[", "[ [")  # else what follows are phonemes
        options = ["-v", voice, "-s", str(self._rate), "-b", "1", "--stdin", "--stdout"]
        if speech.markup:
            options.append("-m")
        return await self._run(*options, text=text)

    def _voice(self, voice: Voice) -> str:
        for name in (voice.name, *voice.languages("")):
            if name in self._voices:
                return self._voices[name]
        language = self._spoken_language(voice)
        return f"{language}+f3" if voice.female else language

    def _spoken_language(self, voice: Voice) -> str:
        if voice.language in _NEAREST:
            return _NEAREST[voice.language]
        tags = voice.languages(self._language)
        return next((tag for tag in tags if tag in self._languages), self._language)

    async def _run(self, *options: str, text: str = "") -> bytes:
        async with self._running:
            return await run([self._program, *options], text, self._timeout)
