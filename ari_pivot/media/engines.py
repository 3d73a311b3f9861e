"""Speech engines that come by configuration: piper, and servers with OpenAI's interface."""

import asyncio
import json
from collections.abc import Mapping
from typing import Protocol

from ari_pivot.call.source import Speech
from ari_pivot.errors import Code, MediaError, WebError
from ari_pivot.media.fetch import Fetched
from ari_pivot.media.speech import run
from ari_pivot.media.voices import voice_of


class Piper:
    """piper as a program; `models` maps voice names and languages to files of its voices."""

    name = "piper"

    def __init__(
        self,
        model: str,
        *,
        models: Mapping[str, str] | None = None,
        timeout: float = 60.0,
        concurrency: int = 1,
        program: str = "piper",
    ) -> None:
        self._model = model
        self._models = {name.lower(): path for name, path in (models or {}).items()}
        self._timeout, self._program = timeout, program
        self._running = asyncio.Semaphore(concurrency)

    async def fingerprint(self, speech: Speech) -> str:
        """Return the voice's file, whose name holds its version."""
        return f"piper {self._choose(speech)}"

    async def synthesise(self, speech: Speech) -> bytes:
        """Speak through piper; raises MediaError."""
        command = [self._program, "--model", self._choose(speech), "--output_file", "-"]
        async with self._running:
            return await run(command, speech.text, self._timeout)

    def _choose(self, speech: Speech) -> str:
        voice = voice_of(speech)
        names = (voice.name, *voice.languages(""))
        return next((self._models[name] for name in names if name in self._models), self._model)


class Post(Protocol):
    """Sends one POST."""

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Fetched:
        """Return the answer of any status; raises WebError where there is none."""
        ...


class OpenAiSpeech:
    """A speech server with OpenAI's interface, `BASE_URL/v1/audio/speech`.

    `voices` maps voice names, languages, and `woman` and `man`, to the server's voices.
    """

    name = "openai"

    def __init__(
        self,
        post: Post,
        base_url: str,
        *,
        model: str,
        voice: str,
        voices: Mapping[str, str] | None = None,
        speed: float = 1.0,
        api_key: str = "",
    ) -> None:
        self._post = post
        self._url = f"{base_url.rstrip('/')}/v1/audio/speech"
        self._model, self._voice, self._speed = model, voice, speed
        self._voices = {name.lower(): voice for name, voice in (voices or {}).items()}
        self._api_key = api_key

    async def fingerprint(self, speech: Speech) -> str:
        """Return server, model, voice and speed."""
        return f"openai {self._url} {self._model} {self._choose(speech)} {self._speed}"

    async def synthesise(self, speech: Speech) -> bytes:
        """Have the server speak; raises MediaError."""
        wanted = {
            "model": self._model,
            "input": speech.text,
            "voice": self._choose(speech),
            "speed": self._speed,
            "response_format": "wav",
        }
        headers = {"Content-Type": "application/json"}
        if self._api_key:
            headers["Authorization"] = f"Bearer {self._api_key}"
        try:
            answer = await self._post(self._url, headers, json.dumps(wanted).encode())
        except WebError as error:
            raise MediaError(error.message, code=Code.SPEECH) from error
        if answer.status != 200:
            raise MediaError(f"the speech server answered {answer.status}", code=Code.SPEECH)
        return answer.body

    def _choose(self, speech: Speech) -> str:
        voice = voice_of(speech)
        names = (voice.name, *voice.languages(""), "woman" if voice.female else "man")
        return next((self._voices[name] for name in names if name in self._voices), self._voice)
