"""A web, a voice and a clock that do as the test says."""

import asyncio
from dataclasses import dataclass, field

from media_sounds import encoded, pcm
from multidict import CIMultiDict

from ari_pivot.errors import Code, WebError
from ari_pivot.media.fetch import Fetched

NOON = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT
TONE = encoded("wav", "pcm_s16le", pcm(seconds=0.1))
HOUR = {"Cache-Control": "max-age=3600"}


class Clock:
    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now


def reply(body=TONE, status=200, type="audio/wav", **headers):  # noqa: A002 - the header's name
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, CIMultiDict({"Content-Type": type, **fields} if type else fields), body


def unreachable():
    return WebError("connection refused", code=Code.CONNECTION)


@dataclass
class Web:
    """Answers each request with the next reply, the last one again and again."""

    replies: list
    requests: list = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    arrived_at: str = ""

    def __post_init__(self):
        self.open.set()

    async def __call__(self, url, headers):
        self.requests.append((url, dict(headers)))
        await self.open.wait()
        answer = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(answer, WebError):
            raise answer
        status, fields, body = answer
        return Fetched(status, fields, body, self.arrived_at or url)

    @property
    def urls(self):
        return [url for url, _ in self.requests]


@dataclass
class Voice:
    """An engine that says everything as a tone of a tenth of a second."""

    name: str = "tone"
    version: str = "1"
    said: list = field(default_factory=list)
    wav: bytes = TONE

    async def fingerprint(self, speech):
        return f"{self.version} {speech.voice}"

    async def synthesise(self, speech):
        self.said.append(speech.text)
        return self.wav
