"""Parameters on the wire: query and form, nested as KAZOO nests them, and JSON.

Source: KAZOO, kz_http_util:json_to_querystring: `Key[sub]=v`, `Key[]=v`, space as `+`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

import msgspec

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

_PLAIN = re.compile(r"[\w.~-]*", re.ASCII)  # stands as it is; looking is cheaper than quoting


def pairs(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return parameters as names and values, nested ones flattened; empty containers vanish."""
    return [pair for name, value in params.items() for pair in _flatten(name, value)]


def form(params: Mapping[str, Any]) -> str:
    """Return parameters as a query or form body; brackets of names stay readable."""
    return joined(pairs(params))


def joined(fields: Iterable[tuple[str, str]]) -> str:
    """Return names and values as a query or form body."""
    return "&".join([f"{_quoted(name, '[]')}={_quoted(value)}" for name, value in fields])


def json(params: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(params)


def with_query(url: str, params: Mapping[str, Any]) -> str:
    """Return the URL with parameters behind those it has; its fragment is dropped."""
    url = url.partition("#")[0]
    query = form(params)
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _flatten(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case str():  # the most of them
            yield _text(name), _text(value)
        case Mapping():
            for key, inner in value.items():
                yield from _flatten(f"{name}[{key}]", inner)
        case list() | tuple():
            for inner in value:
                yield from _flatten(f"{name}[]", inner)
        case bool():
            yield _text(name), "true" if value else "false"
        case None:
            pass
        case _:
            yield _text(name), str(value)


def _quoted(text: str, safe: str = "") -> str:
    return text if _PLAIN.fullmatch(text) else quote_plus(text, safe)


def _text(value: str) -> str:
    """Return text that any server can decode: lone surrogates are replaced."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()
