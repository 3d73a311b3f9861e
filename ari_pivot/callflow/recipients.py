"""Whom a notification goes to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from msgspec.structs import replace
from pydantic import BaseModel, BeforeValidator

from ari_pivot.call.call import Call
from ari_pivot.call.numbers import realm, user
from ari_pivot.call.owed import Owed
from ari_pivot.call.reports import Event
from ari_pivot.call.times import gregorian
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.mail import mail
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


def notices(
    call: Call,
    event: str,
    recipients: list[Recipient],
    more: Mapping[str, Any] | None = None,
    *,
    if_missed: bool = False,
) -> list[Owed]:
    """Return what is sent: to whoever delivers notifications, to webhooks, and by mail of ours.

    Raises InstructionError if nobody delivers any. Source: KAZOO, cf_notification and
    cf_missed_call_alert.
    """
    directory = directory_of(call)
    addresses = [address for one in recipients for address in one.addresses(call)]
    values = {"Event-Name": event, "To": addresses, **_about(call), **(more or {})}
    owed = _hooks(call, values, if_missed=if_missed)
    if not (directory.notify_url or directory.mails or owed):
        raise InstructionError(
            "nothing delivers notifications", code=Code.UNSUPPORTED, where="directory.notify_url"
        )
    if directory.notify_url:
        owed.append(_webhook(call, values, if_missed=if_missed))
    if directory.mails and addresses:
        owed.append(_mail(call, event, addresses, values, if_missed=if_missed))
    return owed


def _hooks(call: Call, values: Mapping[str, Any], *, if_missed: bool) -> list[Owed]:
    """Return what the configured webhooks are owed, which have names in small letters."""
    event: Event = "missed_call" if values["Event-Name"] == "missed_call" else "cf_notification"
    said = {name.lower().replace("-", "_"): value for name, value in values.items()}
    said["event_name"] = event
    wanted = call.reports.wanted(call, event, {k: v for k, v in said.items() if v})
    return [replace(one, if_missed=if_missed) for one in wanted]


def _webhook(call: Call, values: Mapping[str, Any], *, if_missed: bool) -> Owed:
    return Owed(
        kind="webhook",
        url=directory_of(call).notify_url,
        params={name: value for name, value in values.items() if value}
        | {
            "Timestamp": gregorian(call.clock()),
            "Call-Bridged": call.facts.bridged,
            "Message-Left": call.facts.message_left,
        },
        encoding="json",
        if_missed=if_missed,
    )


def _mail(
    call: Call, event: str, to: list[str], values: Mapping[str, Any], *, if_missed: bool
) -> Owed:
    """Return a mail that says the same in words."""
    who = f"{values['Caller-ID-Name']} <{values['Caller-ID-Number']}>"
    at = datetime.fromtimestamp(call.facts.started_at, ZoneInfo(directory_of(call).timezone))
    lines = [
        f"From:  {who}",
        f"To:    {values['To-User']}",
        f"When:  {at:%A, %d %B %Y, %H:%M %Z}",
        *(["", values["Comments"]] if values.get("Comments") else []),
    ]
    what = "Missed call" if event == "missed_call" else values.get("Template-ID", "Call")
    return mail(
        to, f"{what} from {values['Caller-ID-Number']}", "\n".join([*lines, ""]),
        if_missed=if_missed,
    )  # fmt: skip


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


def at_end(call: Call, owed: Sequence[Owed]) -> None:
    """Have it sent when the call is over, also if this process does not live to see that."""
    call.facts.at_end.extend(owed)
    call.reports.owe(call)
