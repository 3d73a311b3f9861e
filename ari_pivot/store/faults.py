"""What a database's failure means, and what to do about it."""

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

_REMEDIES = {
    "SQLITE_BUSY": "another process holds it locked: only one worker may use a SQLite file",
    "SQLITE_LOCKED": "another process holds it locked: only one worker may use a SQLite file",
    "SQLITE_CANTOPEN": "it cannot be opened: does its folder exist, may this user write there?",
    "SQLITE_READONLY": "it cannot be written: check the owner and mode of the file and its folder",
    "SQLITE_PERM": "it cannot be written: check the owner and mode of the file and its folder",
    "SQLITE_FULL": "the disk is full: free some space, what waits is written by itself then",
    "SQLITE_IOERR": "the disk fails to read or write: look at the system's log",
    "SQLITE_CORRUPT": "the file is damaged: move it and its -wal away, an empty one is made then",
    "SQLITE_NOTADB": "the file is no SQLite database: move it away, an empty one is made then",
}


def explain(error: Exception) -> str:
    """Say in one line what happened and what the operator does."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", None) or ""
        for prefix, remedy in _REMEDIES.items():
            if name.startswith(prefix):
                return f"{remedy} ({cause})"
    if isinstance(cause, ModuleNotFoundError):
        return f"its driver is not installed: pip install {cause.name}"
    return " ".join(str(cause).split()) or repr(cause)


def own_fault(error: Exception) -> bool:
    """Tell a statement the database refuses from a database that does not work."""
    return isinstance(error, IntegrityError | DataError | ProgrammingError)
