"""Documents that were asked for by GET, kept for as long as their server allows (RFC 9111)."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import msgspec
from multidict import CIMultiDict

from ari_pivot.web.freshness import directives, fresh_until, merged, validators
from ari_pivot.web.hop import Hop, Reply, Request

_MOST = 500  # documents, of 64 kB at most
#: What differs from one request to the next and has no part in what is asked for.
_PASSING = {"traceparent", "i-twilio-idempotency-token", "x-pivot-signature"}

_Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(slots=True)
class _Kept:
    """An answer; `headers` are those that say how long it is good for."""

    reply: Reply
    headers: dict[str, str]
    fresh_until: float


class DocumentCache:
    """A hop that asks no more often than a server wants to be asked.

    What is asked for is all of a request, its parameters, credentials and cookies among it: no call
    is given an answer that was meant for another. `hits` and `misses` count since the start.
    """

    def __init__(self, hop: Hop, now: Callable[[], float]) -> None:
        self._hop = hop
        self._now = now
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self.hits = 0
        self.misses = 0

    async def __call__(self, request: Request) -> Reply:
        """Answer from what is kept, or ask; raises WebError as the hop does."""
        if request.method != "GET" or request.kind != "instructions":
            return await self._hop(request)
        key = _key(request)
        kept = self._kept.get(key)
        if kept and self._now() < kept.fresh_until:
            self.hits += 1
            return kept.reply
        self.misses += 1
        if kept is None:
            return self._keep(key, await self._hop(request))
        asking = {**request.headers, **validators(kept.headers)}
        reply = await self._hop(msgspec.structs.replace(request, headers=asking))
        if reply.status != 304:
            return self._keep(key, reply)
        self.hits += 1
        return self._refresh(key, kept, reply)

    def _refresh(self, key: _Key, kept: _Kept, not_modified: Reply) -> Reply:
        """Return what is kept, good for as long again as a 304 says."""
        kept.headers = merged(kept.headers, not_modified.headers)
        kept.fresh_until = fresh_until(kept.headers, self._now())
        if "no-store" in directives(kept.headers):
            del self._kept[key]
        fresh = not_modified.headers.getall("Set-Cookie", [])
        headers = CIMultiDict([*kept.reply.headers.items(), *(("Set-Cookie", x) for x in fresh)])
        return msgspec.structs.replace(kept.reply, headers=headers)

    def _keep(self, key: _Key, reply: Reply) -> Reply:
        """Keep an answer that may be kept, and forget the one before."""
        self._kept.pop(key, None)
        headers = merged({}, reply.headers)
        until = fresh_until(headers, self._now())
        of_use = until > self._now() or validators(headers)
        forbidden = "no-store" in directives(headers) or "Set-Cookie" in reply.headers
        if reply.status == 200 and of_use and not forbidden:
            self._kept[key] = _Kept(reply, headers, until)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return reply


def _key(request: Request) -> _Key:
    asked = ((name.lower(), value) for name, value in request.headers.items())
    return request.url, tuple(sorted(one for one in asked if one[0] not in _PASSING))
