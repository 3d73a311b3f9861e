"""directory: the caller finds somebody by the keys of a name."""

from collections.abc import Sequence
from dataclasses import dataclass

from ari_pivot.call.answer import answer
from ari_pivot.call.call import Call
from ari_pivot.call.collect import collect
from ari_pivot.call.source import Source, Speech
from ari_pivot.callflow.directory import Found, directory_of, unknown
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.mailbox_documents import NameDirectory
from ari_pivot.callflow.module import NEXT, Branch, Children, Module, keep_digits
from ari_pivot.callflow.sounds import say, tell

_TIMEOUT = 2.0  # seconds for each key
_TRIES = 3
_MOST = 100  # keys, where the document says none
_CONNECT, _NEXT, _AGAIN, _LEAVE = "1", "2", "3", "0"
#: Source: KAZOO, cf_util:alpha_to_dialpad.
_LETTERS = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")  # of the keys from 2 on
_KEYS = {letter: str(key) for key, row in enumerate(_LETTERS, 2) for letter in row}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is in a directory by name; `name` is how it sounds."""

    first: str
    last: str
    name: Source
    flow: Flow | None

    def answers_to(self, pressed: str, fields: str) -> bool:
        """Tell whether the keys are the beginning of the name, first name first or last."""
        orders = {"first_name": self.first + self.last, "last_name": self.last + self.first}
        return any(
            _on_keys(name).startswith(pressed)
            for field, name in orders.items()
            if fields in {"both", field}
        )


class Directory(Module):
    """Runs the callflow of whom the caller chooses. Source: KAZOO, cf_directory."""

    id: str = ""

    async def run(self, call: Call, children: Children) -> Branch:
        document = directory_of(call).directories.get(self.id)
        if document is None:
            raise unknown("directory", self.id)
        await answer(call)
        keep_digits(call)
        people = await _people(call, self.id, document)
        if not people:
            await say(call, "dir-no_results_found")
            return NEXT
        for _ in range(_TRIES):
            pressed = await _name(call, document)
            if pressed == _LEAVE:
                return NEXT
            found = await self._chosen(call, document, people, pressed) if pressed else None
            if found:
                return Found(found.flow).enter(call) if found.flow else NEXT
        await say(call, "dir-no_more_results")
        return None

    async def _chosen(
        self, call: Call, document: NameDirectory, people: Sequence[Person], pressed: str
    ) -> Person | None:
        """Return whom the caller means, None to begin again."""
        matches = [one for one in people if one.answers_to(pressed, document.search_fields)]
        if not matches:
            await say(call, "dir-no_results_found")
        elif len(matches) > 1:
            return await _among(call, matches)
        elif not document.confirm_match or await _confirmed(call, matches[0]):
            return matches[0]
        return None


async def _name(call: Call, document: NameDirectory) -> str:
    """Return the keys of a name, empty for too few; `0` is none."""
    prompts = {"first_name": "firstname", "last_name": "lastname", "both": "name"}
    call.caller.digits.clear()
    await tell(call, f"dir-enter_person_{prompts[document.search_fields]}")
    most = document.max_dtmf or _MOST
    pressed = await _keys(call, most)
    if pressed == _LEAVE or len(pressed) >= min(document.min_dtmf, most):
        return pressed
    await say(call, "dir-specify_minimum")
    return ""


async def _confirmed(call: Call, person: Person) -> bool:
    call.caller.digits.clear()
    await tell(call, "dir-found", person.name, "dir-confirm_menu")
    return await _keys(call, 1) == _CONNECT


async def _among(call: Call, matches: Sequence[Person]) -> Person | None:
    """Offer one after the other; a caller who says nothing hears each three times."""
    for person in matches:
        for _ in range(_TRIES):
            call.caller.digits.clear()
            await tell(call, "dir-result_number", person.name, "dir-result_menu")
            key = await _keys(call, 1)
            if key == _CONNECT:
                return person
            if key == _AGAIN:
                return None
            if key == _NEXT:
                break
            if key:
                await say(call, "dir-invalid_key")
        else:
            return None
    await say(call, "dir-no_more_results")
    return None


async def _keys(call: Call, most: int) -> str:
    collected = await collect(
        call, max_digits=most, timeout=_TIMEOUT, interdigit_timeout=_TIMEOUT, terminators="#"
    )
    return collected.digits


async def _people(call: Call, id_: str, document: NameDirectory) -> list[Person]:
    """Return who is in the directory, in its order."""
    everybody = directory_of(call)
    people = []
    for user_id, user in everybody.users.items():
        if id_ not in user.directories:
            continue
        recorded = (await call.mailboxes.profile(f"user/{user_id}")).name
        spoken = Speech(f"{user.first_name} {user.last_name}".strip() or user.name)
        callflow = everybody.callflows.get(user.directories[id_])
        sound: Source = call.mailboxes.sound(recorded) if recorded else spoken
        people.append(
            Person(user.first_name, user.last_name, sound, callflow.flow if callflow else None)
        )
    first = document.sort_by == "first_name"
    return sorted(people, key=lambda one: (one.first, one.last) if first else (one.last, one.first))


def _on_keys(name: str) -> str:
    """Return the keys of a name; what is on no key is left out."""
    return "".join(
        _KEYS.get(letter, letter if letter.isdecimal() else "") for letter in name.lower()
    )
