"""voicemail: leave a message, or listen to those that were left."""

from typing import Literal

from pydantic import Field

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.module import (
    NEXT,
    Boolean,
    Branch,
    Children,
    Integer,
    Maybe,
    Module,
    keep_digits,
)
from ari_pivot.callflow.sounds import tell
from ari_pivot.callflow.voicemail_box import Box, by_number, opened
from ari_pivot.callflow.voicemail_check import check
from ari_pivot.callflow.voicemail_compose import compose


class Voicemail(Module):
    """`interdigit_timeout` in milliseconds, `max_message_length` in seconds.

    Without an `id` the mailbox is the one with the number that was captured, or the caller's.
    Source: KAZOO, cf_voicemail.
    """

    action: Literal["check", "compose"] = "compose"
    id: Maybe[str] = Field(default=None, min_length=32, max_length=32)
    interdigit_timeout: Integer = 2000
    max_message_length: Maybe[Integer] = None
    callerid_match_login: Boolean = False
    single_mailbox_login: Boolean = False

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        keep_digits(call)
        id_ = self._mailbox(call)
        box = await opened(call, id_, self.interdigit_timeout, self.max_message_length)
        if self.action == "check":
            return await check(call, box, self.interdigit_timeout / 1000)
        if box is None:
            await tell(call, "vm-not_available_no_voicemail")
            return NEXT
        return await self._compose(call, box)

    async def _compose(self, call: Call, box: Box) -> Branch:
        """Owners who call themselves are not meant to leave a message."""
        if box.document.check_if_owner and box.owned_by(call):
            return await check(call, box)
        return await compose(call, box)

    def _mailbox(self, call: Call) -> str:
        """Return the id of the mailbox, empty where the caller has to be asked."""
        if self.id:
            return self.id
        if call.facts.capture:
            return by_number(call, call.facts.capture)
        owner, _ = caller(call, "user")
        known = directory_of(call).mailboxes
        own = [id_ for id_, one in known.items() if owner and one.owner_id == owner]
        if self.single_mailbox_login and len(own) == 1:
            return own[0]
        if self.callerid_match_login:
            return next((id_ for id_ in own if known[id_].number == call.facts.caller_number), "")
        return ""
