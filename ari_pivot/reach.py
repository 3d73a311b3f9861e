"""How Asterisk and the web are reached: addresses, and whose certificates are trusted."""

import ssl
from pathlib import Path
from typing import Literal

from ari_pivot.ari.connection import Address
from ari_pivot.errors import ConfigError
from ari_pivot.settings import Asterisk, Web
from ari_pivot.web.address import Allowed
from ari_pivot.web.aio import AioHop


def web_hop(settings: Web) -> AioHop:
    """Return the way to the web; raises ConfigError."""
    tls = _trusting(settings.ca_file, "web.ca_file")
    return AioHop(Allowed(settings.allow), per_host=settings.per_host, tls=tls)


def _trusting(ca_file: Path | None, key: str) -> ssl.SSLContext | Literal[True]:
    """Trust the system's authorities, and those of a file; raises ConfigError about `key`."""
    if ca_file is None:
        return True
    try:
        context = ssl.create_default_context()
        context.load_verify_locations(ca_file)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"{ca_file}: {error.strerror or error}", where=key) from error
    return context


def address(settings: Asterisk) -> Address:
    """Return where Asterisk is, with its certificate's rules; raises ConfigError."""
    tls = settings.verify and _trusting(settings.ca_file, "asterisk.ca_file")
    return Address(settings.url, settings.user, settings.password, settings.app, tls)
