"""Whom a notification goes to."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator

from ari_pivot.call.call import Call
from ari_pivot.call.numbers import realm, user
from ari_pivot.call.owed import Owed
from ari_pivot.call.times import gregorian
from ari_pivot.callflow.directory import directory_of
from ari_pivot.errors import Code, InstructionError


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("must be a string or an array of strings")
    return value


class Recipient(BaseModel):
    """E-mail addresses, or ids of users."""

    type: Literal["user", "email"]
    id: Annotated[list[str], BeforeValidator(_listed)]

    def addresses(self, call: Call) -> list[str]:
        if self.type == "email":
            return [one for one in self.id if one]
        users = directory_of(call).users
        return [users[one].email for one in self.id if one in users and users[one].email]


def notice(
    call: Call,
    event: str,
    recipients: list[Recipient],
    more: Mapping[str, Any] | None = None,
    *,
    if_missed: bool = False,
) -> Owed:
    """Return what is sent to whoever delivers notifications; InstructionError if nobody does.

    Source: KAZOO, cf_notification and cf_missed_call_alert.
    """
    url = directory_of(call).notify_url
    if not url:
        raise InstructionError(
            "nothing delivers notifications", code=Code.UNSUPPORTED, where="directory.notify_url"
        )
    addresses = [address for one in recipients for address in one.addresses(call)]
    values = {"Event-Name": event, "To": addresses, **_about(call), **(more or {})}
    return Owed(
        kind="webhook",
        url=url,
        params={name: value for name, value in values.items() if value}
        | {
            "Timestamp": gregorian(call.clock()),
            "Call-Bridged": call.facts.bridged,
            "Message-Left": call.facts.message_left,
        },
        encoding="json",
        if_missed=if_missed,
    )


def _about(call: Call) -> dict[str, str]:
    facts = call.facts
    return {
        "From-User": user(facts.from_uri) or facts.caller_number,
        "From-Realm": realm(facts.from_uri),
        "To-User": user(facts.to_uri) or facts.dialled,
        "To-Realm": realm(facts.to_uri),
        "Account-ID": directory_of(call).account_id,
        "Caller-ID-Number": facts.caller_number or "anonymous",
        "Caller-ID-Name": facts.caller_name or "unknown",
        "Call-ID": facts.sip_call_id or facts.id,
    }


def at_end(call: Call, owed: Owed) -> None:
    """Have it sent when the call is over, also if this process does not live to see that."""
    call.facts.at_end.append(owed)
    call.reports.owe(call)
