"""What the owner of a mailbox sets by telephone. Source: KAZOO, cf_voicemail:config_menu."""

import re
from dataclasses import replace

from msgspec.structs import replace as changed

from ari_pivot.call.call import Call
from ari_pivot.callflow.sounds import say
from ari_pivot.callflow.voicemail_box import Box, choose, enter, own_sound

_PIN = re.compile(r"[0-9]{4,6}")
_PIN_LENGTH = 6
_ROUNDS = 3


class TooManyError(Exception):
    """The caller has entered nothing usable, again and again."""


async def set_up(call: Call, box: Box) -> Box:
    """Lead the owner of a new mailbox through pin and greeting; raises TooManyError."""
    await say(call, "vm-setup_intro")
    box = await _change_pin(call, box)
    await say(call, "vm-setup_rec_greeting")
    box = await _record(call, box, "greeting", "vm-record_greeting")
    box = await _save(call, box, is_setup=True)
    await say(call, "vm-setup_complete")
    return box


async def configure(call: Call, box: Box) -> Box:
    """Offer the menu of settings until the caller leaves it."""
    keys, idle = box.settings.keys, 0
    while idle < _ROUNDS:
        key = await choose(call, box, ["vm-settings_menu"])
        if key and key == keys.return_main:
            break
        if key and key == keys.rec_unavailable:
            box = await _record(call, box, "greeting", "vm-record_greeting")
        elif key and key == keys.rec_name:
            box = await _record(call, box, "name", "vm-record_name")
        elif key and key == keys.set_pin:
            try:
                box = await _change_pin(call, box)
            except TooManyError:
                continue
        elif key and key == keys.rec_temporary_unavailable:
            box = await _record(call, box, "temporary_greeting", "vm-record_temp_greeting")
        elif key and key == keys.del_temporary_unavailable:
            box = await _save(call, box, temporary_greeting="")
            await say(call, "vm-saved")
        else:
            idle += 1
    return box


async def _change_pin(call: Call, box: Box) -> Box:
    """Ask for a new pin twice."""
    for left in reversed(range(_ROUNDS)):
        pin = await enter(call, "vm-enter_new_pin", _PIN_LENGTH, box.interdigit)
        again = await enter(call, "vm-enter_new_pin_confirm", _PIN_LENGTH, box.interdigit)
        if pin == again and _PIN.fullmatch(pin):
            box = await _save(call, box, pin=pin)
            await say(call, "vm-pin_set")
            return box
        if left:
            await say(call, "vm-pin_invalid")
    raise TooManyError


async def _record(call: Call, box: Box, what: str, prompt: str) -> Box:
    """Record a greeting or a name; one that the caller does not save is dropped."""
    name = await own_sound(call, box, prompt, box.settings.shortest)
    return await _save(call, box, **{what: name}) if name else box


async def _save(call: Call, box: Box, **values: str | bool) -> Box:
    """Keep what was set; a name is the owner's, so that the directory by name has it."""
    if "name" in values and box.document.owner_id:
        owner = f"user/{box.document.owner_id}"
        await call.mailboxes.change(
            owner, changed(await call.mailboxes.profile(owner), name=str(values["name"]))
        )
        return box
    profile = changed(await call.mailboxes.profile(box.id), **values)
    await call.mailboxes.change(box.id, profile)
    return replace(box, profile=profile)
