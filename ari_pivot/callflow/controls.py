"""Which keys do what in a conference. Source: KAZOO, conf_config_req; FreeSWITCH mod_conference."""

from collections.abc import Mapping

from ari_pivot.call.attendance import Keys
from ari_pivot.call.source import Prompt
from ari_pivot.callflow import media
from ari_pivot.callflow.conferences import Conference, Profile

_USUAL: Mapping[str, str] = {
    "0": "mute",
    "*": "deaf mute",
    "1": "vol talk dn",
    "2": "vol talk zero",
    "3": "vol talk up",
    "4": "vol listen dn",
    "5": "vol listen zero",
    "6": "vol listen up",
    "7": "energy dn",
    "8": "energy equ",
    "9": "energy up",
    "#": "hangup",
}


def keys(document: Conference, *, moderator: bool) -> Keys:
    """Return the keys of members, or of moderators: those of the document's group, or the usual.

    What in `controls` is none is passed over.
    """
    profile = document.profile or Profile()
    named = (
        document.moderator_controls or profile.moderator_controls
        if moderator
        else document.caller_controls or profile.caller_controls
    )
    group = (document.controls or {}).get(named or "")
    muted, unmuted = profile.muted_sound, profile.unmuted_sound
    return Keys(
        _read(group) if isinstance(group, list) else _USUAL,
        (muted and media.source(muted)) or Prompt("conf-muted"),
        (unmuted and media.source(unmuted)) or Prompt("conf-unmuted"),
    )


def _read(group: list[object]) -> dict[str, str]:
    pairs = ((one.get("digits"), one.get("action")) for one in group if isinstance(one, dict))
    return {str(keys): str(action) for keys, action in pairs if keys and action}
