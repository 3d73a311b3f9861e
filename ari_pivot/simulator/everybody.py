"""Who can be dialled where no configuration says it: whomever the script has."""

import re
from typing import Any

from ari_pivot.config import Config
from ari_pivot.simulator.script import Script

_NAME = re.compile(r"[^\s/:]{1,128}")


def everybody(settings: Config, script: Script) -> Config:
    """Return settings by which everybody in the script is reached.

    Names are telephones, people and applications alike, every number goes outside, every SIP URI
    may be dialled, and every number be shown. A configuration that has a directory says all this
    itself.
    """
    if settings.directory.model_fields_set:
        return settings
    names = [name for name in script.dial if _NAME.fullmatch(name)]
    reached: dict[str, Any] = {
        "users": {name: {} for name in names},
        "devices": {name: {"endpoint": f"PJSIP/{name}", "owner": name} for name in names},
        "trunks": {"outside": {"endpoint": "PJSIP/{number}@outside", "numbers": ["*"]}},
        "sip": "PJSIP/outside/{uri}",
        "applications": {name: f"Local/{name}@inside" for name in names},
        "refer": "pivot-refer",
        "caller_ids": ["*"],
    }
    directory = type(settings.directory).model_validate(reached)
    return settings.model_copy(update={"directory": directory})
