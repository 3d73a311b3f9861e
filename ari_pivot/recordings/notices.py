"""What is owed to web servers about a recording."""

from collections.abc import Iterator
from hashlib import blake2b

from ari_pivot.call.recordings import Order
from ari_pivot.recordings.maker import Kept
from ari_pivot.report.entry import Report


def owed(order: Order, kept: Kept | None, now: float) -> list[Report]:
    """Return the requests; the same ones again whenever it is asked."""
    return [*_callbacks(order, kept, now), *_uploads(order, kept, now)]


def _callbacks(order: Order, kept: Kept | None, now: float) -> Iterator[Report]:
    for number, notice in enumerate(order.notices):
        if notice.at != ("kept" if kept else "absent"):
            continue
        params = dict(notice.owed.params)
        if notice.seconds:
            params[notice.seconds] = str(round(kept.seconds if kept else 0.0))
        yield Report(
            call_id=order.call,
            kind=notice.owed.kind,
            url=notice.owed.url,
            params=params,
            created_at=now,
            method=notice.owed.method,
            encoding=notice.owed.encoding,
            scheme=notice.owed.scheme,
            tries=notice.owed.tries,
            id=_id(order, str(number)),
        )


def _uploads(order: Order, kept: Kept | None, now: float) -> Iterator[Report]:
    if order.upload and kept:
        yield Report(
            call_id=order.call,
            kind="upload",
            url=order.upload.url,
            params={},
            created_at=now,
            method=order.upload.method,
            scheme="",
            file=f"{order.id}.{order.upload.format}",
            id=_id(order, "upload"),
        )


def _id(order: Order, what: str) -> str:
    return blake2b(f"{what} {order.id}".encode(), digest_size=16).hexdigest()
