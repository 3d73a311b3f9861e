"""Every setting, its default and its bounds; the only reader of files and environment."""

import os
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ari_pivot import callflow
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import ConfigError, InstructionError

_PREFIX = "ARI_PIVOT__"
_URL = r"^https?://\S+$"


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Asterisk(Section):
    url: str = Field(default="http://127.0.0.1:8088", pattern=_URL)
    user: str = "pivot"
    password: str = ""
    app: str = Field(default="pivot", pattern=r"^[A-Za-z0-9_.-]+$")
    ca_file: Path | None = None
    verify: bool = True
    patience: float = Field(default=30.0, gt=0, le=600)


class Route(Section):
    """Calls to `numbers` (`*` stands for anything), or to a `name` the dialplan says."""

    name: str = ""
    numbers: list[str] = []
    flow: dict[str, Any] | None = None
    voice_url: str = ""
    method: str | None = None
    req_format: str | None = None
    req_body_format: str | None = None
    req_timeout_ms: int | None = None
    cdr_url: str | None = None
    fallback_url: str | None = None
    fallback_method: str | None = None
    debug: bool | None = None

    @model_validator(mode="after")
    def _flow(self) -> "Route":
        if bool(self.flow) == bool(self.voice_url):
            raise ValueError("needs either `flow` or `voice_url`")
        if not (self.numbers or self.name):
            raise ValueError("needs `numbers` or a `name`, or no call will take it")
        try:
            callflow.build(self.document)
        except InstructionError as error:
            raise ValueError(f"flow: {error}") from error
        return self

    @property
    def document(self) -> dict[str, Any]:
        """The route as a callflow; a voice_url is shorthand for a pivot action with these keys."""
        if self.flow:
            return self.flow
        data = self.model_dump(exclude={"name", "numbers", "flow"}, exclude_none=True)
        return {"module": "pivot", "data": data}


class Fallback(Section):
    media: str = "tts://We are sorry. An application error has occurred. Goodbye."


class Web(Section):
    allow: list[str] = []
    auth_token: str = ""
    shared_keys: list[str] = []
    account_id: str = Field(default="0" * 32, pattern=r"^[0-9a-f]{32}$")
    connect_timeout: float = Field(default=5.0, gt=0, le=60)
    per_host: int = Field(default=100, ge=1)
    retries: int = Field(default=0, ge=0, le=5)


class Media(Section):
    directory: Path = Path("/var/lib/ari_pivot/sounds")
    asterisk_directory: str = ""
    base_url: str = Field(default="", pattern=rf"^$|{_URL}")
    max_bytes: int = Field(default=20_000_000, ge=1000)
    max_seconds: float = Field(default=1800.0, gt=0)
    cache_bytes: int = Field(default=1_000_000_000, ge=1_000_000)
    prompts: dict[str, str] = {}


class Speech(Section):
    engine: Literal["espeak-ng", "piper", "openai"] = "espeak-ng"
    voices: dict[str, str] = {}
    language: str = "en-us"
    rate: int = Field(default=160, ge=80, le=450)
    piper_model: str = ""
    url: str = Field(default="", pattern=rf"^$|{_URL}")
    key: str = ""
    model: str = "tts-1"
    voice: str = "alloy"


class Calls(Section):
    region: str = Field(default="", pattern=r"^([A-Z]{2})?$")
    language: str = Field(default="en-us", pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2})?$")
    documents: int = Field(default=1000, ge=1)
    burst: int = Field(default=50, ge=1)
    longest: float = Field(default=14_400.0, gt=0)
    drain: float = Field(default=60.0, ge=0)


class Reports(Section):
    database: str = "sqlite:////var/lib/ari_pivot/ari_pivot.db"
    first: float = Field(default=2.0, gt=0)
    longest: float = Field(default=900.0, gt=0)
    give_up_after: float = Field(default=259_200.0, gt=0)
    timeout: float = Field(default=15.0, gt=0)


class Server(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8086, ge=0, le=65535)


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "text"] = "auto"


class Config(BaseSettings):
    """The whole configuration; `ARI_PIVOT__SECTION__KEY` in the environment wins over the file."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True
    )

    asterisk: Asterisk = Asterisk()
    routes: list[Route] = []
    fallback: Fallback = Fallback()
    web: Web = Web()
    media: Media = Media()
    speech: Speech = Speech()
    calls: Calls = Calls()
    reports: Reports = Reports()
    server: Server = Server()
    log: Log = Log()
    directory: ConfiguredDirectory = ConfiguredDirectory()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings


def load(path: Path | None) -> Config:
    """Read the file and the environment; raises ConfigError naming file, key and reason.

    `directory` may be the name of a file beside it.
    """
    data = _read(path) if path else {}
    if path and isinstance(data.get("directory"), str):
        data["directory"] = _read(path.parent / data["directory"])
    return build(data, str(path or "environment"))


def build(data: dict[str, Any], name: str) -> Config:
    """Check settings that came from `name`; raises ConfigError."""
    try:
        return Config(**data)
    except ValidationError as error:
        problems = [
            f"{'.'.join(str(part) for part in one['loc'])}: "
            + one["msg"].removeprefix("Value error, ")
            for one in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigError("; ".join(problems), where=name) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text())
    except OSError as error:
        raise ConfigError(error.strerror or str(error), where=str(path)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"not YAML: {error}", where=str(path)) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError("must hold sections: `asterisk:`, `routes:` …", where=str(path))
    return data


def unknown_variables() -> list[str]:
    """Return environment variables that look like ours and name no section: likely misspelt."""
    sections = {f"{_PREFIX}{name.upper()}" for name in Config.model_fields}
    return [
        name
        for name in os.environ
        if name.upper().startswith(_PREFIX)
        and not any(name.upper().startswith(section) for section in sections)
    ]
