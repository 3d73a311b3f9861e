"""<User> and <Device>: telephones of this installation, as KAZOO names them."""

from collections.abc import Iterator

from ari_pivot.call.call import Call
from ari_pivot.call.dialled import Identity, Target
from ari_pivot.errors import Code
from ari_pivot.twiml.client import Client
from ari_pivot.twiml.nouns import Noun


class Device(Client):
    """By its id in the directory."""

    nests = ()


class User(Noun):
    """All telephones that somebody owns, by the id of the user in the directory."""

    def targets(self, call: Call, timeout: float, shown: Identity | None) -> Iterator[Target]:
        owned = {
            id_: one.endpoint
            for id_, one in call.directory.devices.items()
            if one.owner == self.text and one.enabled
        }
        if not owned:
            message = f"there is no user {self.text!r} with a telephone"
            raise self.refuse(message, Code.NUMBER_FORBIDDEN)
        for id_, endpoint in owned.items():
            yield Target(endpoint, timeout, identity=shown, name=f"client:{id_}")
