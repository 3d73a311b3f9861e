"""Whether Asterisk has what calls need."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp

from ari_pivot.ari.connection import basic_auth
from ari_pivot.ari.http import speaks_rest_over_websocket, unreachable
from ari_pivot.ari.version import shortcoming
from ari_pivot.config import Config
from ari_pivot.errors import PivotError
from ari_pivot.finding import Finding
from ari_pivot.reach import address

#: What no call can do without.
NEEDED = (
    "app_stasis", "res_ari", "res_ari_applications", "res_ari_asterisk", "res_ari_channels",
    "res_ari_events", "res_ari_playbacks", "res_http_websocket", "res_stasis",
    "res_stasis_answer", "res_stasis_playback", "format_pcm", "format_sln",
)  # fmt: skip
#: What some calls need, and for what.
WANTED = {
    "dialling, conferences, queues": ("res_ari_bridges", "bridge_simple", "bridge_softmix"),
    "recordings": ("res_ari_recordings", "res_stasis_recording", "format_wav"),
    "recording a conversation, listening in": ("res_stasis_snoop", "chan_bridge_media"),
    "music on hold": ("res_musiconhold",),
    "switches that callers turn": ("res_ari_device_states", "res_stasis_device_state"),
}
_BY_URL = ("res_curl", "res_http_media_cache")  # where we share no folder with Asterisk
PROMPTS = ("beep", "vm-goodbye")

_ADVICE = {
    "401": "ari.conf must have `asterisk.user` with the password `asterisk.password`",
    "404": "load res_ari.so; `enabled = yes` in ari.conf; no `prefix` in http.conf",
    "TLS": "is `asterisk.url` https where http.conf has `tlsenable`? `asterisk.ca_file` trusts an"
    " authority of your own",
    "name": "is the host in `asterisk.url` right?",
    "": "is Asterisk running, and does http.conf have `enabled = yes`, and the address and port of"
    " `asterisk.url`?",
}


async def examine(config: Config) -> AsyncIterator[Finding]:
    """Look at one thing after the other; at none behind an Asterisk that is not reached."""
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
            yield _version(info.get("system", {}).get("version", "unknown"))
            yield _commands(over_websocket, await _status(session, "DELETE", f"{base}/channels/-"))
            for finding in await _modules(session, base, by_url=bool(config.media.base_url)):
                yield finding
            yield await _prompts(session, base)
            yield await _recordings(session, base)
        except (PivotError, aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            said = str(error) if isinstance(error, PivotError) else unreachable(error)
            advice = next(text for mark, text in _ADVICE.items() if mark in said)
            yield Finding("Asterisk", "failed", said, advice)


async def _get(session: aiohttp.ClientSession, url: str) -> Any:
    async with session.get(url) as answer:
        if answer.status != 200:
            raise PivotError(f"answered {answer.status}", where=url)
        return await answer.json()


async def _status(session: aiohttp.ClientSession, method: str, url: str) -> int:
    async with session.request(method, url) as answer:
        return answer.status


def _version(version: str) -> Finding:
    advice = shortcoming(version)
    return Finding("Asterisk", "warning" if advice else "ok", f"version {version}", advice)


def _commands(over_websocket: bool, refusal: int) -> Finding:  # noqa: FBT001 - what was found
    """Judge the way of commands; `refusal` is the status for a channel that there is not."""
    if refusal == 403:
        advice = "ari.conf: `read_only = no` for our user"
        return Finding("commands", "failed", "the user may only look", advice)
    return Finding("commands", "ok", "REST over WebSocket" if over_websocket else "HTTP")


async def _modules(session: aiohttp.ClientSession, base: str, *, by_url: bool) -> list[Finding]:
    modules = await _get(session, f"{base}/asterisk/modules")
    running = {one["name"] for one in modules if one.get("status") == "Running"}

    def missing(names: tuple[str, ...]) -> str:
        return " ".join(f"{name}.so" for name in names if f"{name}.so" not in running)

    wanted = WANTED | ({"sounds from `media.base_url`": _BY_URL} if by_url else {})
    found = [
        Finding("modules", "warning", f"no {what}", f"load in modules.conf: {missing(names)}")
        for what, names in wanted.items()
        if missing(names)
    ]
    if missing(NEEDED):
        advice = f"load in modules.conf: {missing(NEEDED)}"
        found.insert(0, Finding("modules", "failed", "calls need more than is loaded", advice))
    return found or [Finding("modules", "ok", "all that are needed run")]


async def _prompts(session: aiohttp.ClientSession, base: str) -> Finding:
    missing = [
        name for name in PROMPTS if await _status(session, "GET", f"{base}/sounds/{name}") != 200
    ]
    if missing:
        advice = "install Asterisk's core sounds for its language"
        return Finding("sounds", "warning", f"no {', '.join(missing)}", advice)
    return Finding("sounds", "ok", "the core sounds are there")


async def _recordings(session: aiohttp.ClientSession, base: str) -> Finding:
    """Look for the folder, which packages forget: each recording fails without it."""
    status = await _status(session, "GET", f"{base}/recordings/stored")
    if status == 500:
        advice = "make it: install -d -o asterisk -g asterisk /var/spool/asterisk/recording"
        return Finding("recordings", "warning", "Asterisk has no folder for them", advice)
    if status != 200:
        return Finding("recordings", "warning", f"answered {status}", "see modules")
    return Finding("recordings", "ok", "Asterisk has a folder for them")
