"""The configuration: the only reader of files and environment."""

import os
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import yaml
from pydantic import (
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from ari_pivot import faults
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import ConfigError
from ari_pivot.report.webhooks import Webhook
from ari_pivot.routes import Route
from ari_pivot.settings import (
    Asterisk,
    Calls,
    Debug,
    Fallback,
    Log,
    Mail,
    Media,
    Recordings,
    Reports,
    Server,
    Speech,
    Storage,
    Tracing,
    Transcription,
    Voicemail,
    Web,
)

_PREFIX = "ARI_PIVOT__"
_SETTING = "a setting"


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
    recordings: Recordings = Recordings()
    storage: Storage = Storage()
    transcription: Transcription = Transcription()
    voicemail: Voicemail = Voicemail()
    mail: Mail = Mail()
    server: Server = Server()
    debug: Debug = Debug()
    tracing: Tracing = Tracing()
    log: Log = Log()
    webhooks: list[Webhook] = []
    directory: ConfiguredDirectory = ConfiguredDirectory()

    @property
    def worker(self) -> str:
        """Our name among those that may share the database; a file of SQLite is not shared."""
        app, shared = self.asterisk.app, not self.reports.database.startswith("sqlite")
        return self.reports.worker or (f"{app}@{socket.gethostname()}" if shared else app)

    @property
    def sounds_seen(self) -> str:
        """The folder of sounds as Asterisk sees it; empty where it fetches them from us."""
        media = self.media
        if media.asterisk_directory or media.base_url:
            return media.asterisk_directory
        return str(media.directory) if self.asterisk.is_here else ""

    @model_validator(mode="after")
    def _together(self) -> "Config":
        """Refuse settings that are right by themselves, and not together."""
        if self.recordings.protected and not self.web.auth_token:
            raise ValueError("recordings.protected: needs web.auth_token, the password")
        if not (self.sounds_seen or self.media.base_url):
            needs = "an Asterisk elsewhere needs media.asterisk_directory, or media.base_url"
            raise ValueError(f"media: {needs}")
        return self

    @field_validator("routes")
    @classmethod
    def _names(cls, routes: list[Route]) -> list[Route]:
        names = Counter(route.name for route in routes if route.name)
        if twice := [name for name, times in names.items() if times > 1]:
            raise ValueError(f"more than one is named {', '.join(twice)}")
        return routes

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
    data = read(path) if path else {}
    if path and isinstance(data.get("directory"), str):
        data["directory"] = read(path.parent / data["directory"])
    return build(data, str(path or "environment"))


def build(data: dict[str, Any], name: str) -> Config:
    """Check settings that came from `name`; raises ConfigError with all that is wrong."""
    sections = Config.model_fields
    problems = [
        f"{key}: {faults.unknown(str(key), sections, _SETTING)}"
        for key in data
        if key not in sections
    ]
    given = {key: data[key] for key in sections if data.get(key) is not None}
    try:
        config = Config(**given)
    except ValidationError as error:
        problems += map(_problem, error.errors(include_url=False, include_input=False))
    except SettingsError as error:
        said = f'lists and mappings must be JSON, as ["a"]: {error}'
        raise ConfigError(said, where="environment") from error
    if problems:
        raise ConfigError(*problems, where=name)
    return config


def _problem(fault: ErrorDetails) -> str:
    """Say what is wrong, and that it is the environment's where it is."""
    variable = (_PREFIX + "__".join(map(str, fault["loc"]))).upper()
    by = f" ({variable} of the environment)" if variable in map(str.upper, os.environ) else ""
    return faults.told(fault, Config, _SETTING) + by


def read(path: Path) -> dict[str, Any]:
    """Return the sections of a file; raises ConfigError naming it."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(error.strerror or str(error), where=str(path)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"not YAML: {faults.syntax(error)}", where=str(path)) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ConfigError("must hold sections: `asterisk:`, `routes:` …", where=str(path))
    return data


def unknown_variables() -> list[str]:
    """Return environment variables that look like ours and name no section: likely misspelt."""
    return [
        name
        for name in os.environ
        if name.upper().startswith(_PREFIX)
        and name.lower().split("__")[1] not in Config.model_fields
    ]
