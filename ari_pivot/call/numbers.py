"""Telephone numbers and SIP URIs, as requests show them."""

from functools import lru_cache
from urllib.parse import unquote

import phonenumbers


@lru_cache(maxsize=4096)
def e164(number: str, region: str) -> str:
    """Return a number in E.164 form (`+15551230001`) if it is one of `region`, else as it is.

    `region` is an ISO 3166 country; empty leaves every number alone.
    """
    if not region or number.startswith(("+", "*")):
        return number
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_valid_number(parsed):
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def user(uri: str) -> str:
    """Return the user part of a SIP URI, empty if there is none."""
    address = _address(uri)
    return unquote(address.rpartition("@")[0].partition(":")[0]) if "@" in address else ""


def realm(uri: str) -> str:
    """Return the host of a SIP URI, empty if there is none."""
    host = _address(uri).rpartition("@")[2]
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _address(uri: str) -> str:
    inside = uri.partition("<")[2].partition(">")[0] if "<" in uri else uri
    without_scheme = inside.partition(":")[2] if inside[:4].lower().startswith("sip") else ""
    return without_scheme.partition(";")[0].partition("?")[0]
