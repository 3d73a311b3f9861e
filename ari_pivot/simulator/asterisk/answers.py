"""How Asterisk answers a command."""

import asyncio
from typing import Any

#: HTTP status and body; None is 204, a future is 204 once it is done.
Answer = tuple[int, Any] | asyncio.Future[None] | None


class Refused(Exception):  # noqa: N818 - it is an answer
    """A command is answered with an error status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
