"""Webhooks by configuration: which servers are told of which events, and in which words.

Source: KAZOO, webhooks_util and webhooks_channel_util.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ari_pivot.call.facts import Facts
from ari_pivot.call.owed import Owed
from ari_pivot.call.reports import Event
from ari_pivot.call.times import gregorian
from ari_pivot.callflow.directory import Directory, caller_of
from ari_pivot.callflow.facts import address
from ari_pivot.report import cdr

Hook = Literal[
    "all", "channel_create", "channel_answer", "channel_bridge", "channel_destroy",
    "channel_hold", "channel_unhold", "parking", "record_start", "record_stop", "notifications",
]  # fmt: skip


class Webhook(BaseModel):
    """Somebody who is told of events, in the form of KAZOO's own documents.

    `retries` follow the first try; without it a webhook is tried as long as any report.
    `custom_data` joins what is said, and wins.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    hook: Annotated[list[Hook], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]
    uri: str = Field(pattern=r"^https?://\S+$")
    name: str = ""
    http_verb: Literal["get", "post"] = "post"
    format: Literal["form-data", "json"] = "form-data"
    retries: int | None = Field(default=None, ge=0, le=4)
    custom_data: dict[str, Any] = {}
    enabled: bool = True

    def wants(self, hook: str) -> bool:
        return self.enabled and (hook in self.hook or "all" in self.hook)

    def owed(self, params: Mapping[str, Any]) -> Owed:
        """Return the request that says this."""
        return Owed(
            kind="webhook",
            url=self.uri,
            params={**params, **self.custom_data},
            method="GET" if self.http_verb == "get" else "POST",
            encoding="json" if self.format == "json" else "form",
            tries=None if self.retries is None else self.retries + 1,
        )


class Webhooks:
    """All that are configured."""

    def __init__(self, hooks: Sequence[Webhook] = (), directory: Directory | None = None) -> None:
        self.configure(hooks, directory or Directory())

    def configure(self, hooks: Sequence[Webhook], directory: Directory) -> None:
        """Tell these from now on; `directory` says who calls."""
        self._hooks = hooks
        self._directory = directory

    def wanted(self, event: Event) -> bool:
        """Tell whether anybody wants to know of an event."""
        return any(one.wants(_hook(event)) for one in self._hooks)

    def owed(
        self, event: Event, facts: Facts, more: Mapping[str, Any], now: float
    ) -> Iterator[Owed]:
        """Yield what is owed to those who want to know; without what is not known."""
        wanting = [one for one in self._hooks if one.wants(_hook(event))]
        if not wanting:
            return
        name = "hook_event" if event.startswith(("CHANNEL", "RECORD")) else "event_name"
        said = self._about(facts) | {
            name: event.lower() if name == "hook_event" else event,
            "timestamp": gregorian(now),
            **more,
        }
        said = {key: value for key, value in said.items() if value is not None and value != ""}
        for one in wanting:
            yield one.owed(said)

    def _about(self, facts: Facts) -> dict[str, Any]:
        device = caller_of(facts, self._directory, "device")[0]
        return {
            "account_id": self._directory.account_id,
            "authorizing_id": device,
            "authorizing_type": "device" if device else "",
            "call_direction": "inbound",
            "call_id": facts.sip_call_id or facts.id,
            "callee_id_number": facts.dialled,
            "caller_id_name": facts.caller_name or "unknown",
            "caller_id_number": facts.caller_number or "anonymous",
            "custom_application_vars": dict(facts.variables),
            "custom_channel_vars": dict(facts.channel_variables),
            "from": address(facts.from_uri, facts.caller_number),
            "inception": address(facts.from_uri, facts.caller_number) if not device else "",
            "is_internal_leg": False,
            "owner_id": caller_of(facts, self._directory, "user")[0],
            "request": address(facts.request_uri, facts.dialled),
            "to": address(facts.to_uri, facts.dialled),
        }


def destroyed(facts: Facts) -> dict[str, Any]:
    """Return what the end of a call says beside what every event does."""
    said = cdr.build(facts)
    names = ("Hangup-Cause", "Hangup-Code", "Duration-Seconds", "Ringing-Seconds",
             "Billing-Seconds")  # fmt: skip
    return {name.lower().replace("-", "_"): said.get(name) for name in names}


def _hook(event: Event) -> str:
    """Return which of KAZOO's hooks an event belongs to."""
    if event.startswith("PARK_"):
        return "parking"
    return event.lower() if event.isupper() else "notifications"
