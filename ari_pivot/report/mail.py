"""Sending mail that is owed: by SMTP, from the outbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Any, Literal, Protocol

import aiosmtplib
import structlog

from ari_pivot.errors import Code, PivotError, WebError
from ari_pivot.report.entry import Report

log = structlog.get_logger()

#: Sends one message to the addresses in it; raises WebError.
Post = Callable[[EmailMessage], Awaitable[None]]

_TYPES = {
    "wav": ("audio", "x-wav"),
    "mp3": ("audio", "mpeg"),
    "tif": ("image", "tiff"),
    "pdf": ("application", "pdf"),
}


class Enclosures(Protocol):
    """What mail carries, and what is done once it is on its way."""

    async def content(self, recording: str, kind: str) -> bytes | None:
        """Return a recording as `wav`, `mp3` or `tif`, None when it is gone; PivotError."""
        ...

    async def sent(self, then: dict[str, Any]) -> None: ...


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server; `timeout` in seconds for each step."""

    host: str
    port: int
    tls: Literal["starttls", "tls", "none"]
    user: str
    password: str
    timeout: float

    async def __call__(self, message: EmailMessage) -> None:
        where = f"smtp://{self.host}:{self.port}"
        try:
            refused, _ = await aiosmtplib.send(
                message,
                hostname=self.host,
                port=self.port,
                use_tls=self.tls == "tls",
                start_tls=self.tls == "starttls",
                username=self.user or None,
                password=self.password or None,
                timeout=self.timeout,
            )
        except aiosmtplib.SMTPResponseException as error:
            raise WebError(
                f"refused it: {error.code} {error.message}",
                code=Code.HTTP_STATUS,
                where=where,
                status=400 if error.code >= 500 else 503,
            ) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise WebError("refused every recipient", where=where, status=400) from error
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise WebError(str(error) or repr(error), code=Code.CONNECTION, where=where) from error
        for address in refused:
            log.warning("mail.recipient_refused", address=address, server=where)


@dataclass(frozen=True, slots=True)
class Mailer:
    """Delivers reports: mail as mail, everything else by `otherwise`."""

    post: Post | None
    sender: str
    enclosures: Enclosures
    otherwise: Callable[[Report], Awaitable[None]]

    async def __call__(self, report: Report) -> None:
        """Return when it was accepted; raises WebError when not."""
        if report.kind != "email":
            await self.otherwise(report)
            return
        if self.post is None:
            raise WebError("no mail server is configured", where="mail.host")
        await self.post(await self._message(report))
        if then := report.params["then"]:
            try:
                await self.enclosures.sent(then)
            except PivotError as error:  # it was sent: to send it again would be worse
                log.error("mail.not_noted", report=report.id, reason=str(error))

    async def _message(self, report: Report) -> EmailMessage:
        said = report.params
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = ", ".join(said["to"])
        message["Subject"] = " ".join(str(said["subject"]).split())
        message["Date"] = format_datetime(datetime.fromtimestamp(report.created_at, UTC))
        # the same on every try, so that a mail server that has it already can tell
        message["Message-ID"] = f"<{report.id}@{make_msgid().rpartition('@')[2]}"
        message.set_content(said["text"])
        if attachment := said["attachment"]:
            await self._attach(message, attachment)
        return message

    async def _attach(self, message: EmailMessage, attachment: dict[str, str]) -> None:
        kind = attachment["name"].rpartition(".")[2]
        try:
            content = await self.enclosures.content(attachment["recording"], kind)
        except PivotError as error:
            raise WebError(
                f"its attachment cannot be had: {error}", where=attachment["name"]
            ) from error
        if content is None:
            log.warning("mail.attachment_gone", name=attachment["name"])
            return
        main, sub = _TYPES[kind]
        message.add_attachment(content, maintype=main, subtype=sub, filename=attachment["name"])
