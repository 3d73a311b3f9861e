"""Sending a report once: how the outbox reaches the web."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Literal, cast

from ari_pivot.errors import Code, WebError
from ari_pivot.report.entry import Report
from ari_pivot.web.client import Client, Outgoing, Seen
from ari_pivot.web.tries import IDEMPOTENCY_HEADER


class Deliverer:
    """POSTs reports; `timeout` in seconds for one try.

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

    async def __call__(self, report: Report) -> None:
        """Return when the server accepted the report; raises WebError when not."""
        reply = await self._client.send(
            Outgoing(
                kind=report.kind,
                method=report.method,
                url=report.url,
                params=report.params,
                encoding=report.encoding,
                scheme=cast("Literal['kazoo', 'twiml']", report.scheme),
                headers={IDEMPOTENCY_HEADER: report.id},
                timeout=self._timeout,
                seen=self._watched(report),
            )
        )
        if reply.status // 100 == 2:
            return
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
