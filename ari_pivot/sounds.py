"""What can be played, by the configuration: the library of sounds, and what prompts' names mean."""

from collections.abc import Callable

from ari_pivot.callflow.media import source
from ari_pivot.callflow.prompts import STOCK
from ari_pivot.config import Config
from ari_pivot.errors import ConfigError
from ari_pivot.media.library import MediaLibrary
from ari_pivot.media.maker import Limits
from ari_pivot.media.outside import fetcher
from ari_pivot.media.prompts import Meant
from ari_pivot.media.speech import SpeechEngine
from ari_pivot.recordings import own
from ari_pivot.recordings.keeper import Keeper
from ari_pivot.web.client import Client


def library(
    config: Config,
    speech: SpeechEngine,
    client: Client,
    now: Callable[[], float],
    keeper: Keeper,
) -> MediaLibrary:
    """Return the library."""
    media = config.media
    return MediaLibrary(
        media.directory,
        speech=speech,
        fetch=own.fetcher(keeper, fetcher(client, media.max_bytes)),
        asterisk_directory=config.sounds_seen or None,
        base_url=media.base_url or None,
        limits=Limits(
            max_bytes=media.max_bytes,
            max_seconds=media.max_seconds,
            cache_bytes=media.cache_bytes,
        ),
        now=now,
    )


def prompts(config: Config) -> dict[str, Meant]:
    """Return what prompts and media ids mean: KAZOO's stock, and what is configured over it."""
    named: dict[str, Meant] = dict(STOCK)
    for name, media in config.media.prompts.items():
        meant = source(media)
        if meant is None:
            raise ConfigError(f"{media!r} is not a media id", where=f"media.prompts.{name}")
        named[name] = meant
    return named | config.directory.sounds()
