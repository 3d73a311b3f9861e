"""What came of a simulated call. Times are seconds since it arrived, to the millisecond."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

Time = Annotated[float, PlainSerializer(lambda seconds: round(seconds, 3), return_type=float)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(_Part):
    """One request, redirects each for itself. `error` is set where there was no answer."""

    at: Time
    kind: Literal[
        "instructions", "callback", "cdr", "webhook", "email", "media", "directory", "upload"
    ]
    method: str
    url: str
    headers: dict[str, str]
    params: dict[str, Any]
    status: int | None = None
    error: str | None = Field(
        default=None,
        description="dns, refused, tls, reset, timeout, too_large, address_refused, invalid_url"
        " or protocol; cancelled where the call ended first",
    )


class Heard(_Part):
    """What the caller heard. `by` is the verb or module, or `fallback`."""

    at: Time
    until: Time
    kind: Literal["say", "play", "digits", "tone", "beep", "silence", "hold", "ringing"]
    value: str = Field(description="text, URL, name, keys, or a tone in Asterisk's notation")
    interrupted: bool = Field(description="cut short by a key or by the end of the call")
    by: str


class Dialled(_Part):
    """Somebody who was called. `cause` is Q.850, `sip` what they answered or were told."""

    at: Time
    to: str
    answered_at: Time | None = None
    bridged_at: Time | None = None
    ended_at: Time | None = None
    cause: int | None = None
    sip: int | None = None


class Recorded(_Part):
    """A recording that was kept."""

    at: Time
    duration: Time
    name: str


class Problem(_Part):
    """Something that went wrong, by its stable number."""

    code: int
    message: str
    where: str


class Result(_Part):
    """All of a call; `sip` is what the caller's side was told in the end."""

    requests: list[Asked]
    heard: list[Heard]
    dialled: list[Dialled]
    recordings: list[Recorded]
    answered_at: Time | None
    ended_at: Time
    ended_by: Literal["pivot", "caller", "callee", "asterisk"] = Field(
        description="callee: who was put through has left, and nothing was to follow"
    )
    cause: int
    sip: int
    warnings: list[Problem]
    errors: list[Problem]
