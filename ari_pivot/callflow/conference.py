"""conference: the caller meets the others of a conference, as a member or moderator."""

from typing import Annotated

from pydantic import BaseModel, Field

from ari_pivot.call.answer import answer, hangup
from ari_pivot.call.attend import attend
from ari_pivot.call.attendance import MOST, Left, Plan
from ari_pivot.call.call import Call, new_id
from ari_pivot.call.play import play
from ari_pivot.call.source import Prompt, Source
from ari_pivot.callflow import media
from ari_pivot.callflow.ask import ask
from ari_pivot.callflow.conferences import AdHocConference
from ari_pivot.callflow.conferences import Conference as Document
from ari_pivot.callflow.controls import keys
from ari_pivot.callflow.directory import directory_of
from ari_pivot.callflow.module import Boolean, Branch, Children, Maybe, Module
from ari_pivot.errors import Code, PivotError

_TRIES, _LONGEST = 3, 16  # of a PIN or number. Source: KAZOO, conf_discovery_req
_ENTRY, _EXIT = Prompt("beep"), Prompt("beeperr")


class Welcome(BaseModel):
    play: Boolean = True
    media_id: Maybe[str] = None


class Conference(Module):
    """`id` is one of the directory's conferences, `config` one for the occasion, by its `name`.

    Without either, or with an `id` that is not there, the caller is asked for a number. A PIN,
    where there are any, says who is a moderator. The flow is over with the conference. Source:
    KAZOO, conf_discovery_req.
    """

    config: Maybe[AdHocConference] = None
    id: Maybe[Annotated[str, Field(min_length=32, max_length=32)]] = None
    moderator: Maybe[Boolean] = None
    play_entry_tone: Maybe[Boolean | str] = None
    play_exit_tone: Maybe[Boolean | str] = None
    welcome_prompt: Welcome = Field(default_factory=Welcome)

    async def run(self, call: Call, children: Children) -> Branch:
        await answer(call)
        await self._welcome(call)
        found = await self._conference(call)
        moderator = await _moderator(call, found[1], self.moderator) if found else None
        if found is None or moderator is None:
            await play(call, Prompt("conf-too_many_attempts"))
            await hangup(call)
            return None
        name, document = found
        if document.play_name:
            names = "names are not asked for"
            call.warn(PivotError(names, code=Code.UNSUPPORTED, where="play_name"))
        role = document.moderator if moderator else document.member
        if role.play_entry_prompt is not False:
            await play(call, Prompt("conf-joining_conference"))
        attended = await attend(call, self._plan(name, document, moderator=moderator))
        if attended.left is Left.FULL:
            chosen = document.max_members_media and media.source(document.max_members_media)
            await play(call, chosen or Prompt("conf-max_participants"))
            await hangup(call)
        return None

    async def _welcome(self, call: Call) -> None:
        silent = self.config is not None and self.config.play_welcome is False
        if self.welcome_prompt.play and not silent:
            chosen = self.welcome_prompt.media_id and media.source(self.welcome_prompt.media_id)
            await play(call, chosen or Prompt("conf-welcome"))

    async def _conference(self, call: Call) -> tuple[str, Document] | None:
        """Return the conference by its name here; None where the caller has not named one."""
        if self.config is not None:
            return self.config.name or new_id(), self.config
        conferences = directory_of(call).conferences
        if self.id in conferences:
            return self.id, conferences[self.id]
        for _ in range(_TRIES):
            number = await ask(call, Prompt("conf-enter_conf_number"), _LONGEST)
            for id_, one in conferences.items():
                if number and number in {*one.conference_numbers, *one.member.numbers,
                                         *one.moderator.numbers}:  # fmt: skip
                    return id_, one
            await play(call, Prompt("conf-bad_conf"))
        return None

    def _plan(self, name: str, document: Document, *, moderator: bool) -> Plan:
        """Return how to take part; whoever is alone hears music, as they do in FreeSWITCH."""
        role = document.moderator if moderator else document.member
        waits = document.wait_for_moderator or document.require_moderator
        return Plan(
            conference=name,
            muted=role.join_muted,
            deaf=role.join_deaf,
            starts=moderator or not waits,
            quorum=1,
            music_alone=True,
            most=int(document.max_participants or 0) or MOST,
            enter_sound=_tone(self.play_entry_tone, document.play_entry_tone, _ENTRY),
            exit_sound=_tone(self.play_exit_tone, document.play_exit_tone, _EXIT),
            keys=keys(document, moderator=moderator),
        )


async def _moderator(
    call: Call,
    document: Document,
    moderator: bool | None,  # noqa: FBT001 - a document's value
) -> bool | None:
    """Return whether the caller is a moderator, by PIN where there are any; None if by none."""
    members, moderators = document.member.pins, document.moderator.pins
    wanted = {True: moderators, False: members, None: [*members, *moderators]}[moderator]
    if not wanted:
        return bool(moderator)
    for _ in range(_TRIES):
        pin = await ask(call, Prompt("conf-enter_conf_pin"), _LONGEST)
        if pin in wanted:
            return pin not in members if moderator is None else moderator
        if not pin and not members and moderator is None:
            return False
        await play(call, Prompt("conf-bad_pin"))
    return None


def _tone(
    here: bool | str | None,  # noqa: FBT001 - a document's value
    there: bool | str | None,  # noqa: FBT001 - a document's value
    usual: Source,
) -> Source | None:
    """Return a sound: what the flow says comes before what the conference says."""
    chosen = there if here is None else here
    if isinstance(chosen, str):
        return media.source(chosen) or usual
    return None if chosen is False else usual
