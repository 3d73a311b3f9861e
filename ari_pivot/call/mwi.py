"""Message waiting: the lamp of a telephone."""

from collections.abc import Sequence

import structlog

from ari_pivot.ari.client import Ari
from ari_pivot.ari.operations import MAILBOX, ORIGINATE
from ari_pivot.call.mailboxes import Message
from ari_pivot.errors import AsteriskError
from ari_pivot.ids import new_id

log = structlog.get_logger()

_ABSENT = {404, 501}
_CONTEXT = "pivot-mwi"


async def indicate(ari: Ari, mailbox: str, messages: Sequence[Message]) -> None:
    """Tell Asterisk what is in a mailbox, `100@default`; never raises.

    An Asterisk without res_ari_mailboxes is told by the dialplan, context `pivot-mwi`.
    """
    new = sum(one.folder == "new" for one in messages)
    saved = len(messages) - new
    try:
        try:
            await ari.send(MAILBOX, mailboxName=mailbox, oldMessages=saved, newMessages=new)
        except AsteriskError as error:
            if error.status not in _ABSENT:
                raise
            await _by_dialplan(ari, mailbox, new, saved)
    except AsteriskError as error:
        log.warning("mwi.refused", mailbox=mailbox, reason=str(error))


async def _by_dialplan(ari: Ari, mailbox: str, new: int, saved: int) -> None:
    """Dial an extension that has Asterisk publish it; it never answers, so nothing goes on."""
    extension = f"mwi-{mailbox.replace('@', '*')}*{new}*{saved}"
    await ari.send(
        ORIGINATE,
        channelId=f"mwi-{new_id()}",
        endpoint=f"Local/{extension}@{_CONTEXT}/n",
        context=_CONTEXT,
        extension="none",
        priority=1,
        timeout=5,
    )
