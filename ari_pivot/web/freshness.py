"""How long a web server's answer may be used without asking again (RFC 9111).

We are a private cache (what is kept is played to the callers of the customer who asked), and
guess nothing: an answer that says no time is asked about each time, conditionally.
"""

import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

_KEPT = ("age", "cache-control", "date", "etag", "expires", "last-modified", "vary")
_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,]+)))?')


def directives(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the directives of `Cache-Control`; of a repeated one the first."""
    found = reversed(_DIRECTIVE.findall(headers.get("cache-control", "")))
    return {name.lower(): quoted or plain for name, quoted, plain in found}


def merged(kept: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return what to keep of an answer's header fields, a 304 laid over those of the answer before.

    Names come out in lower case. Source: RFC 9111 §3.2, §4.3.4.
    """
    lasting = {name: value for name, value in kept.items() if name not in {"age", "date"}}
    return lasting | {name: new[name] for name in _KEPT if name in new}


def validators(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the header fields of a conditional request; none if the server gave no validator."""
    names = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
    return {ask: headers[name] for ask, name in names.items() if headers.get(name)}


def fresh_until(headers: Mapping[str, str], now: float) -> float:
    """Return the time (seconds since the epoch, like `now`) until which no question is needed."""
    control = directives(headers)
    if control.keys() & {"no-store", "no-cache"} or headers.get("vary") == "*":
        return now
    date = _date(headers.get("date"), now)
    if "max-age" in control:
        lifetime = _seconds(control["max-age"])
    elif "expires" in headers:
        lifetime = _date(headers["expires"], 0.0) - date
    else:
        lifetime = 0.0
    age = max(0.0, now - date, _seconds(headers.get("age", "")))
    return now + max(0.0, lifetime - age)


def _seconds(text: str) -> float:
    """Return delta-seconds; what is none counts as 0, and so as stale (RFC 9111 §4.2.1)."""
    return float(text[:10]) if text.isascii() and text.isdigit() else 0.0


def _date(text: str | None, otherwise: float) -> float:
    try:
        date = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return otherwise
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
