"""Keeping secrets out of what people read: logs, errors, documents of what was asked."""

import re

_USERINFO = re.compile(r'(?<=://)[^\s/?#"<>]*@')
_QUERY = re.compile(r'(https?://[^\s?#"<>]*)[?#][^\s"<>]*')


def credentials(text: str) -> str:
    """Return a text with the user and password of every URL in it left out."""
    return _USERINFO.sub("", text) if "://" in text else text


def urls(text: str) -> str:
    """Return a text whose URLs have neither credentials nor query, which holds callers' digits."""
    return _QUERY.sub(r"\1?…", credentials(text)) if "://" in text else text
