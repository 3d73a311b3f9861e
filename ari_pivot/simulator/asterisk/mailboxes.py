"""How many messages mailboxes have, for the lamps of telephones: res_ari_mailboxes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ari_pivot.simulator.asterisk.answers import Answer

if TYPE_CHECKING:
    from ari_pivot.simulator.asterisk.core import Asterisk


def _update(asterisk: "Asterisk", params: Mapping[str, Any]) -> Answer:
    counts = int(params["newMessages"]), int(params["oldMessages"])
    asterisk.mailboxes[params["mailboxName"]] = counts
    return None


OPERATIONS = {"mailboxes.update": _update}
