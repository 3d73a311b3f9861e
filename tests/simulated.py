"""Simulated calls for any test: `simulate(document, …)` returns what came of it."""

import json

from ari_pivot.config import build as configure
from ari_pivot.simulator import script
from ari_pivot.simulator.clock import run
from ari_pivot.simulator.run import Scene
from ari_pivot.simulator.run import simulate as simulate_scene
from ari_pivot.simulator.target import Target

VOICE = "http://web.test/voice"


def simulate(*documents, do=(), web=None, settings=None, children=None, dial=None, **action):
    """Run a call whose voice URL answers with `documents`, one a request.

    A document is TwiML, a callflow as a dict, or a whole scripted reply. `web` maps further URLs,
    or paths of web.test, to one of these or to a list. `do` is what the caller does, `action` is
    the pivot action's data: TwiML by POST unless the first document is a callflow.
    """
    pages = {VOICE: list(documents)} | (web or {})
    kazoo = isinstance(documents[0], dict) and "module" in documents[0]
    asking = {} if kazoo else {"method": "POST", "req_format": "twiml"}
    return run_script(
        {
            "caller": {"do": list(do)},
            "pivot": asking | action,
            "children": children or {},
            "web": [{"url": _url(url), "replies": _replies(said)} for url, said in pages.items()],
            "dial": dial or {},
        },
        settings,
    )


def meet(*callers, web=None, settings=None, dial=None, **action):
    """Run several calls in one simulation; return what came of the first, and all the callers.

    Each caller is the second they call at, the document they get, and what they do, `at` seconds
    after they have called.
    """
    documents = [document for _, document, _ in callers]
    kazoo = isinstance(documents[0], dict) and "module" in documents[0]
    pages = {VOICE: documents} | (web or {})
    checked = script.build(
        {
            "caller": {"do": callers[0][2]},
            "pivot": ({} if kazoo else {"method": "POST", "req_format": "twiml"}) | action,
            "web": [{"url": _url(url), "replies": _replies(said)} for url, said in pages.items()],
            "dial": dial or {},
        },
        "script",
    )
    people = []

    def begin(simulation):
        people.append(simulation.caller)
        for number, (after, _, do) in enumerate(callers[1:], 2):
            who = script.Caller.model_validate({"from": f"+1555123000{number}", "do": do})
            people.append(simulation.also(who, after))

    scene = Scene(Target(VOICE), checked, configure(settings or {}, "test"))
    return run(simulate_scene(scene, begin)), people


def run_script(document, settings=None, target=VOICE, **options):
    """Run a script, as a dict, in virtual time; `options` are those of a Scene."""
    checked = script.build(document, "script")
    aimed = target if isinstance(target, Target) else Target(target)
    return run(simulate_scene(Scene(aimed, checked, configure(settings or {}, "test"), **options)))


def _url(path):
    return path if path.startswith("http") else f"http://web.test/{path.lstrip('/')}"


def _replies(said):
    return [_reply(one) for one in (said if isinstance(said, list) else [said])]


def _reply(said):
    if isinstance(said, str):
        return {"body": said}
    return {"body": json.dumps(said)} if "module" in said else said
