"""notification: have a notification sent, now or when the call is over."""

from typing import Literal

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.callflow.module import NEXT, Branch, Children, Module
from ari_pivot.callflow.recipients import Recipient, at_end, notices


class Notification(Module):
    """Without a `template_id` nothing is sent. Source: KAZOO, cf_notification."""

    recipients: list[Recipient] = Field(default_factory=list)
    template_id: str = ""
    comments: str = ""
    notification_media: list[Literal["email", "sms"]] = Field(default_factory=list)
    send_at: Literal["callflow_exec", "channel_destroy"] = "channel_destroy"

    async def run(self, call: Call, children: Children) -> Branch:
        if not self.template_id:
            return NEXT
        owed = notices(
            call,
            "notification",
            self.recipients,
            {
                "Template-ID": self.template_id,
                "Comments": self.comments,
                "Notification-Media": list(self.notification_media),
            },
        )
        if self.send_at == "callflow_exec":
            for one in owed:
                await call.reports.send(call, one)
        else:
            at_end(call, owed)
        return NEXT
