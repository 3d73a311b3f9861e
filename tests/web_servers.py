"""Web servers on the loopback: aiohttp's, with or without TLS, and ones that do not speak HTTP."""

import asyncio
import ssl
from contextlib import asynccontextmanager

import trustme
from aiohttp import web
from aiohttp.test_utils import TestServer

AUTHORITY = trustme.CA()
ELSEWHERE = trustme.CA()


def presenting(*names, by=AUTHORITY, until=None):
    """Return the server's side of TLS, with a certificate for these names, good until then."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    by.issue_cert(*names, not_after=until).configure_cert(context)
    return context


def trusting(authority=AUTHORITY):
    """Return the client's side of TLS: who trusts nobody else."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@asynccontextmanager
async def http(handler, *, host="127.0.0.1", tls=None):
    """Run an aiohttp server that answers everything with `handler`; yields its URL."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    server = TestServer(app, host=host)
    await server.start_server(ssl=tls)
    try:
        yield f"http{'s' if tls else ''}://{f'[{host}]' if ':' in host else host}:{server.port}"
    finally:
        await server.close()


@asynccontextmanager
async def raw(talk):
    """Run a server of `talk(reader, writer)` for each connection; yields its URL."""
    talking = set()

    async def serve(reader, writer):
        talking.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in talking:
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)
        await server.wait_closed()


def saying(answer):
    """Read a request's head, send bytes, close."""

    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return talk
