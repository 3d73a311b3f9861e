"""The tables, and the way from older ones to these."""

from collections.abc import Callable, Sequence

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    insert,
    inspect,
    select,
    text,
    update,
)

from ari_pivot.errors import StoreError

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

reports = Table(
    "reports",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("sequence", BigInteger, nullable=False),  # order of making; ours, to survive a failure
    Column("lane", String(32), nullable=False),  # a call and a URL: one after the other
    Column("origin", Text, nullable=False),  # scheme://host:port, in ASCII
    Column("state", String(8), nullable=False),  # waiting | dead
    Column("attempts", Integer, nullable=False),
    Column("due_at", Double, nullable=False),  # seconds since the epoch, as all times here
    Column("created_at", Double, nullable=False),
    Column("error", Text, nullable=False),  # JSON: what the last try met
    Column("report", Text, nullable=False),  # JSON in ASCII: no database can refuse its text
    Column("worker", String(255), nullable=False, server_default=""),  # who delivers it
    Index("reports_due", "worker", "state", "origin", "due_at", "sequence"),
    Index("reports_lane", "lane", "state", "sequence"),
)

calls = Table(
    "calls",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("worker", String(255), nullable=False),
    Column("process", String(32), nullable=False),  # which run of that worker
    Column("began_at", Double, nullable=False),
    Column("record", Text, nullable=False),  # JSON in ASCII
    Index("calls_worker", "worker", "began_at"),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("process", String(32), nullable=False),
    Column("seen_at", Double, nullable=False),
)

Migrations = Sequence[Callable[[Connection], None]]

debug = Table(
    "debug",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("call_id", String(255), nullable=False),
    Column("created_at", Double, nullable=False),
    Column("document", Text, nullable=False),  # JSON in ASCII
    Index("debug_call", "call_id", "id"),
)

debug_calls = Table(
    "debug_calls",
    metadata,
    Column("call_id", String(255), primary_key=True),
    Column("created_at", Double, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("search", Text, nullable=False),  # in ASCII and small letters
    Column("summary", Text, nullable=False),  # JSON in ASCII
    Index("debug_calls_created", "created_at"),
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("worker", String(255), nullable=False),
    Column("state", String(8), nullable=False),  # live | taken | kept
    Column("began_at", Double, nullable=False),
    Column("expires_at", Double, nullable=True),  # null: never
    Column("record", Text, nullable=False),  # JSON in ASCII: the order
    Index("recordings_left", "worker", "state"),
    Index("recordings_expire", "state", "expires_at"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("mailbox", String(128), nullable=False),
    Column("folder", String(8), nullable=False),  # new | saved | deleted
    Column("created_at", Double, nullable=False),
    Column("record", Text, nullable=False),  # JSON
    Index("messages_mailbox", "mailbox", "folder", "created_at"),
)

mailboxes = Table(
    "mailboxes",
    metadata,
    Column("id", String(160), primary_key=True),  # of a mailbox, or user/ID
    Column("record", Text, nullable=False),  # JSON: what its owner has set by telephone
)


def _add_worker(connection: Connection) -> None:
    connection.execute(
        text("ALTER TABLE reports ADD COLUMN worker VARCHAR(255) NOT NULL DEFAULT ''")
    )
    connection.execute(text("DROP INDEX reports_due"))
    next(one for one in reports.indexes if one.name == "reports_due").create(connection)


MIGRATIONS: Migrations = (_add_worker,)
"""What changed in tables that existed before, oldest first; new tables need no entry."""

_VERSION = "schema"
_LOCK = 0x7069766F74  # any number that is nobody else's


def prepare(connection: Connection, migrations: Migrations = MIGRATIONS) -> None:
    """Bring an empty or older database to this version; StoreError when it is a newer one's."""
    latest = len(migrations)
    if connection.dialect.name == "postgresql":  # several workers may start at once
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    if not inspect(connection).has_table(meta.name):
        metadata.create_all(connection)
        connection.execute(insert(meta).values(name=_VERSION, value=str(latest)))
        return
    version = int(connection.scalar(select(meta.c.value).where(meta.c.name == _VERSION)) or 0)
    if version > latest:
        raise StoreError(
            f"made by a newer version of this software (schema {version}, known here: {latest});"
            " upgrade, or name another database"
        )
    metadata.create_all(connection)
    for migrate in migrations[version:]:
        migrate(connection)
    if version < latest:
        connection.execute(update(meta).where(meta.c.name == _VERSION).values(value=str(latest)))
