"""<Sms>: send a text message during the call."""

from typing import Any, ClassVar

from pydantic import Field

from ari_pivot import ids
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot, absolute
from ari_pivot.call.numbers import e164
from ari_pivot.call.owed import Owed
from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.params import API_VERSION, about
from ari_pivot.twiml.verb import Method, Verb


class Sms(Verb):
    """Handed to the configured gateway, as a request with Twilio's fields of a new message.

    It is sent until the gateway takes it; `statusCallback` is the gateway's to call. `action` is
    asked at once. Source: Twilio, SMS verb (2010-04-01) and Messages resource.
    """

    codes: ClassVar = {"to": 14101, "text": 14103, "method": 14104}

    to: str = Field(default="", pattern=r"^\+?[0-9\s().-]{3,30}$")
    from_: str = Field(default="", alias="from")
    action: str | None = None
    method: Method = "POST"
    status_callback: str = ""
    text: str = Field(default="", max_length=1600)
    base: str = Field(default="", exclude=True)

    async def run(self, call: Call) -> Pivot | None:
        message = {"SmsSid": f"SM{ids.new_id()}", **self._ends(call), "Body": self.text}
        gateway = call.directory.sms_url
        if gateway and self.text:
            await call.reports.send(
                call,
                Owed(
                    kind="webhook", url=gateway, params=self._request(call, message), scheme="twiml"
                ),
            )
        else:
            reason = "directory.sms_url names no gateway" if self.text else "has no text"
            code = Code.UNSUPPORTED if self.text else 14103
            call.warn(InstructionError(reason, code=code, where=self.where))
        if self.action is None:
            return None
        status = "sending" if gateway and self.text else "failed"
        return Pivot(self.action, self.method, {"SmsSid": message["SmsSid"], "SmsStatus": status})

    def _ends(self, call: Call) -> dict[str, str]:
        """Return who gets it and from whom: the caller, from the number that was dialled."""
        known, region = about(call.facts, ""), call.directory.region
        return {
            "To": e164(self.to, region) if self.to else known["From"],
            "From": e164(self.from_, region) if self.from_ else known.get("To", ""),
        }

    def _request(self, call: Call, message: dict[str, str]) -> dict[str, Any]:
        request = message | {
            "MessageSid": message["SmsSid"],
            "AccountSid": f"AC{call.customer.account}",
            "CallSid": call.facts.sid,
            "ApiVersion": API_VERSION,
        }
        if self.status_callback:
            request["StatusCallback"] = absolute(self.base, self.status_callback)
        return request
