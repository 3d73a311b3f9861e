"""`/metrics`, in the text format of Prometheus."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web
from prometheus_client import CollectorRegistry, generate_latest

from ari_pivot.server.access import Access, refuse

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsPage:
    """For who knows one of two tokens; `refresh` is awaited before each reading."""

    def __init__(
        self,
        registry: CollectorRegistry,
        refresh: Callable[[], Awaitable[None]],
        admitted: tuple[Access, Access],
    ) -> None:
        self._registry = registry
        self._refresh = refresh
        self._admitted = admitted

    def routes(self) -> Iterable[web.RouteDef]:
        yield web.get("/metrics", self._read)

    async def _read(self, request: web.Request) -> web.StreamResponse:
        if not any(access.admits(request) for access in self._admitted):
            return await refuse(request)
        await self._refresh()
        body = generate_latest(self._registry)
        return web.Response(body=body, headers={"Content-Type": _TYPE, "Cache-Control": "no-store"})
