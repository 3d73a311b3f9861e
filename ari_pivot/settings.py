"""Every section of the configuration: settings, their defaults and bounds."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from ari_pivot.callflow import media as media_ids

_URL = r"^https?://\S+$"


def _media_id(value: str) -> str:
    if value and media_ids.source(value) is None:
        raise ValueError("is not a media id: a prompt's name, an http URL, tts://, tone_stream://")
    return value


MediaId = Annotated[str, AfterValidator(_media_id)]


def _token(value: str) -> str:
    if value and (len(value) < 16 or not value.isascii() or not value.isprintable()):
        raise ValueError("must have 16 characters or more, ASCII, as `openssl rand -hex 16` makes")
    return value


Token = Annotated[str, AfterValidator(_token)]


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

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine, by its URL."""
        host = urlsplit(self.url).hostname or ""
        try:
            return host == "localhost" or ip_address(host).is_loopback
        except ValueError:
            return False

    @field_validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        parts = urlsplit(url)
        if "@" in parts.netloc:
            raise ValueError("user and password are settings of their own")
        if not parts.hostname or parts.port == 0:
            raise ValueError("needs a host")
        return url


class Fallback(Section):
    media: MediaId = "tts://We are sorry. An application error has occurred. Goodbye."


class Waiting(Section):
    media: MediaId = ""
    after: float = Field(default=3.0, ge=0, le=60)
    early: bool = True


class Web(Section):
    allow: list[str] = []
    auth_token: str = ""
    shared_keys: list[str] = []
    account_id: str = Field(default="0" * 32, pattern=r"^[0-9a-f]{32}$")
    connect_timeout: float = Field(default=5.0, gt=0, le=60)
    per_host: int = Field(default=100, ge=1)
    retries: int = Field(default=0, ge=0, le=5)
    strict: bool = False
    waiting: Waiting = Waiting()
    breaker_failures: int = Field(default=5, ge=0)
    breaker_pause: float = Field(default=10.0, gt=0, le=3600)
    ca_file: Path | None = None


class Media(Section):
    directory: Path = Path("/var/lib/ari_pivot/sounds")
    asterisk_directory: str = ""
    base_url: str = Field(default="", pattern=rf"^$|{_URL}")
    max_bytes: int = Field(default=20_000_000, ge=1000)
    max_seconds: float = Field(default=1800.0, gt=0)
    cache_bytes: int = Field(default=1_000_000_000, ge=1_000_000)
    prompts: dict[str, MediaId] = {}


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

    @model_validator(mode="after")
    def _whole(self) -> "Speech":
        needed = {"piper": "piper_model", "openai": "url"}.get(self.engine)
        if needed and not getattr(self, needed):
            raise ValueError(f"the engine {self.engine} needs `{needed}`")
        return self


class Calls(Section):
    region: str = Field(default="", pattern=r"^([A-Z]{2})?$", examples=["US"])
    language: str = Field(
        default="en-us", pattern=r"^[A-Za-z]{2}(-[A-Za-z]{2})?$", examples=["en-us"]
    )
    documents: int = Field(default=1000, ge=1)
    burst: int = Field(default=50, ge=1)
    verbs: int = Field(default=10_000, ge=1)
    longest: float = Field(default=14_400.0, gt=0)
    at_once: int = Field(default=1000, ge=0)
    per_second: int = Field(default=200, ge=0)
    drain: float = Field(default=60.0, ge=0)


class Reports(Section):
    database: str = "sqlite:////var/lib/ari_pivot/ari_pivot.db"
    worker: str = Field(default="", max_length=255)
    first: float = Field(default=2.0, gt=0)
    longest: float = Field(default=900.0, gt=0)
    give_up_after: float = Field(default=259_200.0, gt=0)
    timeout: float = Field(default=15.0, gt=0)


class Recordings(Section):
    directory: Path = Path("/var/lib/ari_pivot/recordings")
    spool: Path | None = None
    keep: float = Field(default=2_592_000.0, ge=0)
    protected: bool = False


class Transcription(Section):
    url: str = Field(default="", pattern=rf"^$|{_URL}")
    key: str = Field(default="", repr=False)
    model: str = "whisper-1"


class Storage(Section):
    bucket: str = ""
    prefix: str = ""
    endpoint: str = Field(default="", pattern=rf"^$|{_URL}")
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = Field(default="", repr=False)


class Voicemail(Section):
    directory: Path = Path("/var/lib/ari_pivot/voicemail")
    keep_deleted: float = Field(default=2_592_000.0, ge=0)


class Mail(Section):
    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = Field(default="", repr=False)
    sender: str = Field(
        default="voicemail@localhost",
        pattern=r"^[^@\s]+@[^@\s]+$",
        examples=["voicemail@example.com"],
    )
    timeout: float = Field(default=30.0, gt=0)


class Server(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8086, ge=0, le=65535)
    token: Token = ""
    metrics_token: Token = ""
    public_url: str = Field(default="", pattern=rf"^$|{_URL}")

    @property
    def base_url(self) -> str:
        """Where those who are told URLs of ours reach them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url.rstrip("/") or f"http://{host}:{self.port}"


class Debug(Section):
    all: bool = False
    keep: float = Field(default=604_800.0, gt=0)
    max_bytes: int = Field(default=100_000_000, ge=1_000_000)
    hide: list[str] = []


class Tracing(Section):
    endpoint: str = Field(default="", pattern=rf"^$|{_URL}")
    headers: dict[str, str] = {}


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "text"] = "auto"
