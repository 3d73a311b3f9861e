"""<Refer>: have the caller's own telephone call somebody else."""

from typing import Any, ClassVar

from pydantic import Field, model_validator

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.call.refer import Referred, refer
from ari_pivot.errors import AsteriskError, CallEnded, Code, InstructionError
from ari_pivot.twiml.action import after
from ari_pivot.twiml.verb import Element, Method, Verb

#: What is said of a method, no call: then it was the REFER itself that was refused.
_OF_REFER = {405, 489, 501}
_STATUSES = {408: "no-answer", 480: "no-answer", 486: "busy", 487: "canceled", 600: "busy"}


class Sip(Element):
    """Whom to call."""

    text: str = Field(pattern=r"^sips?:[A-Za-z0-9_.!~*'()%+;=:@\[\]?&-]{1,1279}$")


class Refer(Verb):
    """SIP callers only. When it is done the call goes on here, if the caller has not left.

    Asterisk's Transfer() has one number for a REFER that was refused and a new call that was: it is
    `NotifySipResponseCode`, unless no call can come to it. Source: TwiML reference, Refer;
    chan_pjsip.
    """

    nests: ClassVar = (Sip,)

    action: str | None = None
    method: Method = "POST"
    base: str = Field(default="", exclude=True)

    @model_validator(mode="after")
    def _one(self) -> "Refer":
        if len(self.children) != 1:
            raise ValueError("needs one <Sip>")
        return self

    async def run(self, call: Call) -> Pivot | None:
        return await after(call, self.action, self.method, await self._refer(call), self.base)

    async def _refer(self, call: Call) -> dict[str, Any]:
        """Refer; a caller who leaves, and an Asterisk that refuses, are results."""
        failed = {"ReferCallStatus": "failed"}
        if not call.directory.refer:
            message = "directory.refer names no context of the dialplan for it"
            call.warn(InstructionError(message, code=Code.UNSUPPORTED, where=self.where))
            return failed
        try:
            return _told(await refer(call, f"PJSIP/<{self.children[0].text}>"))
        except CallEnded:
            if not call.caller.ended:
                raise
            return {"ReferCallStatus": "canceled"}
        except AsteriskError as error:
            call.warn(error)
            return failed


def _told(referred: Referred) -> dict[str, str]:
    if referred.left:  # as telephones do that were referred
        return {"ReferCallStatus": "in-progress", "ReferSipResponseCode": "202"}
    if referred.done:
        return {
            "ReferCallStatus": "completed",
            "ReferSipResponseCode": "202",
            "NotifySipResponseCode": "200",
        }
    told = {"ReferCallStatus": _STATUSES.get(referred.sip, "failed")}
    if referred.sip:
        whose = "ReferSipResponseCode" if referred.sip in _OF_REFER else "NotifySipResponseCode"
        told[whose] = str(referred.sip)
    return told
