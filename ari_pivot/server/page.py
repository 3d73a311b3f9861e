"""The debug log as a page: which calls there are, and what happened on one."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from aiohttp import web

from ari_pivot.debug.reader import Reader, Wanted
from ari_pivot.debug.timeline import timeline
from ari_pivot.errors import StoreError
from ari_pivot.server.access import Access, Handler, refuse

_PAGE = 50
_FAILED = 5  # failures that stand on top
_RECENT = 24 * 3600.0  # seconds in which a failure stands there
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
#: Documents come from strangers: nothing but our own files runs, and no text becomes markup.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for "
    "'script'; trusted-types 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class DebugPage:
    """`/debug`; `live` returns what is known of the calls that go on now."""

    def __init__(
        self,
        reader: Reader,
        access: Access,
        live: Callable[[], list[dict[str, Any]]],
        now: Callable[[], float],
    ) -> None:
        self._reader = reader
        self._access = access
        self._live = live
        self._now = now

    def routes(self) -> Iterable[web.RouteDef]:
        page = self._access.only(_file("index.html"), _to_login)
        yield web.get("/debug", page)
        yield web.get("/debug/calls/{call_id}", page)
        yield web.get("/debug/data/calls", self._access.only(self._calls, refuse))
        yield web.get("/debug/data/calls/{call_id}", self._access.only(self._call, refuse))
        yield web.get("/debug/login", _file("login.html"))
        yield web.post("/debug/login", self._login)
        yield web.post("/debug/logout", self._logout)
        for name in ("page.css", "page.js", "icon.svg"):
            yield web.get(f"/debug/{name}", _file(name))

    async def _login(self, request: web.Request) -> web.StreamResponse:
        try:
            form = await request.post()
        except (ValueError, LookupError, web.RequestPayloadError) as error:
            raise web.HTTPBadRequest(text="not a form that can be read") from error
        if not self._access.knows(str(form.get("token", "")).strip()):
            await refuse(request)
            return _static("login.html", 403, refused=True)
        response = _redirect(_within(request.query.get("then", "")))
        self._access.remember(request, response)
        return response

    async def _logout(self, _: web.Request) -> web.StreamResponse:
        response = _redirect("/debug/login")
        self._access.forget(response)
        return response

    async def _calls(self, request: web.Request) -> web.StreamResponse:
        query = request.query
        wanted = Wanted(
            limit=_PAGE,
            search=query.get("search", ""),
            failed=query.get("failed") == "1",
            before=_before(query.get("before", "")),
        )
        front = wanted.before is None and not (wanted.search or wanted.failed)
        failed = Wanted(limit=_FAILED, failed=True, since=self._now() - _RECENT)
        try:
            calls = await self._reader.calls(wanted)
            failures = await self._reader.calls(failed) if front else []
        except StoreError as error:
            return _json({"error": str(error)}, 503)
        live = self._live() if wanted.before is None else []
        known = {call["call_id"] for call in calls}
        return _json({
            "live": [one | {"kept": one["debug"] or one["call_id"] in known} for one in live],
            "failed": failures,
            "calls": calls,
            "more": _key(calls[-1]) if len(calls) == _PAGE else "",
            "now": self._now(),
        })  # fmt: skip

    async def _call(self, request: web.Request) -> web.StreamResponse:
        call_id = request.match_info["call_id"]
        try:
            documents = await self._reader.documents(call_id)
            summary = await self._reader.summary(call_id)
        except StoreError as error:
            return _json({"error": str(error)}, 503)
        live = next((one for one in self._live() if one["call_id"] == call_id), None)
        if not documents and live is None:
            return _json({"error": "Nothing is kept of this call."}, 404)
        return _json({
            "call_id": call_id,
            "summary": summary,
            "live": live,
            "began": documents[0]["created"] if documents else None,
            "entries": [asdict(entry) for entry in timeline(documents)],
            "now": self._now(),
        })  # fmt: skip


def _static(name: str, status: int = 200, *, refused: bool = False) -> web.Response:
    text = (files("ari_pivot.server") / "page" / name).read_text("utf-8")
    if refused:
        text = text.replace('class="door"', 'class="door refused"')
    kind = _TYPES[name.rpartition(".")[2]]
    return web.Response(
        text=text, status=status, content_type=kind, charset="utf-8", headers=_HEADERS
    )


def _file(name: str) -> Handler:
    async def send(_: web.Request) -> web.StreamResponse:
        return _static(name)

    return send


async def _to_login(request: web.Request) -> web.StreamResponse:
    return _redirect(f"/debug/login?then={quote(request.rel_url.raw_path, safe='')}")


def _redirect(place: str) -> web.Response:
    return web.Response(status=303, headers={**_HEADERS, "Location": place})


def _within(place: str) -> str:
    """Return where to go after the login: only ever to a page of ours."""
    good = place.startswith("/debug/calls/") and place.isascii() and place.isprintable()
    return place if good else "/debug"


def _json(data: dict[str, Any], status: int = 200) -> web.Response:
    return web.json_response(data, status=status, headers=_HEADERS)


def _key(call: dict[str, Any]) -> str:
    return f"{call['created']!r}_{call['call_id']}"


def _before(key: str) -> tuple[float, str] | None:
    at, _, call_id = key.partition("_")
    try:
        return (float(at), call_id) if call_id else None
    except ValueError:
        return None
