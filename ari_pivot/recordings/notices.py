"""What is owed to web servers about a recording."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b

from ari_pivot.call.owed import Owed
from ari_pivot.call.recordings import Order, Transcript
from ari_pivot.recordings.maker import Kept
from ari_pivot.report.entry import Report


def owed(order: Order, kept: Kept | None, now: float) -> list[Report]:
    """Return the requests; the same ones again whenever it is asked."""
    return [*_callbacks(order, kept, now), *_uploads(order, kept, now)]


def transcript(order: Order, wanted: Transcript, said: str | None, now: float) -> Report:
    """Return the request with what was said; None is that nobody could tell."""
    told = {wanted.text: said or "", wanted.status: "failed" if said is None else "completed"}
    return _report(order, wanted.owed, told, now, "transcript")


def _callbacks(order: Order, kept: Kept | None, now: float) -> Iterator[Report]:
    for number, notice in enumerate(order.notices):
        if notice.at != ("kept" if kept else "absent"):
            continue
        seconds = str(round(kept.seconds if kept else 0.0))
        told = {notice.seconds: seconds} if notice.seconds else {}
        yield _report(order, notice.owed, told, now, str(number))


def _report(order: Order, owed: Owed, told: Mapping[str, str], now: float, what: str) -> Report:
    return Report(
        call_id=order.call,
        kind=owed.kind,
        url=owed.url,
        params={**owed.params, **told},
        created_at=now,
        method=owed.method,
        encoding=owed.encoding,
        scheme=owed.scheme,
        tries=owed.tries,
        id=_id(order, what),
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
