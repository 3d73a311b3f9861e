"""fax_detect: tell a fax that calls from a person."""

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.fax import detect
from ari_pivot.callflow.module import Branch, Children, Integer, Module

_FAX, _VOICE = "ON_FAX", "ON_VOICE"


class FaxDetect(Module):
    """Listens for `duration` seconds; children are `ON_FAX` and `ON_VOICE`.

    Source: KAZOO, cf_fax_detect.
    """

    duration: Integer = 5

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        return _FAX if await detect(call, max(self.duration, 1)) else _VOICE
