"""<Application>: another application, called as somebody is."""

from typing import ClassVar

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity, Target
from ari_pivot.errors import Code
from ari_pivot.twiml.nouns import Noun
from ari_pivot.twiml.parameter import Parameter
from ari_pivot.twiml.params import about
from ari_pivot.twiml.verb import Element, Flag


class ApplicationSid(Element):
    """The id of the application, where <Application> has parameters beside it."""

    text: str = ""


class Application(Noun):
    """By its id in the directory, whose endpoint leads back to us as a call of its own.

    That call's requests say `CustomerId`, without one our AccountSid, each <Parameter> as
    `Param_NAME`, and as `To` the application's id, or what the caller dialled. Source: TwiML
    reference, Application.
    """

    nests: ClassVar = (ApplicationSid, Parameter)

    customer_id: str = Field(default="", max_length=256)
    copy_parent_to: Flag = False

    def target(self, call: Call, timeout: float, shown: Identity | None) -> Target:
        named = (child.text for child in self.children if isinstance(child, ApplicationSid))
        application = next(named, self.text)
        endpoint = call.directory.applications.get(application)
        if endpoint is None:
            raise self.refuse(f"there is no application {application!r}", Code.NUMBER_FORBIDDEN)
        gives = self._gives(call, application)
        return Target(endpoint, timeout, identity=shown, name=f"app:{application}", gives=gives)

    def _gives(self, call: Call, application: str) -> dict[str, str]:
        """Return what requests of the application's call say beside."""
        said = about(call.facts, call.customer.account)
        to = said.get("To", "") if self.copy_parent_to else application
        parameters = [child for child in self.children if isinstance(child, Parameter)]
        return {
            "To": to,
            "Called": to,
            "CustomerId": self.customer_id or said["AccountSid"],
            **{f"Param_{one.name}": one.value for one in parameters},
        }
