"""A web, a voice and a clock that do as the test says."""

import asyncio
from dataclasses import dataclass, field

from media_sounds import encoded, pcm
from multidict import CIMultiDict

from ari_pivot.call.source import Audio, Speech
from ari_pivot.errors import Code, WebError
from ari_pivot.media.fetch import Fetched
from ari_pivot.media.library import MediaLibrary

NOON = 1_800_000_000.0  # Fri, 15 Jan 2027 08:00:00 GMT
TONE = encoded("wav", "pcm_s16le", pcm(seconds=0.1))
HOUR = {"Cache-Control": "max-age=3600"}
HELLO = Speech("Hello")
AUDIO = Audio("http://u:secret@web.example.com/hello.wav")
ONE = 800 + 3200  # bytes of a tenth of a second as ulaw and sln16


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


class World:
    """A library, and the web, the voice and the clock around it."""

    def __init__(self, folder, *replies, limits=None, **place):
        self.folder = folder
        self.place = place or {"asterisk_directory": "/sounds"}
        self.limits = limits
        self.web = Web(list(replies) or [reply(**HOUR)])
        self.voice = Voice()
        self.clock = Clock()
        self.library = self.restart()

    def restart(self):
        self.library = MediaLibrary(
            self.folder,
            speech=self.voice,
            fetch=self.web,
            limits=self.limits,
            now=self.clock,
            **self.place,
        )
        return self.library

    @property
    def files(self):
        return sorted(path.name for path in self.folder.iterdir())


async def settle():
    """Let everything that has been begun come to its end."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
