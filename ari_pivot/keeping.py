"""What keeps recordings, by the configuration."""

from collections.abc import Callable

from ari_pivot.ari.connection import basic_auth
from ari_pivot.config import Config
from ari_pivot.recordings.box import Box
from ari_pivot.recordings.keeper import Keeper, Settings
from ari_pivot.recordings.maker import Maker
from ari_pivot.recordings.objects import Objects
from ari_pivot.recordings.shelf import Folder, Shelf
from ari_pivot.recordings.transcriber import OpenAiTranscriber, Transcriber
from ari_pivot.report.outbox import Outbox
from ari_pivot.server.recordings import RecordingPages
from ari_pivot.settings import Transcription
from ari_pivot.store.database import Database
from ari_pivot.web.client import Client


def keeper(
    config: Config,
    box: Box,
    database: Database,
    outbox: Outbox,
    client: Client,
    now: Callable[[], float],
) -> Keeper:
    """Return it; raises ConfigError for a storage that cannot be used."""
    settings, storage = config.recordings, config.storage
    shelf: Shelf = Folder(settings.directory)
    if storage.bucket:
        shelf = Objects(storage)
    return Keeper(
        Maker(box, shelf, settings.directory / "unfinished"),
        database,
        outbox,
        Settings(config.server.base_url, settings.keep, config.reports.give_up_after),
        config.worker,
        now,
        _transcriber(config.transcription, client),
    )


def _transcriber(settings: Transcription, client: Client) -> Transcriber | None:
    if not settings.url:
        return None
    return OpenAiTranscriber(client, settings.url, model=settings.model, key=settings.key)


def pages(config: Config, keeper: Keeper) -> RecordingPages:
    """Return what serves them; protected ones want the account and its token, as the original."""
    web = config.web
    wanted = basic_auth(f"AC{web.account_id}", web.auth_token)
    return RecordingPages(keeper.get, wanted if config.recordings.protected else "")
