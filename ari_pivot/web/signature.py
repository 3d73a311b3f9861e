"""Signing our requests, so that the customer's server knows that they are ours."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

TWIML_HEADER = "X-Twilio-Signature"
KAZOO_HEADER = "X-Pivot-Signature"


@dataclass(frozen=True, slots=True)
class Keys:
    """`auth_token` signs TwiML-format requests, `shared` those in KAZOO format; empty: no header.

    Of `shared` the first is the newest; all sign, so that a key can be changed without a gap.
    """

    auth_token: str = ""
    shared: Sequence[str] = ()


def twiml(token: str, url: str, fields: Iterable[tuple[str, str]] = ()) -> str:
    """Return the value of X-Twilio-Signature; `fields` are those of a POSTed form.

    Base64 of HMAC-SHA1 over the URL, without credentials and the port of https, and each field's
    name and value, sorted. Source: TwiML reference, security.
    """
    signed = _bare(url) + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def kazoo(keys: Iterable[str], method: str, url: str, body: bytes, timestamp: int) -> str:
    """Return `t=<seconds>,v1=<hex>[,v1=<hex>…]`, one v1 for each key.

    Each is HMAC-SHA256 over `<seconds>.<METHOD>.<URL>.<body>`.
    """
    signed = f"{timestamp}.{method}.{_bare(url)}.".encode() + body
    signatures = (hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys)
    return ",".join([f"t={timestamp}", *(f"v1={signature}" for signature in signatures)])


def body_digest(body: bytes) -> str:
    """Return what the parameter `bodySHA256` says of a body that is not a form."""
    return hashlib.sha256(body).hexdigest()


def _bare(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and not host.startswith("["):
        # behind an IPv6 address the official validators do not look for a port
        host = host.partition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
