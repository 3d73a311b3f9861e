"""receive_fax: receive a fax, and have it delivered."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.fax import receive
from ari_pivot.call.numbers import realm, user
from ari_pivot.call.times import gregorian
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.hangup import hard_stop
from ari_pivot.callflow.mail import Attachment, mail
from ari_pivot.callflow.module import Boolean, Branch, Children, Maybe, Module
from ari_pivot.errors import StoreError
from ari_pivot.ids import new_id


class FaxMedia(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    fax_option: Maybe[Literal["auto", "true", "false"] | Boolean] = None


class ReceiveFax(Module):
    """The fax goes to the user `owner_id`, by mail, and to webhooks; then the call ends.

    Source: KAZOO, cf_receive_fax.
    """

    without_effect: ClassVar[Mapping[str, str]] = {
        "media": "no: faxes come as audio, T.38 is not negotiated"
    }

    owner_id: str = ""
    media: FaxMedia = FaxMedia()

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        name = f"fax-{new_id()}"
        await receive(call, name)
        await self._deliver(call, name)
        await hard_stop(call)
        return None

    async def _deliver(self, call: Call, name: str) -> None:
        facts = call.facts
        said = {
            "fax_id": name,
            "owner_id": self.owner_id,
            "from_user": user(facts.from_uri) or facts.caller_number,
            "from_realm": realm(facts.from_uri),
            "to_user": user(facts.to_uri) or facts.dialled,
            "to_realm": realm(facts.to_uri),
            "fax_timestamp": gregorian(call.clock()),
        }
        try:
            await call.mailboxes.keep(name)
        except StoreError as error:
            call.warn(error)
            call.tell("fax_inbound_error_to_email", **said)
            return
        await self._mail(call, name)
        call.tell("fax_inbound_to_email", **said)

    async def _mail(self, call: Call, name: str) -> None:
        owner = directory_of(call).users.get(self.owner_id)
        if not (owner and owner.email and directory_of(call).mails):
            return
        number = call.facts.caller_number or "anonymous"
        text = f"A fax from {number} to {call.facts.dialled} is attached.\n"
        attachment = Attachment(name=f"{name}.tif", recording=name)
        await call.reports.send(call, mail([owner.email], f"Fax from {number}", text, attachment))
