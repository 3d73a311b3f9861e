"""Having what was said written down, by a server with OpenAI's interface."""

import asyncio
from typing import Protocol

import aiohttp
import msgspec
import structlog

from ari_pivot.errors import Code, MediaError, WebError
from ari_pivot.web.client import Client, Outgoing

log = structlog.get_logger()

_TIMEOUT = 300.0  # seconds for one recording
_PAUSES = (5.0, 10.0)  # seconds between tries


class Transcriber(Protocol):
    """Turns a WAV file into text."""

    async def __call__(self, sound: bytes) -> str:
        """Return what is said in it; raises MediaError."""
        ...


class _Answer(msgspec.Struct):
    text: str


class OpenAiTranscriber:
    """`BASE_URL/v1/audio/transcriptions`, tried three times."""

    def __init__(self, client: Client, base_url: str, *, model: str, key: str = "") -> None:
        self._client = client
        self._url = f"{base_url.rstrip('/')}/v1/audio/transcriptions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def __call__(self, sound: bytes) -> str:
        for pause in _PAUSES:
            try:
                return await self._ask(sound)
            except MediaError as error:
                log.warning("transcription.failed", reason=error.message, again_in=pause)
            await asyncio.sleep(pause)
        return await self._ask(sound)

    async def _ask(self, sound: bytes) -> str:
        with aiohttp.MultipartWriter("form-data") as form:
            form.append(self._model).set_content_disposition("form-data", name="model")
            file = form.append(sound, {"Content-Type": "audio/wav"})
            file.set_content_disposition("form-data", name="file", filename="recording.wav")
        asked = Outgoing(
            kind="media",
            method="POST",
            url=self._url,
            headers={"Content-Type": form.content_type},
            private=self._headers,
            body=await form.as_bytes(),
            timeout=_TIMEOUT,
        )
        try:
            reply = await self._client.send(asked)
            if reply.status != 200:
                raise _failed(f"the server answered {reply.status}")
            return msgspec.json.decode(reply.body, type=_Answer).text.strip()
        except (WebError, msgspec.DecodeError) as error:
            raise _failed(str(error)) from error


def _failed(reason: str) -> MediaError:
    return MediaError(f"what was said cannot be written down: {reason}", code=Code.SPEECH)
