"""Listening to the messages of a mailbox. Source: KAZOO, cf_voicemail:check_mailbox."""

from datetime import datetime
from typing import Literal

from ari_pivot.call.call import Call
from ari_pivot.call.mailboxes import Message
from ari_pivot.call.play import Seek
from ari_pivot.call.source import Prompt, Said, Source
from ari_pivot.callflow.ask import NEXT_DIGIT
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.module import NEXT, Branch
from ari_pivot.callflow.say import say as said
from ari_pivot.callflow.sounds import Sought, Sound, say
from ari_pivot.callflow.voicemail_box import Box, by_number, choose, enter, opened
from ari_pivot.callflow.voicemail_deliver import light
from ari_pivot.callflow.voicemail_forward import forward
from ari_pivot.callflow.voicemail_settings import TooManyError, configure, set_up

_NUMBER_LENGTH = 15
_PIN_LENGTH = 6
_IDLE = 4  # menus in a row without a choice


async def check(call: Call, box: Box | None, interdigit: float = NEXT_DIGIT) -> Branch:
    """Let the caller in, by number and pin where these are asked for, and play what there is."""
    attempts = directory_of(call).voicemail.max_login_attempts
    while attempts:
        if box is None:
            number = await enter(call, "vm-enter_id", _NUMBER_LENGTH, interdigit)
            box = await opened(call, by_number(call, number)) if number else None
            if box is None:
                await say(call, "menu-invalid_entry")
                attempts -= 1
                continue
        if _trusted(call, box):
            return await _enter(call, box)
        if not box.pin:
            await say(call, "vm-no_access")
            return NEXT
        if await enter(call, "vm-enter_pass", _PIN_LENGTH, box.interdigit) == box.pin:
            return await _enter(call, box)
        await say(call, "vm-fail_auth")
        attempts -= 1
    await say(call, "vm-abort")
    return NEXT


def _trusted(call: Call, box: Box) -> bool:
    """Tell whether somebody calls from a telephone of the owner's, and needs no pin for it."""
    ready = box.document.is_setup or box.profile.is_setup
    required = box.document.require_pin or box.settings.force_require_pin
    return box.owned_by(call) and not (ready and required)


async def _enter(call: Call, box: Box) -> Branch:
    try:
        if not (box.document.is_setup or box.profile.is_setup):
            box = await set_up(call, box)
        await _menu(call, box)
    except TooManyError:
        await say(call, "vm-goodbye")
        return None
    return NEXT


async def _menu(call: Call, box: Box) -> None:
    """Offer the main menu until the caller leaves it."""
    keys, idle = box.settings.keys, 0
    menu = "vm-main_menu_not_configurable" if box.document.not_configurable else "vm-main_menu"
    while idle < _IDLE:
        messages = await call.mailboxes.messages(box.id)
        new = [one for one in messages if one.folder == "new"]
        saved = [one for one in messages if one.folder == "saved"]
        key = await choose(call, box, [*_counted(len(new), len(saved)), menu])
        idle = 0 if key else idle + 1
        if key and key == keys.exit:
            return
        if key and key == keys.hear_new:
            await _Listening(call, box, new).run()
        elif key and key == keys.hear_saved:
            await _Listening(call, box, saved).run()
        elif key and key == keys.configure and not box.document.not_configurable:
            box = await configure(call, box)
    await say(call, "vm-goodbye")


def _counted(new: int, saved: int) -> list[Sound]:
    """Return what says how many messages there are."""
    if not (new or saved):
        return ["vm-no_messages"]
    sounds: list[Sound] = ["vm-you_have"]
    if new:
        sounds += [Said("number", str(new))]
        sounds += ["vm-new_and" if saved else "vm-new_message" if new == 1 else "vm-new_messages"]
    if saved:
        sounds += [Said("number", str(saved))]
        sounds += ["vm-saved_message" if saved == 1 else "vm-saved_messages"]
    return sounds


class _Listening:
    """Going through the messages of a folder."""

    def __init__(self, call: Call, box: Box, messages: list[Message]) -> None:
        self._call, self._box = call, box
        oldest_first = box.document.oldest_message_first
        self._messages = messages[::-1] if oldest_first else messages
        self._at = 0

    async def run(self) -> None:
        try:
            while self._at < len(self._messages) and await self._one():
                pass
        finally:
            await light(self._call, self._box)

    async def _one(self) -> bool:
        """Play a message and do as told; False to go back to the main menu."""
        call, keys, message = self._call, self._box.settings.keys, self._messages[self._at]
        key = await self._choose(message)
        if key == keys.replay:
            return True
        if key == keys.prev:
            self._at = max(0, self._at - 1)
        elif key == keys.next:
            self._at = min(len(self._messages) - 1, self._at + 1)
        elif key == keys.delete:
            await call.mailboxes.move(message, "deleted")
            del self._messages[self._at]
            await say(call, "vm-deleted")
        elif key == keys.forward:
            await forward(call, self._box, message)
            await self._save(message)
        else:
            await self._save(message)
            return key == keys.keep
        return True

    async def _save(self, message: Message) -> None:
        self._messages[self._at] = await self._call.mailboxes.move(message, "saved")
        self._at += 1
        await say(self._call, "vm-saved")

    async def _choose(self, message: Message) -> str:
        """Play a message with its menu until there is a valid choice; `return_main` for none."""
        keys = self._box.settings.keys
        valid = {keys.keep, keys.replay, keys.forward, keys.prev, keys.next, keys.delete}
        valid |= {keys.return_main}
        sounds = self._sounds(message)
        for _ in range(_IDLE):
            key = await choose(self._call, self._box, sounds)
            if key in valid - {""}:
                return key
            await say(self._call, "menu-invalid_entry")
            sounds = ["vm-message_menu"]
        return keys.return_main

    def _sought(self, sound: Source) -> Sound:
        """Return a message, with the keys that go forward and back in it where these are wanted."""
        document, keys = self._box.document, self._box.settings.keys
        if not document.is_voicemail_ff_rw_enabled:
            return sound
        directions: dict[str, Literal["forward", "reverse"]] = {
            keys.rewind: "reverse",
            keys.fast_forward: "forward",
        }
        seconds = document.seek_duration_ms / 1000
        return Sought(sound, Seek(seconds, {key: to for key, to in directions.items() if key}))

    def _sounds(self, message: Message) -> list[Sound]:
        call, box = self._call, self._box
        number = Said("number", str(self._at + 1))
        heard: list[Sound] = ["vm-message_number", number]
        heard.append(self._sought(call.mailboxes.sound(message.recording)))
        if not box.document.skip_envelope:
            now = datetime.fromtimestamp(call.clock(), box.zone(call))
            at = str(int(message.created_at))
            time = said(at, "current_date_time", "pronounced", call.facts.language, now)
            heard += ["vm-received", *time]
            if digits := "".join(key for key in message.caller_number if key.isdigit()):
                heard += [Prompt("vm-from-phonenumber"), Said("digits", digits)]
        return [*heard, "vm-message_menu"]
