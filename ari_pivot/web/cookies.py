"""Cookies of one call: kept as they came, sent by the rules of RFC 6265, which aiohttp knows."""

import re
from collections.abc import Iterable, Sequence

from aiohttp import CookieJar
from yarl import URL

from ari_pivot.call.instructions import Cookie

_MOST, _LONGEST = 50, 4096  # cookies of a call, characters of each
_MAX_AGE = re.compile(r";\s*max-age\s*=\s*(-?[0-9]{1,10})\b", re.IGNORECASE)
#: How servers delete cookies; aiohttp takes exactly this second for no date at all.
_DELETED = re.compile(r";\s*expires\s*=\s*Thu, 01[ -]Jan[ -]1970 00:00:00", re.IGNORECASE)


def keep(cookies: list[Cookie], url: str, headers: Iterable[str], now: float) -> None:
    """Add what the values of Set-Cookie say; `url` set them, `now` in seconds."""
    place = url.partition("?")[0]
    cookies += [Cookie(place, header, now) for header in headers if len(header) <= _LONGEST]
    del cookies[:-_MOST]


def header(cookies: Sequence[Cookie], url: str, now: float) -> str:
    """Return the value of Cookie for a request to `url`; empty for none."""
    if not cookies:
        return ""
    jar = CookieJar(unsafe=True)  # "unsafe" is what takes cookies of an IP address
    for cookie in cookies:
        jar.update_cookies_from_headers([_aged(cookie, now)], URL(cookie.url, encoded=True))
    fitting = jar.filter_cookies(URL(url, encoded=True))
    return "; ".join(f"{name}={morsel.coded_value}" for name, morsel in fitting.items())


def _aged(cookie: Cookie, now: float) -> str:
    """Return a cookie with as much of its Max-Age as is left; the last one counts."""
    if ages := _MAX_AGE.findall(cookie.header):
        return f"{cookie.header}; Max-Age={int(int(ages[-1]) - (now - cookie.at))}"
    if _DELETED.search(cookie.header):
        return f"{cookie.header}; Max-Age=0"
    return cookie.header
