"""Digest authentication: answered with the credentials of the URL, by a real request."""

import re
from hashlib import sha256
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from web_servers import http

from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.signature import Keys

CHALLENGE = 'Digest realm="ivr", nonce="n0", qop="auth", algorithm=SHA-256, opaque="o"'


def digest(text):
    return sha256(text.encode()).hexdigest()


def answers(request, user="us er", password="pä:ss"):
    """Whether a request proves that it knows the password. Source: RFC 7616 §3.4.1."""
    said = dict(re.findall(r'(\w+)="?([^",]*)"?', request.headers.get("Authorization", "")))
    proof = f"{said.get('nonce')}:{said.get('nc')}:{said.get('cnonce')}:auth"
    whole = digest(f"{user}:ivr:{password}"), proof, digest(f"{request.method}:{said.get('uri')}")
    return said.get("uri") == request.raw_path and said.get("response") == digest(":".join(whole))


class Guarded:
    """A server that lets nobody in without Digest."""

    def __init__(self):
        self.offered, self.bodies = [], []

    async def serve(self, request):
        self.offered.append(request.headers.get("Authorization", "").partition(" ")[0])
        self.bodies.append(await request.text())
        if answers(request):
            return web.Response(text="in")
        return web.Response(status=401, headers={"WWW-Authenticate": CHALLENGE})


async def ask(hop, url, user="us%20er:p%C3%A4:ss@", method="POST"):
    address = f"http://{user}{urlsplit(url).netloc}/a%20b?x=%2F"
    return await Client(hop, Keys()).send(Outgoing("instructions", method, address, {"a": "b"}))


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_demand_for_it_is_met(hop_to, method):
    server = Guarded()
    async with http(server.serve) as url, hop_to("127.0.0.1") as hop:
        reply = await ask(hop, url, method=method)
    assert (reply.status, reply.body) == (200, b"in")
    assert server.offered == ["Basic", "Digest"]
    assert server.bodies == (["a=b", "a=b"] if method == "POST" else ["", ""])


async def test_a_wrong_password_is_a_401(hop_to):
    server = Guarded()
    async with http(server.serve) as url, hop_to("127.0.0.1") as hop:
        assert (await ask(hop, url, "us%20er:wrong@")).status == 401
    assert server.offered == ["Basic", "Digest"]


async def test_nothing_is_offered_without_credentials(hop_to):
    server = Guarded()
    async with http(server.serve) as url, hop_to("127.0.0.1") as hop:
        assert (await ask(hop, url, "")).status == 401
    assert server.offered == [""]


async def test_it_stays_within_its_origin(hop_to):
    server = Guarded()

    async def elsewhere(request):
        raise web.HTTPTemporaryRedirect(away)

    async with http(server.serve) as away, http(elsewhere) as url, hop_to("127.0.0.1") as hop:
        assert (await ask(hop, url)).status == 401
    assert server.offered == [""]
