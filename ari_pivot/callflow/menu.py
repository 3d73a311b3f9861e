"""menu: an auto-attendant."""

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow import documents, media
from ari_pivot.callflow.ask import ask, seconds
from ari_pivot.callflow.directory import directory_of, look_up, unknown
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.menu_greeting import greeting, may_record, record
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Maybe, Module, keep_digits
from ari_pivot.callflow.patterns import allowed

_TIMEOUT, _MAX_RETRIES = "timeout", "max_retries"
_ANY = documents.Menu(hunt=False)


class Menu(Module):
    """Children are what is pressed, `timeout` and `max_retries`; the menu is the directory's `id`.

    Its own `interdigit_timeout` comes before the one here. One that is not in the directory has
    the stock prompts and does not hunt. A pin has the greeting recorded. Source: KAZOO, cf_menu.
    """

    id: str = ""
    interdigit_timeout: Maybe[Integer] = None

    async def run(self, call: Call, children: Children) -> Branch:
        menu = directory_of(call).menus.get(self.id)
        if menu is None:
            call.warn(unknown("menu", self.id))
            menu = _ANY
        await answer(call)
        left = menu.retries
        while left:
            digits = await self._ask(call, menu)
            if (branch := await _route(call, menu, digits, children)) is not None:
                return branch
            if may_record(call, menu, digits):
                await record(call, self.id, self._pause(menu))
                continue
            left -= 1
            if digits and not menu.suppress_media:
                await _say(call, menu.media.invalid_media, "menu-invalid_entry")
        return await _give_up(call, menu, children)

    async def _ask(self, call: Call, menu: documents.Menu) -> str:
        return await ask(
            call,
            await greeting(call, self.id, menu) or Prompt("menu-no_prompt"),
            menu.max_extension_length,
            menu.timeout / 1000,
            self._pause(menu),
        )

    def _pause(self, menu: documents.Menu) -> float:
        return seconds(menu.interdigit_timeout or self.interdigit_timeout)


async def _route(call: Call, menu: documents.Menu, digits: str, children: Children) -> Branch:
    """Return where digits lead, or none at all; None where they lead nowhere."""
    pressed = digits or _TIMEOUT
    if pressed in children:
        return pressed
    return await _hunt(call, menu, digits) if digits else None


async def _hunt(call: Call, menu: documents.Menu, digits: str) -> Flow | None:
    """Return the callflow with a number, but not the one for all numbers."""
    if not (menu.hunt and allowed(digits, menu.hunt_allow, menu.hunt_deny)):
        return None
    found = await look_up(call, digits)
    if found is None or found.no_match:
        return None
    await _say(call, menu.media.transfer_media, "menu-transferring_call")
    return found.enter(call)


async def _give_up(call: Call, menu: documents.Menu, children: Children) -> Branch:
    await _say(call, menu.media.exit_media, "menu-exit")
    if _MAX_RETRIES in children:
        return _MAX_RETRIES
    if NEXT in children:
        await _say(call, menu.media.transfer_media, "menu-transferring_call")
    else:
        await play(call, Prompt("vm-goodbye"))
    return NEXT


async def _say(call: Call, chosen: bool | str, stock: str) -> None:  # noqa: FBT001 - as documents
    """Play what a menu has for something: true is the stock prompt, false nothing."""
    source = Prompt(stock) if chosen is True else media.source(chosen) if chosen else None
    if source:
        await play(call, source)
        keep_digits(call)
