"""Which addresses may be connected to, in every spelling that reaches one."""

import pytest
from aiohttp import web
from web_servers import http, raw

from ari_pivot.errors import Code, WebError
from ari_pivot.web.address import AddressRefused, Allowed, asked_host
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.hop import Request
from ari_pivot.web.signature import Keys

REFUSED = {
    "loopback": "127.0.0.1",
    "all of loopback": "127.8.9.10",
    "this host": "0.0.0.0",
    "private 10": "10.1.2.3",
    "private 172": "172.31.255.254",
    "private 192": "192.168.1.1",
    "shared by carriers": "100.64.0.1",
    "metadata of AWS, GCP and Azure": "169.254.169.254",
    "metadata of Alibaba": "100.100.100.200",
    "metadata of Oracle": "192.0.0.192",
    "the platform of Azure": "168.63.129.16",
    "documentation": "192.0.2.1",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "relays of 6to4": "192.88.99.1",
    "loopback 6": "::1",
    "unspecified 6": "::",
    "link-local": "fe80::1",
    "link-local with its interface": "fe80::1%eth0",
    "site-local": "fec0::1",
    "unique local": "fd00::1",
    "metadata of AWS over IPv6": "fd00:ec2::254",
    "multicast 6": "ff02::1",
    "documentation 6": "2001:db8::1",
    "IPv4 in IPv6": "::ffff:127.0.0.1",
    "IPv4 in IPv6, private": "::ffff:a00:1",
    "IPv4 in IPv6, the old way": "::127.0.0.1",
    "NAT64": "64:ff9b::7f00:1",
    "NAT64, metadata": "64:ff9b::169.254.169.254",
    "NAT64 of one's own": "64:ff9b:1::7f00:1",
    "6to4": "2002:7f00:1::",
    "6to4, private": "2002:c0a8:101::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
}
PUBLIC = [
    "93.184.215.14",
    "2606:2800:21f:cb07::1",
    "64:ff9b::93.184.215.14",
    "::ffff:93.184.215.14",
]


@pytest.mark.parametrize("address", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_on_the_public_internet_is_refused(address):
    assert not Allowed().permits("web.example.com", address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_asked(address):
    assert Allowed().permits("web.example.com", address)


@pytest.mark.parametrize(
    ("entry", "host", "address"),
    [
        ("crm.internal", "crm.internal", "10.0.0.5"),
        ("CRM.internal", "crm.INTERNAL", "10.0.0.5"),
        ("crm.internal", "crm.internal.", "10.0.0.5"),
        ("10.0.0.5", "crm.internal", "10.0.0.5"),
        ("10.0.0.0/8", "crm.internal", "10.0.0.5"),
        ("10.0.0.5/8", "crm.internal", "10.9.9.9"),
        ("10.0.0.0/8", "crm.internal", "::ffff:10.0.0.5"),
        ("::1", "localhost", "::1"),
        ("[::1]", "::1", "::1"),
        ("fd00::/8", "crm.internal", "fd00::5"),
        ("fe80::/10", "crm.internal", "fe80::1%eth0"),
    ],
)
def test_the_configuration_allows_by_name_address_and_network(entry, host, address):
    assert Allowed([entry]).permits(host, address)


@pytest.mark.parametrize(
    ("entry", "host", "address"),
    [
        ("crm.internal", "other.internal", "10.0.0.5"),
        ("crm.internal", "evil.crm.internal", "10.0.0.5"),
        ("10.0.0.5", "crm.internal", "10.0.0.6"),
        ("10.0.0.0/8", "crm.internal", "192.168.0.1"),
    ],
)
def test_what_is_allowed_opens_nothing_else(entry, host, address):
    assert not Allowed([entry]).permits(host, address)


def test_no_socket_is_made_for_a_refused_address():
    asked_host.set("web.example.com")
    with pytest.raises(AddressRefused):
        Allowed().socket((2, 1, 6, "", ("127.0.0.1", 80)))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.1",
        "127.0.0.1.",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
        "①②⑦.⓪.⓪.①",
        "user@127.0.0.1",
        "example.com@127.0.0.1",
    ],
)
async def test_no_spelling_of_our_own_host_is_connected_to(hop_to, host):
    asked = []

    async def answer(reader, writer):
        asked.append(await reader.read(100))

    async with raw(answer) as url, hop_to() as hop:
        port = url.rpartition(":")[2]
        with pytest.raises(WebError) as caught:
            await hop(Request("GET", f"http://{host}:{port}/", "instructions"))
    assert caught.value.code in {Code.ADDRESS_REFUSED, Code.DNS, Code.INVALID_URL}
    assert asked == []


async def test_the_refusal_says_how_to_allow_it(hop_to):
    async with hop_to() as hop:
        with pytest.raises(WebError) as caught:
            await hop(Request("GET", "http://127.0.0.1:1/voice?Digits=1", "instructions"))
    assert str(caught.value) == (
        "http://127.0.0.1:1/voice?…: its address is private, local or reserved: "
        "allow it in `web.allow`"
    )


async def test_a_redirect_to_a_refused_address_is_refused(hop_to):
    async def secret(request):
        return web.Response(text="secret")

    async with http(secret, host="::1") as inside:

        async def redirect(request):
            raise web.HTTPFound(inside)

        async with http(redirect) as url, hop_to("127.0.0.1") as hop:
            with pytest.raises(WebError, match="private, local") as caught:
                await Client(hop, Keys()).send(Outgoing("instructions", "GET", url))
    assert caught.value.where == inside


async def test_a_host_allowed_by_name_is_asked_wherever_it_is(hop_to):
    async def answer(request):
        return web.Response(text=request.host)

    async with http(answer) as url, hop_to("localhost") as hop:
        by_name = url.replace("127.0.0.1", "localhost")
        reply = await hop(Request("GET", by_name, "instructions"))
        with pytest.raises(WebError, match="private, local"):
            await hop(Request("GET", url, "instructions"))
    assert reply.body.decode() == by_name.removeprefix("http://")
