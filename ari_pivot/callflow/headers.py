"""What a dialled leg is given: SIP headers, and the call's variables."""

import re
from collections.abc import Mapping
from typing import Any

from ari_pivot.call.call import Call

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
#: Headers that make a SIP message what it is: documents do not write them.
_SIP_OWN = {
    "allow", "authorization", "call-id", "contact", "content-length", "content-type", "cseq",
    "from", "max-forwards", "proxy-authorization", "record-route", "require", "route", "supported",
    "to", "via",
}  # fmt: skip
#: What telephones of the usual makes take for "answer by yourself".
_AUTO_ANSWER = "<sip:intercom>;answer-after=0"
_INTERCOM = "<http://intercom>;info=alert-autoanswer;delay=0"


def custom(value: Any) -> dict[str, str]:
    """Return headers as documents have them: by name, or those under `out`."""
    if not isinstance(value, Mapping):
        return {}
    inner = value.get("out")
    if isinstance(inner, Mapping):
        value = inner
    return {str(name): text for name, text in value.items() if isinstance(text, str)}


def variables(call: Call, headers: Mapping[str, str], alert_info: str) -> dict[str, str]:
    """Return the channel variables that give a leg these headers, and what is exported to it.

    What cannot be a header, or would break the message, is left out. Exported application
    variables are `CAV_name`, channel variables `CCV_name`.
    """
    wanted = dict(headers)
    if call.facts.onward.auto_answer:
        wanted |= {"Call-Info": _AUTO_ANSWER, "Alert-Info": _INTERCOM}
    if alert_info:
        wanted["Alert-Info"] = alert_info
    made = {
        f"PJSIP_HEADER(add,{name})": value
        for name, value in wanted.items()
        if _NAME.fullmatch(name) and name.lower() not in _SIP_OWN and value.isprintable()
    }
    facts = call.facts
    exported = {f"CAV_{name}": value for name, value in facts.exported.items()}
    exported |= {f"CCV_{name}": value for name, value in facts.onward.channel_variables.items()}
    return made | {
        name: str(value)
        for name, value in exported.items()
        if _WORD.fullmatch(name) and str(value).isprintable()
    }
