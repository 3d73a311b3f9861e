"""Whether everything is there that calls need, and what to do about what is not."""

import os
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp

from ari_pivot.ari.connection import basic_auth
from ari_pivot.ari.http import speaks_rest_over_websocket
from ari_pivot.call.source import Speech
from ari_pivot.config import Config
from ari_pivot.errors import PivotError, WebError
from ari_pivot.media.outside import engine
from ari_pivot.reach import address, web_hop
from ari_pivot.store.database import Database
from ari_pivot.web.aio import AioHop
from ari_pivot.web.client import Client
from ari_pivot.web.hop import Request
from ari_pivot.web.signature import Keys

FLOORS = {20: (20, 20, 1), 22: (22, 10, 1), 23: (23, 4, 1)}
MODULES = (
    "res_ari_channels.so", "res_ari_events.so", "res_ari_playbacks.so", "res_ari_applications.so",
    "res_stasis_answer.so", "res_stasis_playback.so", "app_stasis.so",
)  # fmt: skip
PROMPTS = ("beep", "vm-goodbye")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and found; `advice` says what to do where it is not well."""

    what: str
    state: Literal["ok", "warning", "failed"]
    found: str
    advice: str = ""


async def examine(config: Config) -> AsyncIterator[Finding]:
    """Look at one thing after the other."""
    async for finding in _asterisk(config):
        yield finding
    yield await _speech(config)
    yield _folder(config)
    yield await _database(config)
    hop = web_hop(config.web)
    try:
        for url in sorted(set(_urls(route.document for route in config.routes))):
            yield await _web(hop, url)
    finally:
        await hop.close()


async def _asterisk(config: Config) -> AsyncIterator[Finding]:
    where = address(config.asterisk)
    base = where.url.rstrip("/").removesuffix("/ari") + "/ari"
    connector = aiohttp.TCPConnector(ssl=where.tls)
    headers = {"Authorization": basic_auth(where.user, where.password)}
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(
        connector=connector, headers=headers, timeout=timeout
    ) as session:
        try:
            over_websocket = await speaks_rest_over_websocket(session, base)
            info = await _get(session, f"{base}/asterisk/info")
        except (PivotError, aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            advice = "is it running, http.conf enabled, ari.conf's user and password as configured?"
            yield Finding("Asterisk", "failed", str(error) or repr(error), advice)
            return
        yield _version(info.get("system", {}).get("version", "unknown"))
        transport = "REST over WebSocket" if over_websocket else "HTTP"
        yield Finding("commands", "ok", transport)
        yield await _modules(session, base)
        yield await _prompts(session, base)


async def _get(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as answer:
        if answer.status != 200:
            raise PivotError(f"answered {answer.status}", where=url)
        return await answer.json()


def _version(version: str) -> Finding:
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:3])
    floor = FLOORS.get(numbers[0]) if numbers else None
    if floor is None or numbers < floor:
        wanted = ", ".join(".".join(map(str, one)) for one in FLOORS.values())
        advice = f"full function, and fixes of deadlocks, need one of {wanted} or newer"
        return Finding("Asterisk", "warning", f"version {version}", advice)
    return Finding("Asterisk", "ok", f"version {version}")


async def _modules(session: aiohttp.ClientSession, base: str) -> Finding:
    modules = await _get(session, f"{base}/asterisk/modules")
    running = {module["name"] for module in modules if module.get("status") == "Running"}
    missing = [name for name in MODULES if name not in running]
    if missing:
        advice = f"load them in modules.conf: {' '.join(missing)}"
        return Finding("modules", "failed", f"{len(missing)} not running", advice)
    return Finding("modules", "ok", "all that are needed run")


async def _prompts(session: aiohttp.ClientSession, base: str) -> Finding:
    missing = []
    for name in PROMPTS:
        try:
            await _get(session, f"{base}/sounds/{name}")
        except PivotError:
            missing.append(name)
    if missing:
        advice = "install Asterisk's core sounds for its language"
        return Finding("sounds", "warning", f"no {', '.join(missing)}", advice)
    return Finding("sounds", "ok", "the core sounds are there")


async def _speech(config: Config) -> Finding:
    hop = web_hop(config.web)
    try:
        voice = engine(config.speech, Client(hop, Keys()))
        audio = await voice.synthesise(Speech("One two three."))
    except PivotError as error:
        advice = "install it, or choose another `speech.engine`"
        return Finding("speech", "failed", str(error), advice)
    finally:
        await hop.close()
    return Finding("speech", "ok", f"{config.speech.engine} spoke {len(audio)} bytes")


def _folder(config: Config) -> Finding:
    directory = config.media.directory
    if not directory.is_dir():
        advice = "make it, or set `media.directory`"
        return Finding("sounds folder", "failed", f"{directory} does not exist", advice)
    if not os.access(directory, os.W_OK):
        return Finding("sounds folder", "failed", f"{directory} cannot be written", "its owner?")
    seen = config.media.asterisk_directory or config.media.base_url
    if not seen:
        advice = "set `media.asterisk_directory` or `media.base_url`"
        return Finding("sounds folder", "failed", "Asterisk has no way to it", advice)
    return Finding("sounds folder", "ok", f"{directory}, for Asterisk {seen}")


async def _database(config: Config) -> Finding:
    database = Database(config.reports.database)
    try:
        await database.open()
    except PivotError as error:
        advice = "calls work without it, but a CDR is lost if we die before it is delivered"
        return Finding("database", "failed", str(error), advice)
    finally:
        await database.close()
    return Finding("database", "ok", config.reports.database)


async def _web(hop: AioHop, url: str) -> Finding:
    """Ask without asking for anything: HEAD, of which any answer is a good one."""
    try:
        reply = await hop(Request("HEAD", url, "instructions", read_timeout=5.0))
    except WebError as error:
        return Finding(f"web server {url}", "failed", error.message, "is it up, and reachable?")
    return Finding(f"web server {url}", "ok", f"answers ({reply.status} to HEAD)")


def _urls(documents: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Yield the voice URLs in callflows."""
    for document in documents:
        flow = document.get("flow", document)
        if flow.get("module") == "pivot":
            yield flow["data"]["voice_url"]
        yield from _urls(flow.get("children", {}).values())
