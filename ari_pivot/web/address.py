"""Which addresses our requests may go to: checked on the address that is really connected to."""

import socket
from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

_TRANSLATED = ip_network("64:ff9b::/96")  # IPv4 behind NAT64. Source: RFC 6052
_GLOBAL6 = ip_network("2000::/3")  # all of IPv6 that is routed. Source: RFC 4291 §2.4
_LOCAL4 = [  # routed by nobody, though Python's table may not say so
    ip_network("168.63.129.16"),  # the platform under a machine of Azure
    ip_network("192.0.0.0/24"),  # special purposes, with Oracle's metadata. Source: RFC 6890
    ip_network("192.88.99.0/24"),  # relays of 6to4. Source: RFC 7526
]

#: The host name of the request under way: a host that is allowed by name may have any address.
asked_host: ContextVar[str] = ContextVar("asked_host", default="")


class AddressRefused(OSError):  # noqa: N818 - told as a reason, not as a fault
    """The address is private, local or reserved, and nobody allowed it."""

    def __init__(self) -> None:
        super().__init__("its address is private, local or reserved: allow it in `web.allow`")


class Allowed:
    """What the configuration allows: names, addresses and networks (`10.0.0.0/8`)."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self.configure(entries)

    def configure(self, entries: Iterable[str]) -> None:
        """Allow these, and nothing else, from the next connection on."""
        self._names: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for entry in entries:
            try:
                self._networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                self._names.add(entry.lower().rstrip("."))

    def permits(self, host: str, address: str) -> bool:
        """Whether a connection to `address`, which `host` resolved to, may be made."""
        if host.lower().rstrip(".") in self._names:
            return True
        ip = _inner(ip_address(address.partition("%")[0]))
        if any(ip in network for network in self._networks):
            return True
        if isinstance(ip, IPv6Address):
            return ip in _GLOBAL6 and ip.is_global
        return ip.is_global and not ip.is_multicast and not any(ip in net for net in _LOCAL4)

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Make the socket for one resolved address, or raise AddressRefused; aiohttp's hook."""
        family, kind, protocol, _, address = info
        if not self.permits(asked_host.get(), address[0]):
            raise AddressRefused
        return socket.socket(family, kind, protocol)


def _inner(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that a packet to an IPv6 one ends at, if it does."""
    if isinstance(ip, IPv6Address):
        if ip in _TRANSLATED:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
        return ip.ipv4_mapped or ip.sixtofour or ip
    return ip
