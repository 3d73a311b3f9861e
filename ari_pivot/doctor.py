"""Whether everything is there that calls need, and what to do about what is not.

Nothing is made or changed by looking.
"""

import getpass
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from ari_pivot import doctor_asterisk, redact
from ari_pivot.call.source import Speech
from ari_pivot.config import Config
from ari_pivot.errors import Code, PivotError, WebError
from ari_pivot.finding import Finding
from ari_pivot.media.outside import engine
from ari_pivot.reach import web_hop
from ari_pivot.store.database import Database
from ari_pivot.web.aio import AioHop
from ari_pivot.web.client import Client
from ari_pivot.web.hop import Request
from ari_pivot.web.signature import Keys

_UNREACHED = {
    Code.ADDRESS_REFUSED: "only where you trust whoever writes the instructions",
    Code.DNS: "is the name right, and does this machine's resolver know it?",
    Code.TLS: "is its certificate valid? `web.ca_file` trusts an authority of your own",
}


async def examine(config: Config) -> AsyncIterator[Finding]:
    """Look at one thing after the other."""
    async for finding in doctor_asterisk.examine(config):
        yield finding
    yield await _speech(config)
    yield _sounds(config)
    yield _folder("recordings folder", config.recordings.directory)
    yield await _database(config)
    hop = web_hop(config.web)
    try:
        for url in sorted(set(_urls(route.document for route in config.routes))):
            yield await _web(hop, url)
    finally:
        await hop.close()


async def _speech(config: Config) -> Finding:
    hop = web_hop(config.web)
    try:
        voice = engine(config.speech, Client(hop, Keys()))
        audio = await voice.synthesise(Speech("One two three."))
    except PivotError as error:
        advice = f"install {config.speech.engine}, or choose another `speech.engine`"
        return Finding("speech", "failed", str(error), advice)
    finally:
        await hop.close()
    return Finding("speech", "ok", f"{config.speech.engine} spoke {len(audio)} bytes")


def _sounds(config: Config) -> Finding:
    seen = config.sounds_seen or config.media.base_url
    directory = config.media.directory
    found = _folder("sounds folder", directory)
    if found.state == "ok":
        return Finding(found.what, "ok", f"{found.found}, for Asterisk {seen}")
    return found


def _folder(what: str, directory: Path) -> Finding:
    """Look whether files can be made in a folder, which is made when it is needed."""
    there = next(one for one in (directory, *directory.absolute().parents) if one.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        later = "" if there == directory else " (not there yet)"
        return Finding(what, "ok", f"{directory}{later}")
    user = getpass.getuser()
    advice = f"make it: install -d -o {user} {directory}"
    return Finding(what, "failed", f"{user} cannot write {there}", advice)


async def _database(config: Config) -> Finding:
    where = config.reports.database
    if (file := _new_file(where)) is not None:
        return _folder("database", file.absolute().parent)
    database = Database(where)
    try:
        await database.open()
    except PivotError as error:
        advice = "calls work without it, but a CDR is lost if we die before it is delivered"
        return Finding("database", "failed", str(error), advice)
    finally:
        await database.close()
    return Finding("database", "ok", redact.urls(where))


def _new_file(url: str) -> Path | None:
    """Return the file of an SQLite that is not there yet: looking would make it, as who looks."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.get_backend_name() != "sqlite" or parsed.database in {None, "", ":memory:"}:
        return None
    file = Path(str(parsed.database))
    return None if file.exists() else file


async def _web(hop: AioHop, url: str) -> Finding:
    """Ask without asking for anything: HEAD, to which a server may say what it likes."""
    what = f"web server {redact.urls(url)}"
    try:
        reply = await hop(Request("HEAD", url, "instructions", read_timeout=5.0))
    except WebError as error:
        advice = _UNREACHED.get(Code(error.code), "is it up, and does a firewall let us through?")
        return Finding(what, "failed", error.message, advice)
    found = f"answers ({reply.status} to HEAD)"
    if reply.status == 404 or reply.status >= 500:
        advice = "is the path right? `ari-pivot simulate URL` shows what it answers to a call"
        return Finding(what, "warning", found, advice)
    return Finding(what, "ok", found)


def _urls(documents: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Yield the voice URLs in callflows."""
    for document in documents:
        flow = document.get("flow", document)
        if flow.get("module") == "pivot":
            yield flow["data"]["voice_url"]
        yield from _urls(flow.get("children", {}).values())
