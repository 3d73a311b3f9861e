"""The debug log over HTTP, as KAZOO's Crossbar gives it. Source: KAZOO, cb_pivot."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from ari_pivot import __version__, ids
from ari_pivot.call.times import from_gregorian, gregorian
from ari_pivot.debug.reader import Reader, Wanted
from ari_pivot.errors import StoreError
from ari_pivot.server.access import Access, refuse

_PAGE, _LARGEST = 50, 1000
_MONTH = re.compile(r"[0-9]{6}-")
_TRUE = {"true", "1", "yes", "on"}
_KAZOO = ("call_id", "iteration", "node", "status_code", "uri", "has_schema_errors",
          "has_json_errors")  # fmt: skip
_OURS = ("caller", "name", "dialled", "status", "failed", "reason")


class DebugApi:
    """`/v2/accounts/ACCOUNT/pivot/debug`, and `/pivot/debug` for short."""

    def __init__(self, reader: Reader, access: Access, account: str) -> None:
        self._reader = reader
        self._access = access
        self._account = account

    def routes(self) -> Iterable[web.RouteDef]:
        for prefix in ("/v2/accounts/{account}/pivot/debug", "/pivot/debug"):
            yield web.get(prefix, self._access.only(self._list, refuse))
            yield web.get(f"{prefix}/{{call_id}}", self._access.only(self._read, refuse))

    async def _list(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        wanted = _wanted(request)
        try:
            calls = await self._reader.calls(wanted)
        except StoreError as error:
            return _failed(503, "datastore_fault", str(error))
        more = {"page_size": len(calls), "start_key": request.query.get("start_key", "")}
        if len(calls) == wanted.limit:
            last = calls[-1]
            more["next_start_key"] = f"{last['created']!r}_{last['call_id']}"
        return _envelope([_listed(call) for call in calls], **more)

    async def _read(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        call_id = request.match_info["call_id"]
        try:
            documents = await self._reader.documents(call_id)
            if not documents and _MONTH.match(call_id):
                call_id = call_id[7:]
                documents = await self._reader.documents(call_id)
        except StoreError as error:
            return _failed(503, "datastore_fault", str(error))
        about = {"call_id": call_id}
        return _envelope([about | one | _dated(one["created"], call_id) for one in documents])

    def _check(self, request: web.Request) -> None:
        if request.match_info.get("account", self._account) != self._account:
            raise web.HTTPNotFound


def _wanted(request: web.Request) -> Wanted:
    query = request.query
    before = None
    at, _, call_id = query.get("start_key", "").partition("_")
    if call_id:
        before = (_number(at, "start_key"), call_id)
    size = int(_number(query.get("page_size", str(_PAGE)), "page_size"))
    if query.get("paginate", "").lower() == "false":
        size = _LARGEST
    since, until = (
        from_gregorian(int(_number(query[name], name))) + rest if name in query else None
        for name, rest in (("created_from", 0.0), ("created_to", 0.999999))  # the whole second
    )
    return Wanted(
        limit=min(max(size, 1), _LARGEST),
        search=query.get("search", ""),
        failed=query.get("failed", "").lower() in _TRUE,
        since=since,
        until=until,
        before=before,
    )


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1e12:
        raise web.HTTPBadRequest(text=f"{name}: not a number that can be meant")
    return number


def _listed(call: dict[str, Any]) -> dict[str, Any]:
    shown = {name: call[name] for name in (*_KAZOO, *_OURS) if name in call}
    return shown | _dated(call["created"], call["call_id"])


def _dated(created: float, call_id: str) -> dict[str, Any]:
    month = datetime.fromtimestamp(created, UTC).strftime("%Y%m")
    return {"created": gregorian(int(created)), "debug_id": f"{month}-{call_id}"}


def _envelope(data: list[dict[str, Any]], **more: Any) -> web.Response:
    about = {"request_id": ids.new_id(), "revision": "automatic", "version": __version__}
    return _json({"data": data, "status": "success", **about, **more}, 200)


def _failed(status: int, message: str, cause: str) -> web.Response:
    data = {"data": {"message": cause}, "error": str(status), "message": message}
    return _json(data | {"status": "error", "request_id": ids.new_id()}, status)


def _json(data: dict[str, Any], status: int) -> web.Response:
    return web.json_response(data, status=status, headers={"Cache-Control": "no-store"})
