"""Calls with TwiML: documents in short, and what came of them as short lines."""

from simulated import simulate

TONE = {"audio": 2}  # a file of two seconds


def twiml(body, *, more=(), **options):
    """Run a call with `<Response>body</Response>`, then with each of `more`; tone.wav is there."""
    web = {"tone.wav": TONE, "bye": "<Response/>", "got": "<Response/>"} | options.pop("web", {})
    documents = [f"<Response>{one}</Response>" for one in (body, *more)]
    return simulate(*documents, web=web, **options)


def heard(result):
    """Return what the caller heard: kind, value, from and until, in seconds."""
    return [
        (one.kind, one.value.rpartition("/")[2], round(one.at, 3), round(one.until, 3))
        for one in result.heard
    ]


def asked(result):
    """Return which paths were asked for instructions, in their order."""
    return [_path(one) for one in result.requests if one.kind == "instructions"]


def told(result, path):
    """Return the parameters of the one request for `path`."""
    (one,) = [one for one in result.requests if _path(one) == path]
    return one.params


def method(result, path):
    (one,) = [one for one in result.requests if _path(one) == path]
    return one.method


def codes(result):
    """Return the numbers of warnings and errors."""
    return [one.code for one in result.warnings], [one.code for one in result.errors]


def _path(one):
    return one.url.partition("://")[2].partition("/")[2].partition("?")[0]
