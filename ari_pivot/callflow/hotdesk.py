"""hotdesk: a user logs in at a telephone, which then rings for them."""

from typing import Literal

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.directory import User
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt
from ari_pivot.callflow.ask import FIRST, ask, seconds
from ari_pivot.callflow.bridging import Ring, bridge
from ari_pivot.callflow.directory import caller, directory_of
from ari_pivot.callflow.endpoints import DEFAULT_TIMEOUT, Endpoints, Wish
from ari_pivot.callflow.features import Features, features, set_login
from ari_pivot.callflow.module import NEXT, Branch, Children, Integer, Maybe, Module

_TRIES, _PIN_LENGTH, _ID_LENGTH = 3, 6, 10


class Hotdesk(Module):
    """`id` is a user, else who the caller enters; `interdigit_timeout` in milliseconds.

    At the telephone that calls. A login ends those elsewhere, unless the user keeps them. `bridge`
    rings the telephones where the user is. A hint shows `Stasis:hotdesk-USER@DEVICE`. Source:
    KAZOO, cf_hotdesk.
    """

    action: Maybe[Literal["logout", "login", "toggle", "bridge"]] = None
    id: str = ""
    interdigit_timeout: Maybe[Integer] = None

    async def run(self, call: Call, children: Children) -> Branch:
        now = await features(call)
        id_, user = await self._who(call, now)
        if user is None:
            await play(call, Prompt("hotdesk-abort"))
            return NEXT
        places = now.logged_in_at(id_)
        if self.action == "bridge":
            return await _ring(call, now, places, children) if user.hotdesk.enabled else NEXT
        if self.action == "login" or (self.action == "toggle" and not places):
            await self._login(call, id_, user, places)
        elif self.action:
            await answer(call)
            await self._logout(call, id_, user, places)
        return NEXT

    async def _who(self, call: Call, now: Features) -> tuple[str, User | None]:
        """Return the user that is meant, and asked for if need be."""
        users = directory_of(call).users
        here = caller(call, "device")[0]
        guest = next((one for one in users if here in now.logged_in_at(one)), "")
        id_ = guest if self.action == "logout" and guest else self.id
        if id_:
            return id_, users.get(id_)
        await answer(call)
        for _ in range(_TRIES):
            entered = await self._ask(call, "hotdesk-enter_id", _ID_LENGTH)
            found = [one for one in users.items() if entered and one[1].hotdesk.id == entered]
            if len(found) == 1:
                return found[0]
            if entered:
                await play(call, Prompt("hotdesk-invalid_entry"))
        return "", None

    async def _login(self, call: Call, id_: str, user: User, places: list[str]) -> None:
        here = caller(call, "device")[0]
        if not here or (user.hotdesk.require_pin and not await self._admitted(call, user)):
            await _goodbye(call, "hotdesk-abort")
            return
        if not user.hotdesk.keep_logged_in_elsewhere:
            for place in places:
                await set_login(call, id_, place, on=False)
        await set_login(call, id_, here, on=True)
        await _goodbye(call, "hotdesk-logged_in")

    async def _admitted(self, call: Call, user: User) -> bool:
        await answer(call)
        for _ in range(_TRIES):
            entered = await self._ask(call, "hotdesk-enter_pin", _PIN_LENGTH)
            if entered and entered == user.hotdesk.pin:
                return True
            await play(call, Prompt("hotdesk-invalid_entry"))
        return False

    async def _logout(self, call: Call, id_: str, user: User, places: list[str]) -> None:
        here = caller(call, "device")[0]
        for place in places:
            if place == here or not user.hotdesk.keep_logged_in_elsewhere:
                await set_login(call, id_, place, on=False)
        await _goodbye(call, "hotdesk-logged_out")

    async def _ask(self, call: Call, prompt: str, digits: int) -> str:
        return await ask(call, Prompt(prompt), digits, FIRST, seconds(self.interdigit_timeout))


async def _ring(call: Call, now: Features, places: list[str], children: Children) -> Branch:
    found = Endpoints(call, now)
    for place in places:
        await found.add("device", place, Wish())
    return await bridge(call, found, children, Ring(timeout=DEFAULT_TIMEOUT))


async def _goodbye(call: Call, prompt: str) -> None:
    await play(call, Prompt(prompt))
    await play(call, Prompt("vm-goodbye"))
