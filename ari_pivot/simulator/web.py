"""The web of a simulated call: scripted, a document from a file, or real; all of it recorded."""

import asyncio
import io
import math
import struct
import wave
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, repeat
from mimetypes import guess_type
from pathlib import Path
from typing import Literal, Protocol

from aiohttp import ServerDisconnectedError
from multidict import CIMultiDict

from ari_pivot.errors import Code, WebError
from ari_pivot.simulator.clock import VirtualLoop
from ari_pivot.simulator.result import Asked
from ari_pivot.simulator.script import Reply as Scripted
from ari_pivot.simulator.script import Site, place
from ari_pivot.web.hop import Hop, Reply, Request

_RATE, _PITCH = 8000, 440  # Hz
_ERRORS: dict[str, tuple[Code, str, Exception | None]] = {
    "dns": (Code.DNS, "the host name is not known", None),
    "refused": (Code.CONNECTION, "connection: refused", ConnectionRefusedError()),
    "tls": (Code.TLS, "TLS: certificate verify failed", None),
    "reset": (Code.CONNECTION, "connection: reset by the server", ConnectionResetError()),
}
_NAMES = {
    Code.CONNECTION: "refused",
    Code.DNS: "dns",
    Code.TLS: "tls",
    Code.TOO_LARGE: "too_large",
    Code.ADDRESS_REFUSED: "address_refused",
    Code.INVALID_URL: "invalid_url",
}


class ScriptedWeb:
    """Answers as the script says, and 404 for every other URL."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self._sites: dict[tuple[object, ...], Iterator[Scripted]] = {
            place(site.url): chain(site.replies, repeat(site.replies[-1])) for site in sites
        }

    async def __call__(self, request: Request) -> Reply:
        replies = self._sites.get(place(request.url))
        scripted = next(replies) if replies else Scripted(status=404)
        await _wait(scripted, request)
        if scripted.error:
            code, message, cause = _ERRORS[scripted.error]
            stage: Literal["ct", "rt"] = "rt" if scripted.error == "reset" else "ct"
            raise WebError(message, code=code, where=request.url, stage=stage) from cause
        body = _tone(scripted.audio) if scripted.audio else scripted.body.encode()
        if len(body) > request.limit:
            message = f"the answer is larger than {request.limit} bytes"
            raise WebError(message, code=Code.TOO_LARGE, where=request.url)
        headers = CIMultiDict(scripted.headers)
        if kind := scripted.type or (not headers.get("Content-Type") and looks_like(body)):
            headers["Content-Type"] = kind
        return Reply(scripted.status, headers, body, request.url)


async def _wait(scripted: Scripted, request: Request) -> None:
    limit = min(request.read_timeout, request.silence)
    if scripted.error == "timeout" or scripted.delay >= limit:
        await asyncio.sleep(limit)
        message = f"no answer within {limit:g} s"
        raise WebError(
            message, code=Code.TIMEOUT, where=request.url, stage="rt"
        ) from TimeoutError()
    if scripted.delay:
        await asyncio.sleep(scripted.delay)


class FileWeb:
    """A document at `url`, and the files of its folder beside it; every other host is `beyond`.

    What is not in the folder is `otherwise`.
    """

    def __init__(
        self, url: str, document: bytes, folder: Path, *, beyond: Hop, otherwise: Hop
    ) -> None:
        self._beyond, self._otherwise = beyond, otherwise
        self._place = place(url)
        self._document, self._folder = document, folder.resolve()

    async def __call__(self, request: Request) -> Reply:
        at = place(request.url)
        if at[1] != self._place[1]:
            return await self._beyond(request)
        found = (self._document, "") if at == self._place else self._beside(at[3])
        if found is None:
            return await self._otherwise(request)
        body, kind = found
        headers = CIMultiDict({"Content-Type": kind or looks_like(body)})
        return Reply(200, headers, body, request.url)

    def _beside(self, path: str) -> tuple[bytes, str] | None:
        """Return a file of the folder, named with or without its ending, and its content type."""
        for ending in ("", ".xml", ".json"):
            file = (self._folder / f"{path.strip('/')}{ending}").resolve()
            if file.is_relative_to(self._folder) and file.is_file():
                kind = guess_type(file.name)[0] or ""
                return file.read_bytes(), kind if kind.startswith("audio/") else ""
        return None


class RealWeb:
    """Real requests, for which virtual time goes at its true speed."""

    def __init__(self, hop: Hop) -> None:
        self._hop = hop

    async def __call__(self, request: Request) -> Reply:
        loop = asyncio.get_running_loop()
        if not isinstance(loop, VirtualLoop):
            return await self._hop(request)
        with loop.real():
            return await self._hop(request)


class Notebook(Protocol):
    """Where requests are written down."""

    asked: list[Asked]

    def since(self) -> float:
        """Return the time of the call, seconds."""
        ...

    def answered(self, asked: Asked) -> None:
        """Take note that a request is over."""
        ...


class RecordedWeb:
    """Writes down what is asked and what came of it."""

    def __init__(self, hop: Hop, notebook: Notebook) -> None:
        self._hop = hop
        self._notebook = notebook

    async def __call__(self, request: Request) -> Reply:
        asked = Asked(
            at=self._notebook.since(),
            kind=request.kind,
            method=request.method,
            url=request.url,
            headers=dict(request.headers),
            params=dict(request.params),
        )
        self._notebook.asked.append(asked)
        try:
            reply = await self._hop(request)
            asked.status = reply.status
            return reply
        except WebError as error:
            asked.error = _name(error)
            raise
        except asyncio.CancelledError:
            asked.error = "cancelled"
            raise
        finally:
            self._notebook.answered(asked)


def _name(error: WebError) -> str:
    cause = getattr(error.__cause__, "os_error", error.__cause__)
    match cause:
        case TimeoutError():
            return "timeout"
        case ConnectionResetError() | BrokenPipeError() | ServerDisconnectedError():
            return "reset"
        case _:
            return _NAMES.get(Code(error.code), "protocol")


def looks_like(body: bytes) -> str:
    """Return the content type a body seems to have; empty for an empty one."""
    start = body.lstrip()[:4]
    if start == b"RIFF":
        return "audio/wav"
    kinds: Mapping[bytes, str] = {b"<": "text/xml", b"{": "application/json"}
    return kinds.get(start[:1], "text/plain; charset=utf-8") if start else ""


@lru_cache(maxsize=16)
def _tone(seconds: float) -> bytes:
    """Return a WAV of a 440 Hz tone."""
    step = 2 * math.pi * _PITCH / _RATE
    samples = (round(8000 * math.sin(step * n)) for n in range(round(seconds * _RATE)))
    return wav(b"".join(struct.pack("<h", sample) for sample in samples))


def wav(frames: bytes) -> bytes:
    """Return a WAV of 16-bit frames, 8000 a second."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(frames)
    return file.getvalue()
