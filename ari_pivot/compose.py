"""Everything is made here and handed down; what the configuration may change is set here."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from ari_pivot import keeping, messages, sounds
from ari_pivot.ari.client import Ari
from ari_pivot.call.waiting import Waiting
from ari_pivot.callflow.media import source
from ari_pivot.config import Config
from ari_pivot.media.library import MediaLibrary
from ari_pivot.media.prompts import Prompts
from ari_pivot.media.speech import SpeechEngine
from ari_pivot.metrics import Metrics
from ari_pivot.observe import Observers, observers
from ari_pivot.pivot import Control
from ari_pivot.recordings.box import Box, NoBox
from ari_pivot.recordings.keeper import Keeper
from ari_pivot.report.deliver import Deliverer
from ari_pivot.report.journal import Journal
from ari_pivot.report.mail import Post
from ari_pivot.report.outbox import Outbox
from ari_pivot.report.reporter import Reporter
from ari_pivot.report.retry import Jitter, OutboxSettings, full_jitter
from ari_pivot.report.webhooks import Webhooks
from ari_pivot.report.workers import Workers
from ari_pivot.routes import Routes
from ari_pivot.settings import Reports as ReportSettings
from ari_pivot.store.database import Database
from ari_pivot.switchboard import Switchboard
from ari_pivot.voicemail.keeper import Keeper as Messages
from ari_pivot.web.ask import Asker
from ari_pivot.web.client import Client
from ari_pivot.web.directory import WebDirectory
from ari_pivot.web.hop import Hop
from ari_pivot.web.signature import Keys


@dataclass(frozen=True, slots=True)
class Outside:
    """What the application touches of the world, real or simulated; `now` in seconds.

    `jitter` spreads the pauses between the tries of a report.
    """

    ari: Ari
    hop: Hop
    database: Database
    speech: Callable[[Client], SpeechEngine]
    box: Box = field(default_factory=NoBox)
    post: Post | None = None
    now: Callable[[], float] = time.time
    jitter: Jitter = full_jitter


@dataclass(frozen=True, slots=True)
class Parts:
    """The application, put together and not yet running."""

    client: Client
    library: MediaLibrary
    outbox: Outbox
    keeper: Keeper
    reporter: Reporter
    observers: Observers
    webhooks: Webhooks
    workers: Workers
    switchboard: Switchboard


def compose(config: Config, outside: Outside) -> Parts:
    """Put the application together; raises ConfigError for settings that contradict each other."""
    now = outside.now
    looking_on = observers(config, outside.database, now)
    client = _client(outside, looking_on.metrics)
    mailboxes = messages.keeper(config, outside.database, outside.box, now)
    outbox, keeper = _outbox(config, client, outside, looking_on, mailboxes)
    library = sounds.library(config, outside.speech(client), client, now, keeper)
    journal = Journal(outside.database, outbox, config.worker, now)
    webhooks = Webhooks()
    reporter = Reporter(journal, outbox, now, webhooks)
    workers = Workers(outside.database, config.worker, outbox.look_again, reporter.take, now)
    switchboard = Switchboard(
        app=config.asterisk.app,
        ari=outside.ari,
        media=_prompts(config, library),
        router=Routes(()),
        control=_control(config, client, reporter),
        reports=reporter,
        recordings=keeper,
        mailboxes=mailboxes,
        clock=now,
        recall=reporter.recall,
        on_reconciled=partial(_take_up, reporter, keeper),
        watches=looking_on.watches,
    )
    parts = Parts(
        client, library, outbox, keeper, reporter, looking_on, webhooks, workers, switchboard
    )
    configure(parts, config)
    return parts


def _client(outside: Outside, metrics: Metrics) -> Client:
    """Return the way to the web, counted, as are the commands to Asterisk."""
    outside.ari.observe = metrics.command
    client = Client(metrics.hop(outside.hop), Keys(), now=outside.now)
    documents = client.documents
    for name, text, read in (
        ("document_hits", "Documents that needed no new answer.", lambda: documents.hits),
        ("document_misses", "Documents asked for anew.", lambda: documents.misses),
    ):
        metrics.read_out(name, text, read, counter=True)
    return client


def configure(parts: Parts, config: Config) -> None:
    """Have the next calls go as the configuration says; those that live go on as they began.

    Whatever is not set here stays as it was at the start.
    """
    web, calls = config.web, config.calls
    mails = bool(config.mail.host)
    directory = config.directory.of(web.account_id, calls.region, mails=mails)
    if url := config.directory.url:
        source = WebDirectory(parts.client, url, web.account_id, parts.switchboard.clock)
        directory = directory.asking(source)
    routes = Routes(config.routes, directory.find)
    control = _control(config, parts.client, parts.reporter)
    media = _prompts(config, parts.library)  # until here nothing is changed, should one fail
    parts.client.configure(Keys(web.auth_token, web.shared_keys), web.connect_timeout)
    parts.client.breaker.configure(web.breaker_failures, web.breaker_pause)
    parts.outbox.configure(_trying(config.reports))
    parts.webhooks.configure(config.webhooks, directory)
    board = parts.switchboard
    board.router, board.control, board.media, board.directory = routes, control, media, directory
    board.region, board.language = calls.region, calls.language.lower()
    board.longest, board.verbs = calls.longest, calls.verbs
    board.admission.configure(calls.at_once, calls.per_second)


def _control(config: Config, client: Client, reporter: Reporter) -> Control:
    web, media = config.web, config.fallback.media
    return Control(
        asker=Asker(client, web.account_id, web.retries, web.strict),
        fallback=source(media) if media else None,
        owe=reporter.owe,
        report=reporter.report,
        written=reporter.written,
        waiting=_waiting(config),
        documents=config.calls.documents,
        burst=config.calls.burst,
        debug=config.debug.all,
    )


def _waiting(config: Config) -> Waiting | None:
    said = config.web.waiting
    sound = source(said.media) if said.media else None
    return Waiting(sound, said.after, said.early) if sound else None


def _prompts(config: Config, library: MediaLibrary) -> Prompts:
    return Prompts(library, sounds.prompts(config), config.calls.language.lower())


def _outbox(
    config: Config,
    client: Client,
    outside: Outside,
    looking_on: Observers,
    mailboxes: Messages,
) -> tuple[Outbox, Keeper]:
    """Return what delivers reports, mail and recordings, and what keeps recordings."""
    reports = config.reports
    deliver = Deliverer(client, reports.timeout, looking_on.recorder.delivery)
    mailer = messages.mailer(config, outside.ari, mailboxes, outside.post, deliver)
    outbox = Outbox(
        outside.database, mailer, _trying(reports), outside.now, outside.jitter, config.worker
    )
    keeper = keeping.keeper(config, outside.box, outside.database, outbox, client, outside.now)
    deliver.files = keeper
    return outbox, keeper


def _take_up(reporter: Reporter, keeper: Keeper, living: set[str]) -> None:
    """See to what an earlier process has left, now that it is known which calls live."""
    reporter.close_lost(living)
    keeper.take_up()


def _trying(reports: ReportSettings) -> OutboxSettings:
    return OutboxSettings(
        first=reports.first, longest=reports.longest, give_up_after=reports.give_up_after
    )
