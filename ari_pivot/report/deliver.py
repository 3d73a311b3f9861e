"""Sending a report once: how the outbox reaches the web."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Literal, Protocol, cast

import structlog

from ari_pivot.errors import Code, WebError
from ari_pivot.report.entry import Report
from ari_pivot.web.client import Client, Outgoing, Seen
from ari_pivot.web.hop import Reply
from ari_pivot.web.tries import IDEMPOTENCY_HEADER, tries

log = structlog.get_logger()

_UPLOAD = 300.0  # seconds for one try of a file
#: Source: KAZOO, the types with which recordings are uploaded.
_TYPES = {"mp3": "audio/mpeg", "wav": "audio/x-wav"}


class Files(Protocol):
    """The recordings that are to be sent."""

    async def read(self, name: str) -> bytes | None:
        """Return a file, None when it is gone: it was sent before, or its time is over."""
        ...

    async def sent(self, name: str) -> None:
        """Be told that somebody has it now."""
        ...


class NoFiles:
    """There are none."""

    async def read(self, name: str) -> bytes | None:
        return None

    async def sent(self, name: str) -> None:
        pass


class Deliverer:
    """POSTs reports, and sends files; `timeout` in seconds for one try of a report.

    `watched` says who is to be told of a report's hops, if anybody.
    """

    def __init__(
        self,
        client: Client,
        timeout: float,
        watched: Callable[[Report], Seen | None] = lambda _: None,
    ) -> None:
        self._client = client
        self._timeout = timeout
        self._watched = watched
        self.files: Files = NoFiles()

    async def __call__(self, report: Report) -> None:
        """Return when the server accepted the report; raises WebError when not."""
        if report.file:
            await self._upload(report)
        else:
            await self._post(report)

    async def _upload(self, report: Report) -> None:
        """Send a file as it is, to wherever the server redirects to."""
        body = await self.files.read(report.file)
        if body is None:
            log.warning("upload.nothing_to_send", call_id=report.call_id, file=report.file)
            return
        reply = await self._client.send(
            Outgoing(
                kind=report.kind,
                method=report.method,
                url=report.url,
                body=body,
                headers={
                    IDEMPOTENCY_HEADER: report.id,
                    "Content-Type": _TYPES[report.file.rpartition(".")[2]],
                },
                timeout=_UPLOAD,
                seen=self._watched(report),
                insistent=True,
            )
        )
        _accepted(reply)
        await self.files.sent(report.file)

    async def _post(self, report: Report) -> None:
        limits = tries(report.url)  # the times of its fragment; tried again it is in any case
        reply = await self._client.send(
            Outgoing(
                kind=report.kind,
                method=report.method,
                url=report.url,
                params=report.params,
                encoding=report.encoding,
                scheme=cast("Literal['kazoo', 'twiml']", report.scheme),
                headers={IDEMPOTENCY_HEADER: report.id},
                timeout=min(limits.total or self._timeout, self._timeout),
                connect_timeout=limits.connect,
                silence=limits.silence,
                seen=self._watched(report),
            )
        )
        _accepted(reply)


def _accepted(reply: Reply) -> None:
    """Raise WebError for a status that says that it was not."""
    if reply.status // 100 != 2:
        raise WebError(
            f"answered {reply.status}",
            code=Code.HTTP_STATUS,
            where=reply.url,
            status=reply.status,
            retry_after=_pause(reply.headers),
        )


def _pause(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a server asks to be left alone, told as such or as a date by its clock."""
    after = headers.get("Retry-After", "")
    if after.isascii() and after.isdigit():
        return float(after)
    try:
        pause = parsedate_to_datetime(after) - parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError, TypeError):
        return None
    return max(0.0, pause.total_seconds())
