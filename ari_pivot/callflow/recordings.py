"""Recording a call as KAZOO does: what the modules and the metaflows of that name share."""

import re
from collections.abc import Mapping
from typing import ClassVar, Literal, TypedDict
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel

from ari_pivot.call.call import Call
from ari_pivot.call.record_call import mask, start_recording, start_when, stop_recording
from ari_pivot.call.recordings import Format, Order, Upload
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.facts import address
from ari_pivot.callflow.module import Boolean, Integer, Maybe
from ari_pivot.errors import Code, InstructionError

_URL = re.compile(r"https?://[^\s/]+")
_WIDEBAND = 16_000  # samples a second
DEFAULT: Format = "mp3"  # Source: KAZOO, kz_media_recording


class How(TypedDict):
    max_length: float
    kind: str
    follows: bool


class Recorded(BaseModel):
    """The keys of what records a call: in a callflow, and in a metaflow."""

    without_effect: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("label", "media_name", "origin"), "yes: webhooks are told"
    )

    format: Maybe[Literal["mp3", "wav"]] = None
    label: str = ""
    media_name: str = ""
    method: Literal["put", "post"] = "put"
    origin: str = ""
    record_min_sec: Maybe[Integer] = None
    record_on_answer: Boolean = False
    record_on_bridge: Boolean = False
    record_sample_rate: Maybe[Integer] = None
    should_follow_transfer: Boolean = True
    time_limit: Integer = 3600
    url: str = ""

    async def start(self, call: Call) -> None:
        """Record the call from here on, or from when it is answered or bridged."""
        order, caller = self._order(call), call.caller
        wide = (self.record_sample_rate or 0) >= _WIDEBAND
        how: How = {
            "max_length": self.time_limit,
            "kind": "wav16" if wide else "wav",
            "follows": self.should_follow_transfer,
        }
        if self.record_on_answer and not caller.up:
            start_when(call, order, lambda: caller.up, **how)
        elif self.record_on_bridge and not caller.bridged:
            start_when(call, order, lambda: caller.bridged, **how)
        else:
            await start_recording(call, order, **how)

    def _order(self, call: Call) -> Order:
        """Return what is wanted: it is sent to `url`, or kept here.

        Source: KAZOO, kz_media_recording:store_url.
        """
        kind, upload = self.format or DEFAULT, None
        if _can_be(call, self.url):
            target = _target(self.url, f"call_recording_{_id(call)}.{kind}", _about(call))
            upload = _upload(target, self.method, kind)
        return Order(
            call=call.facts.id,
            at_least=self.record_min_sec or 0.0,
            name=self.media_name,
            label=self.label,
            origin=self.origin,
            upload=upload,
            formats=(kind,) if upload else ("wav", "mp3"),
        )


def order_of_caller(call: Call, url: str, method: str, kind: Format | None) -> Order:
    """Return what is wanted of what the caller says. Source: KAZOO, cf_record_caller."""
    kind = kind or DEFAULT
    if not _can_be(call, url):
        return Order(call=call.facts.id, tracks=("in",))
    upload = _upload(f"{url.rstrip('/')}/{quote(_id(call), safe='')}.{kind}", method, kind)
    return Order(call=call.facts.id, tracks=("in",), formats=(kind,), upload=upload)


async def stop(call: Call) -> None:
    """End the recording that began last, if any goes on."""
    if call.live:
        await stop_recording(call.live[-1])


async def hide(call: Call, *, masked: bool) -> None:
    """Record silence instead of what is said, in all recordings, or no longer."""
    for live in call.live:
        await mask(live, masked=masked)


def _can_be(call: Call, url: str) -> bool:
    """Tell whether anything can be sent there; a URL that cannot be is noted."""
    if url and not _URL.match(url):
        problem = "it is kept here, since this is no http or https URL"
        call.warn(InstructionError(problem, code=Code.INVALID_URL, where=url))
        return False
    return bool(url)


def _upload(url: str, method: str, kind: Format) -> Upload:
    return Upload(url=url, method="POST" if method == "post" else "PUT", format=kind)


def _target(url: str, name: str, about: dict[str, str]) -> str:
    said = urlencode(about)
    if urlsplit(url).query:
        return f"{url}&recording={quote(name, safe='')}&{said}"
    return f"{url.rstrip('/')}/{quote(name, safe='')}?{said}"


def _id(call: Call) -> str:
    return call.facts.sip_call_id or call.facts.id


def _about(call: Call) -> dict[str, str]:
    facts = call.facts
    return {
        "from": address(facts.from_uri, facts.caller_number),
        "to": address(facts.to_uri, facts.dialled),
        "caller_id_name": facts.caller_name or "unknown",
        "caller_id_number": facts.caller_number or "anonymous",
        "call_id": _id(call),
        "cdr_id": facts.id,
        "interaction_id": facts.sid,
        "account_id": directory_of(call).account_id,
    }
