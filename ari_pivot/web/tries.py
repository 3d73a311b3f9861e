"""How often a request is tried, and how long: as its URL's fragment says.

`https://h/p#rc=2&rp=ct,5xx&tt=4000`. Source: TwiML reference, connection overrides.
"""

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl

import msgspec

from ari_pivot import ids
from ari_pivot.errors import WebError
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.hop import Reply

IDEMPOTENCY_HEADER = "I-Twilio-Idempotency-Token"  # the same on every try. Source: TwiML reference

_PAUSE = 0.25  # seconds before another try, for a server that is just being restarted
_TIMES = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000)}  # milliseconds
_MOST = 5
_KINDS = {"4xx", "5xx", "ct", "rt"}


@dataclass(frozen=True, slots=True)
class Tries:
    """`after` holds what is tried again: ct, rt, 4xx, 5xx; times in seconds, None for as usual."""

    retries: int = 0
    after: frozenset[str] = frozenset({"ct"})
    connect: float | None = None
    silence: float | None = None
    total: float | None = None


def tries(url: str, retries: int = 0) -> Tries:
    """Read a URL's fragment; numbers beyond their range are brought into it, the rest ignored.

    `retries` is how many there are where the fragment does not say.
    """
    if "#" not in url:
        return Tries(retries)
    said = dict(parse_qsl(url.partition("#")[2].replace("+", "%2B")))
    times = {
        name: min(max(int(said[name]), least), most) / 1000
        for name, (least, most) in _TIMES.items()
        if _number(said.get(name, ""))
    }
    if _number(said.get("rc", "")):
        retries = min(int(said["rc"]), _MOST)
    kinds = {kind.strip() for kind in said.get("rp", "ct").split(",")}
    after = _KINDS if "all" in kinds else kinds & _KINDS
    return Tries(retries, frozenset(after), times.get("ct"), times.get("rt"), times.get("tt"))


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


async def send(client: Client, outgoing: Outgoing, policy: Tries) -> Reply:
    """Send until a try is good enough, all within one time; raises WebError as the last did."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + (policy.total or outgoing.timeout)
    headers = dict(outgoing.headers) | {IDEMPOTENCY_HEADER: ids.new_id()}
    retries = policy.retries

    def last(outcome: str) -> bool:
        late = deadline - loop.time() <= _PAUSE
        return outcome not in policy.after or not retries or late

    while True:
        try:
            reply = await client.send(
                msgspec.structs.replace(
                    outgoing,
                    headers=headers,
                    timeout=deadline - loop.time(),
                    connect_timeout=policy.connect,
                    silence=policy.silence,
                )
            )
            if last(f"{reply.status // 100}xx"):
                return reply
        except WebError as error:
            if last(error.stage):
                raise
        await asyncio.sleep(_PAUSE)
        retries -= 1
