"""Sending a report once: how the outbox reaches the web."""

from typing import Literal, cast

from ari_pivot.errors import Code, WebError
from ari_pivot.report.entry import Report
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.tries import IDEMPOTENCY_HEADER


class Deliverer:
    """POSTs reports; `timeout` in seconds for one try."""

    def __init__(self, client: Client, timeout: float) -> None:
        self._client = client
        self._timeout = timeout

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
            )
        )
        if reply.status // 100 == 2:
            return
        raise WebError(
            f"answered {reply.status}",
            code=Code.HTTP_STATUS,
            where=reply.url,
            status=reply.status,
            retry_after=_seconds(reply.headers.get("Retry-After", "")),
        )


def _seconds(value: str) -> float | None:
    return float(value) if value.isdigit() else None
