"""The script of a simulated call: what the caller, the web and the dialled parties do."""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    ValidationError,
    field_validator,
    model_validator,
)
from yarl import URL

from ari_pivot import faults
from ari_pivot.errors import ConfigError

_URL = r"^https?://[^\s]+$"
_KEYS = r"^[0-9A-Da-d*#]+$"
_WEB_ERRORS = Literal["dns", "refused", "tls", "reset", "timeout"]


def _text(value: Any) -> Any:
    """Take a number for its digits, so that they need no quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text, json_schema_input_type=str | int)]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Keys = Annotated[
    str,
    Field(pattern=_KEYS, examples=["12#"]),
    BeforeValidator(
        _text, json_schema_input_type=Annotated[str, Field(pattern=_KEYS)] | NonNegativeInt
    ),
]
SipStatus = Annotated[int, Field(ge=400, le=699, strict=True)]
Yes = Literal[True]


def _refusal(value: Any) -> Any:
    if value is None or value is True or (type(value) is int and 400 <= value <= 699):
        return value
    raise ValueError("must be true, or a SIP status from 400 to 699")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _exactly_one(*names: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [name]} for name in names]}


class Action(_Part):
    """What the caller does, `at` seconds after the call has arrived: one of the three."""

    model_config = ConfigDict(json_schema_extra=_exactly_one("press", "speak", "hangup"))

    at: Seconds
    press: Keys | None = Field(
        default=None,
        description="keys, each held for 0.1 s with 0.1 s between two; a key counts when released",
    )
    speak: Seconds | None = Field(default=None, description="speaks for so many seconds")
    hangup: Yes | None = Field(default=None, description="hangs up, or gives up before an answer")

    @model_validator(mode="after")
    def _one(self) -> "Action":
        given = [name for name in ("press", "speak", "hangup") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("needs one of `press`, `speak` and `hangup`")
        return self


class Caller(_Part):
    """Who calls; without `do` a person who only listens."""

    from_: Text = Field(default="+15551230001", alias="from", description="the caller's number")
    to: Text = Field(default="1000", description="the number that was dialled")
    name: Text = Field(default="", description="the caller's name")
    refer: Annotated[int, Field(ge=200, le=699, strict=True)] | None = Field(
        default=None, description="SIP status that a REFER to his telephone comes to; else none"
    )
    do: list[Action] = []


class Reply(_Part):
    """One answer of a scripted URL, or the `error` there is instead of it."""

    status: int = Field(default=200, ge=200, le=599)
    type: str | None = Field(
        default=None,
        description="Content-Type; without it text/xml, application/json, audio/wav or text/plain,"
        " whichever the body looks like; none for an empty body",
    )
    headers: dict[str, Text] = {}
    body: str = ""
    audio: float | None = Field(
        default=None, gt=0, le=3600, description="a WAV with so many seconds of tone, as the body"
    )
    delay: Seconds = Field(default=0.0, description="seconds before it comes")
    error: _WEB_ERRORS | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Reply":
        answer = self.model_fields_set - {"error", "delay"}
        if self.error and answer:
            raise ValueError(f"has an `error` and also an answer: `{'`, `'.join(sorted(answer))}`")
        if self.body and self.audio:
            raise ValueError("has both `body` and `audio`")
        return self


def place(url: str) -> tuple[str, str, int | None, str]:
    """Return what matters of a URL: not its user, query and fragment."""
    whole = URL(url)
    return whole.scheme, (whole.host or "").lower(), whole.port, whole.path


class Site(_Part):
    """A scripted URL; its query does not matter. One reply a request, the last one repeats."""

    url: str = Field(pattern=_URL)
    replies: list[Reply] = Field(min_length=1)


class Party(_Part):
    """Somebody who can be dialled: rings, then does one of the five."""

    model_config = ConfigDict(
        json_schema_extra=_exactly_one("answer", "busy", "no_answer", "reject", "fail")
    )

    ring: Seconds = Field(default=0.0, description="seconds of ringing first")
    answer: Yes | None = None
    talk: Seconds | None = Field(
        default=None, description="hangs up so many seconds after the answer; else stays"
    )
    press: Keys | None = Field(default=None, description="presses keys a second after the answer")
    refer: Text | None = Field(
        default=None, description="whom to call instead: asks for it with a REFER, then leaves"
    )
    busy: Yes | None = Field(default=None, description="is busy, SIP 486")
    no_answer: Yes | None = Field(default=None, description="rings for ever")
    reject: Annotated[
        bool | int | None,
        BeforeValidator(_refusal, json_schema_input_type=Yes | SipStatus | None),
    ] = Field(default=None, description="declines, SIP 603 or the status given")
    fail: SipStatus | None = Field(default=None, description="cannot be had, with a SIP status")

    @model_validator(mode="after")
    def _one(self) -> "Party":
        outcomes = ("answer", "busy", "no_answer", "reject", "fail")
        if sum(getattr(self, name) is not None for name in outcomes) != 1:
            raise ValueError(f"needs one of `{'`, `'.join(outcomes)}`")
        if self.talk is not None and not self.answer:
            raise ValueError("`talk` goes with `answer`")
        if self.press is not None and not self.answer:
            raise ValueError("`press` goes with `answer`")
        return self


class Script(_Part):
    """What everybody does in a simulated call. Times are seconds since the call arrived."""

    caller: Caller = Caller()
    pivot: dict[str, Any] | None = Field(
        default=None,
        description="the data of the pivot action the call begins with, over its voice_url;"
        " without it the method is POST and the parameters are TwiML's, or GET and KAZOO's"
        " where the first answer is known to be a callflow",
    )
    children: dict[str, Any] = Field(
        default={}, description="the children of that action: `_` is where a failure goes"
    )
    web: list[Site] | None = Field(
        default=None,
        description="the web, whole: what is not listed answers 404; without it real HTTP",
    )
    dial: dict[Text, Party] = Field(
        default={},
        description="who can be dialled, by number, SIP URI or name; others are unallocated",
    )

    @field_validator("web")
    @classmethod
    def _once(cls, web: list[Site] | None) -> list[Site] | None:
        for where, times in Counter(place(site.url) for site in web or ()).items():
            if times > 1:
                raise ValueError(f"has {where[3]} more than once (a query makes no difference)")
        return web


class _Loader(yaml.SafeLoader):
    """YAML in which `+15551230001` and `0123` are text: only plain decimals are numbers."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":int", "stamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9][0-9]*)$"), list("-0123456789")
)


def load(path: Path) -> Script:
    """Read a script; raises ConfigError naming file, key and reason."""
    where = str(path)
    try:
        document = yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise ConfigError(error.strerror or str(error), where=where) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(f"not YAML: {faults.syntax(error)}", where=where) from error
    return build(document or {}, where)


def build(document: Any, where: str) -> Script:
    """Check a script that came from `where`; raises ConfigError naming it, key and reason."""
    try:
        return Script.model_validate(document)
    except ValidationError as error:
        found = error.errors(include_url=False)
        problems = [faults.told(one, Script, "a key of scripts") for one in found]
        raise ConfigError(*problems, where=where) from error
