"""send_dtmf: send keys to the caller."""

import re

from ari_pivot.call.call import Call
from ari_pivot.call.play import send_dtmf
from ari_pivot.callflow.module import NEXT, Branch, Children, Module, Text

_KEYS = re.compile(r"[^0-9A-D*#wW]")


class SendDtmf(Module):
    """`duration_ms` of each key; `w` waits for half a second, `W` for a whole one."""

    digits: str
    duration_ms: Text = "2000"

    async def run(self, call: Call, children: Children) -> Branch:
        keys = _KEYS.sub("", self.digits)
        milliseconds = int(self.duration_ms) if self.duration_ms.isdecimal() else 0
        if keys:
            await send_dtmf(call, keys, (milliseconds or 2000) / 1000)
        return NEXT
