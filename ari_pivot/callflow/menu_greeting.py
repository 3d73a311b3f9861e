"""A menu's greeting that callers who know its pin have recorded. Source: KAZOO, cf_menu."""

from dataclasses import dataclass

from msgspec.structs import replace

from ari_pivot.call.call import Call
from ari_pivot.call.source import Source
from ari_pivot.callflow import media
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.documents import Menu
from ari_pivot.callflow.mailbox_documents import VoicemailSettings
from ari_pivot.callflow.sounds import say
from ari_pivot.callflow.voicemail_box import own_sound

_SHORTEST = 1.5  # seconds


@dataclass(frozen=True, slots=True)
class _Asking:
    settings: VoicemailSettings
    interdigit: float


async def greeting(call: Call, id_: str, menu: Menu) -> Source | None:
    """Return what greets callers, None for the stock prompt."""
    if menu.record_pin:
        recorded = (await call.mailboxes.profile(f"menu/{id_}")).greeting
        if recorded:
            return call.mailboxes.sound(recorded)
    return media.source(menu.media.greeting or "")


def may_record(call: Call, menu: Menu, digits: str) -> bool:
    """Tell whether digits are the pin, and may be: from outside only where the menu says so."""
    inside = menu.allow_record_from_offnet or caller(call, "device")[1] is not None
    return bool(menu.record_pin) and digits == menu.record_pin and inside


async def record(call: Call, id_: str, interdigit: float) -> None:
    """Have the caller record a greeting, and return to the menu; raises StoreError."""
    asking = _Asking(directory_of(call).voicemail, interdigit)
    if name := await own_sound(call, asking, "vm-record_greeting", _SHORTEST):
        owner = f"menu/{id_}"
        profile = await call.mailboxes.profile(owner)
        await call.mailboxes.change(owner, replace(profile, greeting=name))
    await say(call, "menu-return")
