"""Documents as people read them: indented where they can be parsed, as they came where not."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree.ElementTree import (
    ParseError,
    TreeBuilder,
    indent,
    tostring,
)

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser


def document(body: str) -> tuple[str, str]:
    """Return a body to be read, and what it is: xml, json or text."""
    start = body.lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        return _xml(body), "xml"
    if start in {"{", "["}:
        return _json(body), "json"
    return body, "text"


def _json(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def _xml(body: str) -> str:
    parser = DefusedXMLParser(target=TreeBuilder(insert_comments=True), forbid_dtd=True)
    try:
        parser.feed(body.lstrip("\ufeff \t\r\n"))
        root = parser.close()
        indent(root, "  ")
        return str(tostring(root, "unicode"))
    except (ParseError, DefusedXmlException, ValueError, RecursionError, LookupError):
        return body


def parameters(url: str, body: str) -> list[tuple[str, str]]:
    """Return what a request says, from its body, or else from its URL's query."""
    if body.lstrip().startswith("{"):
        try:
            said = json.loads(body)
        except (ValueError, RecursionError):
            return []
        return [(name, _text(value)) for name, value in said.items()]
    try:
        return parse_qsl(body or urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        return []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def headers(named: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in named.items()]
