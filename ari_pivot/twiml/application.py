"""<Application>: another application, called as somebody is."""

from typing import ClassVar

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity, Target
from ari_pivot.errors import Code
from ari_pivot.twiml.nouns import Noun
from ari_pivot.twiml.parameter import Parameter
from ari_pivot.twiml.verb import Element


class ApplicationSid(Element):
    """The id of the application, where <Application> has parameters beside it."""

    text: str = ""


class Application(Noun):
    """By its id in the directory, whose endpoint leads back to us as a call of its own."""

    nests: ClassVar = (ApplicationSid, Parameter)
    without_effect: ClassVar = {
        "copyParentTo": "it is called as who it is in the directory",
        "customerId": "no customers",
    }

    customer_id: str = ""
    copy_parent_to: str = ""

    def target(self, call: Call, timeout: float, shown: Identity | None) -> Target:
        named = (child.text for child in self.children if isinstance(child, ApplicationSid))
        application = next(named, self.text)
        endpoint = call.directory.applications.get(application)
        if endpoint is None:
            raise self.refuse(f"there is no application {application!r}", Code.NUMBER_FORBIDDEN)
        return Target(endpoint, timeout, identity=shown, name=f"app:{application}")
