"""Which addresses our requests may go to: checked on the address that is really connected to."""

import socket
from collections.abc import Iterable
from contextvars import ContextVar
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

_TRANSLATED = ip_network("64:ff9b::/96")  # IPv4 behind NAT64. Source: RFC 6052

#: The host name of the request under way: a host that is allowed by name may have any address.
asked_host: ContextVar[str] = ContextVar("asked_host", default="")


class AddressRefused(OSError):  # noqa: N818 - told as a reason, not as a fault
    """The address is private, local or reserved, and nobody allowed it."""

    def __init__(self) -> None:
        super().__init__("its address is private, local or reserved: allow it in `web.allow`")


class Allowed:
    """What the configuration allows: names, addresses and networks (`10.0.0.0/8`)."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for entry in entries:
            try:
                self._networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                self._names.add(entry.lower())

    def permits(self, host: str, address: str) -> bool:
        """Whether a connection to `address`, which `host` resolved to, may be made."""
        if host.lower() in self._names:
            return True
        ip = ip_address(address.partition("%")[0])
        if isinstance(ip, IPv6Address):
            if ip.ipv4_mapped:
                ip = ip.ipv4_mapped
            elif ip in _TRANSLATED:
                ip = ip_address(int(ip) & 0xFFFFFFFF)
            elif ip.sixtofour:
                ip = ip.sixtofour
        if any(ip.version == network.version and ip in network for network in self._networks):
            return True
        return ip.is_global and not ip.is_multicast

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """Make the socket for one resolved address, or raise AddressRefused; aiohttp's hook."""
        family, kind, protocol, _, address = info
        if not self.permits(asked_host.get(), address[0]):
            raise AddressRefused
        return socket.socket(family, kind, protocol)
