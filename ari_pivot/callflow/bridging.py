"""Dialling for a callflow, and which way it goes on.

Source: KAZOO, cf_util:handle_bridge_failure.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ari_pivot.call import causes
from ari_pivot.call.aside import aside, known
from ari_pivot.call.call import Call
from ari_pivot.call.collect import collect
from ari_pivot.call.dial import dial
from ari_pivot.call.dialled import Attempt, Dialled, Plan, Status
from ari_pivot.call.play import ALL_KEYS, play
from ari_pivot.call.source import Prompt, Source
from ari_pivot.callflow import media
from ari_pivot.callflow.after import afterwards
from ari_pivot.callflow.endpoints import Endpoints, Way
from ari_pivot.callflow.metaflow.listener import Listener, owners_of
from ari_pivot.callflow.module import NEXT, Branch, Children

_ACCEPTS, _ASKED, _ANSWERING = "1", 3, 5.0  # the key, how often it is asked for, seconds for it
_BUSY, _NO_ANSWER = 17, 19  # Q.850
_MOST = 50  # times: who cannot be had fails at once, and would be dialled again and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """How all are rung; `timeout` in seconds, of all together, or of each if `sequential`."""

    timeout: float
    sequential: bool = False
    early_media: bool = True
    one_refusal_ends: bool = False
    ringback: str = ""
    repeats: int = 1


async def bridge(call: Call, found: Endpoints, children: Children, ring: Ring) -> Branch:
    """Dial, and put the caller through: then the flow stops, else it goes the way of the cause.

    Raises CallEnded.
    """
    if not found.ways:
        return failed(children, _BUSY, 486) if found.busy else NEXT
    dialled, then = await dial_ways(call, found.ways, ring)
    if dialled.winner:
        return then or await afterwards(call)
    if not dialled.attempts:  # the time was over before anybody was to be dialled
        return failed(children, _NO_ANSWER, 0)
    decisive = _refusal(dialled, ring) or dialled
    return failed(children, decisive.cause, decisive.sip)


async def dial_ways(call: Call, ways: Sequence[Way], ring: Ring) -> tuple[Dialled, Branch]:
    """Dial, as often as `ring` says, until somebody is put through; raises CallEnded.

    Returns also where the keys that were pressed in the conversation have the call go.
    """
    listener = Listener(ways, owners_of(call))
    plan = _plan(call, ways, ring, listener)
    dialled = await dial(call, plan)
    call.check()
    for _ in range(min(ring.repeats, _MOST) - 1):
        if dialled.winner or _refusal(dialled, ring):
            break
        dialled = await dial(call, plan)
        call.check()
    return dialled, listener.then


def _refusal(dialled: Dialled, ring: Ring) -> Attempt | None:
    """Return who has refused the call for all."""
    if not ring.one_refusal_ends:
        return None
    return next((one for one in dialled.attempts if one.status is Status.BUSY), None)


def failed(children: Children, cause: int, sip: int) -> str:
    """Return the child for a cause, for a SIP status, else `_`."""
    names = (*causes.names(cause, sip), f"sip:{sip}")
    return next((name for name in names if name in children), NEXT)


def _plan(call: Call, ways: Sequence[Way], ring: Ring, listener: Listener) -> Plan:
    asked = {id(way.target) for way in ways if way.keypress}

    async def screen(attempt: Attempt) -> bool:
        return id(attempt.target) not in asked or await _accepts(call, attempt)

    return Plan(
        targets=[way.target for way in ways],
        sequential=ring.sequential,
        timeout=None if ring.sequential else ring.timeout,
        ringback=_ringback(ring.ringback),
        early_media=ring.early_media and all(way.early_media for way in ways),
        one_refusal_ends=ring.one_refusal_ends,
        screen=screen if asked else None,
        beside=listener.listen if listener.hears else None,
    )


def _ringback(text: str) -> Source | None:
    """Return the sound of a media id, or of a bare tone as FreeSWITCH writes it."""
    return media.source(f"tone_stream://{text}" if text.startswith("%(") else text)


async def _accepts(call: Call, attempt: Attempt) -> bool:
    """Ask who has answered a forwarded call to press 1; raises CallEnded."""
    with aside(call, attempt, known(call, attempt)) as leg:
        for _ in range(_ASKED):
            await play(leg, Prompt("ivr-group_confirm"), stop_on=ALL_KEYS)
            pressed = await collect(
                leg, max_digits=1, timeout=_ANSWERING, interdigit_timeout=_ANSWERING
            )
            if pressed.digits == _ACCEPTS:
                return True
    return False
