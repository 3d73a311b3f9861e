"""Voicemail and mail, by the configuration."""

from collections.abc import Callable

from ari_pivot.ari.client import Ari
from ari_pivot.config import Config
from ari_pivot.recordings.box import Box
from ari_pivot.report.deliver import Deliverer
from ari_pivot.report.mail import Mailer, Post, Smtp
from ari_pivot.store.database import Database
from ari_pivot.voicemail.enclosures import Enclosures
from ari_pivot.voicemail.keeper import Keeper


def keeper(config: Config, database: Database, box: Box, now: Callable[[], float]) -> Keeper:
    """Return what keeps messages."""
    voicemail = config.voicemail
    return Keeper(database, voicemail.directory, box, now, voicemail.keep_deleted)


def mailer(
    config: Config, ari: Ari, kept: Keeper, post: Post | None, otherwise: Deliverer
) -> Mailer:
    """Return what delivers mail, and everything else `otherwise`."""
    return Mailer(post, config.mail.sender, Enclosures(kept, ari), otherwise)


def smtp(config: Config) -> Post | None:
    """Return the way to the mail server, None where none is configured."""
    mail = config.mail
    if not mail.host:
        return None
    return Smtp(mail.host, mail.port, mail.tls, mail.user, mail.password, mail.timeout)
