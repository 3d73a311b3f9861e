"""Callflows to simulate, and what came of them."""

from simulated import simulate

DIRECTORY = {
    "account": {
        "timezone": "America/New_York",
        "variables": {"plan": "gold"},
        "caller_id": {"external": {"name": "Example Ltd", "number": "+15551230999"}},
        "call_restriction": {"premium": {"action": "deny"}},
    },
    "users": {"bob": {"email": "bob@example.com", "variables": {"floor": 2}}},
    "devices": {
        "desk": {"endpoint": "PJSIP/caller", "owner": "bob", "variables": {"colour": "red"}}
    },
    "classifiers": {"premium": r"^\+1900"},
    "callflows": {
        "reception": {"numbers": ["200"], "flow": {"module": "tts", "data": {"text": "reception"}}},
        "premium": {
            "numbers": ["+19005550001"],
            "flow": {"module": "tts", "data": {"text": "premium"}},
        },
        "anonymous": {
            "patterns": [r"^\*67(\d+)$"],
            "flow": {"module": "privacy", "data": {}, "children": {}},
        },
    },
}


def act(module, data=None, **children):
    """Return an action; children are actions, or the text that is spoken there."""
    return {
        "module": module,
        "data": data or {},
        "children": {
            key: say(one) if isinstance(one, str) else one for key, one in children.items()
        },
    }


def say(text):
    return {"module": "tts", "data": {"text": text}, "children": {}}


def chain(*modules):
    """Return a flow of modules, each `name` or `(name, data)`; then the web is asked again."""
    flow = act("pivot", {"voice_url": "http://web.test/next"})
    for each in reversed(modules):
        name, data = (each, {}) if isinstance(each, str) else each
        flow = {"module": name, "data": data, "children": {"_": flow}}
    return flow


def run(flow, do=(), directory=None, web=None, webhooks=(), mail=(), calls=(), **more):
    """Run a call whose web answers with a flow, and for `next` with one that hangs up."""
    settings = {
        "directory": DIRECTORY | (directory or {}),
        "webhooks": list(webhooks),
        "mail": dict(mail),
        "calls": dict(calls),
    }
    pages = {"next": act("hangup"), **(web or {})}
    return simulate(flow, do=do, settings=settings, web=pages, **more)


def heard(result):
    """Return what was played and spoken, in order."""
    return [one.value for one in result.heard if one.kind in {"say", "play", "tone", "digits"}]


def asked(result):
    """Return the parameters of the request after the flow."""
    return next(one.params for one in result.requests if one.url.startswith("http://web.test/next"))


def codes(result):
    return [one.code for one in result.warnings + result.errors]
