"""Conferences as KAZOO's documents describe them. Source: KAZOO, schema conferences."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ari_pivot.call.directory import Entry
from ari_pivot.callflow.module import Boolean, Integer, Maybe


def _different(numbers: list[str]) -> list[str]:
    if len(set(numbers)) < len(numbers):
        raise ValueError("has a number twice")
    return numbers


Number = Annotated[str, Field(pattern="^[0-9]+\n?$")]
Numbers = Annotated[list[Number], AfterValidator(_different)]
Tone = Boolean | str


class Role(BaseModel):
    """How somebody takes part, and the PINs and numbers that make them that."""

    join_deaf: Boolean = False
    join_muted: Boolean = False
    numbers: Numbers = Field(default_factory=list)
    pins: list[Number] = Field(default_factory=list)
    play_entry_prompt: Maybe[Boolean] = None


class MemberRole(Role):
    join_muted: Boolean = True


class Profile(BaseModel):
    """What a media server is told: but for the keys and the sounds of muting, without effect."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"))

    alone_sound: Maybe[str] = None
    announce_count: Maybe[Integer] = None
    caller_controls: Maybe[str] = None
    comfort_noise: Maybe[Annotated[Integer, Field(ge=0, le=10_000)]] = None
    energy_level: Maybe[Annotated[Integer, Field(ge=0, le=1800)]] = None
    enter_sound: Maybe[str] = None
    exit_sound: Maybe[str] = None
    interval: Maybe[Annotated[Integer, Field(ge=10, le=120)]] = None
    locked_sound: Maybe[str] = None
    max_members: Maybe[Annotated[Integer, Field(ge=2)]] = None
    max_members_sound: Maybe[str] = None
    moderator_controls: Maybe[str] = None
    moh_sound: Maybe[str] = None
    muted_sound: Maybe[str] = None
    rate: Maybe[Integer] = None
    unmuted_sound: Maybe[str] = None


class Conference(Entry):
    """Members are muted unless `join_muted` says otherwise, moderators are not.

    Until a moderator is there members wait, where it says so. `caller_controls` and
    `moderator_controls` name groups of `controls`: lists of `action` and `digits`.
    """

    bridge_password: Maybe[str] = None
    bridge_username: Maybe[str] = None
    caller_controls: Maybe[str] = None
    conference_numbers: Numbers = Field(default_factory=list)
    controls: Maybe[dict[str, Any]] = None
    domain: Maybe[str] = None
    flags: Maybe[list[str]] = None
    focus: Maybe[str] = None
    language: Maybe[str] = None
    max_members_media: Maybe[str] = None
    max_participants: Maybe[Integer] = None
    member: MemberRole = Field(default_factory=MemberRole)
    moderator: Role = Field(default_factory=Role)
    moderator_controls: Maybe[str] = None
    name: Maybe[Annotated[str, Field(min_length=1, max_length=128)]] = None
    owner_id: Maybe[Annotated[str, Field(min_length=32, max_length=32)]] = None
    play_entry_tone: Maybe[Tone] = None
    play_exit_tone: Maybe[Tone] = None
    play_name: Boolean = False
    play_welcome: Maybe[Boolean] = None
    profile: Maybe[Profile] = None
    profile_name: Maybe[str] = None
    require_moderator: Maybe[Boolean] = None
    wait_for_moderator: Maybe[Boolean] = None


class AdHocConference(Conference):
    """One that is described where it is used; unknown keys are allowed."""

    model_config = ConfigDict(frozen=True, extra="ignore")
