"""<Client>: a telephone of this installation."""

from typing import ClassVar

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity as Shown
from ari_pivot.call.dialled import Target
from ari_pivot.errors import Code
from ari_pivot.twiml import parameter
from ari_pivot.twiml.nouns import Noun, headers
from ari_pivot.twiml.verb import Element


class Identity(Element):
    """The id of the telephone, where <Client> has parameters beside it."""

    text: str = ""


class Parameter(parameter.Parameter):
    """Sent to the telephone as the header `X-NAME`."""


class Client(Noun):
    """By its id in the directory; each <Parameter> is sent to it as the header `X-NAME`."""

    nests: ClassVar[tuple[type[Element], ...]] = (Identity, Parameter)

    def target(self, call: Call, timeout: float, shown: Shown | None) -> Target:
        named = (child.text for child in self.children if isinstance(child, Identity))
        identity = next(named, self.text)
        device = call.directory.devices.get(identity)
        if device is None:
            raise self.refuse(f"there is no client {identity!r}", Code.NUMBER_FORBIDDEN)
        given = {f"X-{one.name}": one.value for one in self.children if isinstance(one, Parameter)}
        return Target(
            device.endpoint,
            timeout,
            identity=shown,
            variables=headers(given),
            name=f"client:{identity}",
        )
