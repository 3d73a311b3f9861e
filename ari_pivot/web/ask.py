"""Asking what to do: the request, and the answer recognised by its content type."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial

from msgspec.structs import replace

from ari_pivot import callflow, ids, twiml
from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Action, Pivot, absolute
from ari_pivot.call.watch import note
from ari_pivot.callflow.flow import Flow
from ari_pivot.errors import Code, InstructionError, WebError
from ari_pivot.twiml.document import Document
from ari_pivot.twiml.play import Play
from ari_pivot.twiml.say import Say
from ari_pivot.web.client import Client, Outgoing, origin
from ari_pivot.web.hop import Reply
from ari_pivot.web.tries import send, tries

_TWIML = {"text/xml", "application/xml"}
_EITHER = {"text/html", "text/plain"}
_TIMEOUTS = {"kazoo": 5.0, "twiml": 15.0}  # seconds. Sources: KAZOO; TwiML reference §3
_REDIRECTS = {"kazoo": 4, "twiml": 10}
_SMALL = 4096  # bytes of a document that is kept parsed
_DECLARED = re.compile(rb"<\?xml[^>]*\bencoding\b")
#: Character sets of old servers; UTF-8 is what all others mean.
_CHARSET = re.compile(r"charset\s*=\s*\"?(iso-8859-\d+|latin-?1|windows-\d+|koi8-[ru])\b")


@dataclass(frozen=True, slots=True)
class Answer:
    """Instructions, where they came from, and in which language."""

    instructions: Document | Flow | None
    url: str
    language: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks the customer's server.

    `retries` is how often a URL is tried again that does not say it itself. `strict` refuses
    instructions of which something would be passed over.
    """

    client: Client
    account: str
    retries: int = 0
    strict: bool = False

    async def ask(
        self, pivot: Pivot, action: Action, call: Call, base: str, iteration: int = 1
    ) -> Answer:
        """Ask `pivot.url`, relative to `base`; raises WebError and InstructionError.

        `iteration` is how often this call has asked.
        """
        outgoing = self._outgoing(pivot, action, call, absolute(base, pivot.url))
        if call.facts.debug:
            hop = partial(note, call, "hop", iteration=iteration)
            outgoing = replace(outgoing, seen=lambda asked, got: hop(request=asked, reply=got))
        note(call, "asks", outgoing=outgoing, iteration=iteration)
        policy = tries(outgoing.url, self.retries)
        try:
            reply = await call.during(send(self.client, outgoing, policy))
        except WebError as error:
            note(call, "asked", reply=error)
            raise
        note(call, "asked", reply=reply)
        _check_status(reply, action)
        if not reply.body.strip():
            return Answer(None, reply.document, action.req_format)
        try:
            answer = recognise(reply, action.req_format)
            return _without_warnings(answer) if self.strict else answer
        except InstructionError as error:
            note(call, "faulty", error=error, reply=reply, iteration=iteration)
            raise

    def _outgoing(self, pivot: Pivot, action: Action, call: Call, url: str) -> Outgoing:
        language = twiml if action.req_format == "twiml" else callflow
        more = dict(pivot.params)
        if action.req_format == "kazoo" and pivot.action is None:
            more = callflow.added(call, more)
        return Outgoing(
            kind="instructions",
            method=pivot.method,
            url=url,
            params=call.facts.said | language.params(call, self.account) | more,
            encoding=action.req_body_format,
            scheme=action.req_format,
            timeout=action.timeout or _TIMEOUTS[action.req_format],
            redirects=_REDIRECTS[action.req_format],
            headers={"traceparent": _trace(call)},
            private=action.headers if origin(url) == origin(action.voice_url) else {},
            cookies=call.cookies,
        )


def _without_warnings(answer: Answer) -> Answer:
    """Return instructions of which nothing is passed over; raises InstructionError for others."""
    for first in answer.instructions.warnings if answer.instructions else ():
        raise InstructionError(first.message, code=first.code, where=first.where)
    return answer


def _trace(call: Call) -> str:
    """Return W3C's trace context: all requests of a call are spans of one trace."""
    return f"00-{call.facts.sid.removeprefix('CA')}-{ids.new_id()[-16:]}-01"


def _check_status(reply: Reply, action: Action) -> None:
    """KAZOO takes 200 and 206 only; TwiML any success."""
    good = reply.status in {200, 206} if action.req_format == "kazoo" else reply.status // 100 == 2
    if not good:
        raise WebError(f"answered {reply.status}", status=reply.status, where=reply.document)


def recognise(reply: Reply, req_format: str) -> Answer:
    """Parse a reply as what its content type says it is; raises InstructionError.

    Sources: KAZOO, kzt_translator; TwiML reference §3, response content types. A missing type is
    XML to KAZOO and an error in TwiML; audio and plain text are instructions in TwiML only. KAZOO
    tries what has any other type; here only text is, since nothing else can be meant.
    """
    kind, _, more = reply.headers.get("Content-Type", "").lower().partition(";")
    body = reply.body.removeprefix(BOM_UTF8)
    if said := _CHARSET.search(more):
        body = _utf8(body, said[1])
    read = _read_once if len(body) <= _SMALL else _read
    return read(kind.strip(), body, reply.document, req_format)


def _utf8(body: bytes, charset: str) -> bytes:
    """Return text of a character set that the content type names as UTF-8.

    What a document says of itself goes before, and what is not of that set is left as it is.
    """
    if _DECLARED.match(body) or body.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        return body
    with suppress(LookupError, UnicodeError):
        return body.decode(charset).encode()
    return body


def _read(kind: str, body: bytes, url: str, req_format: str) -> Answer:
    if not kind and req_format == "kazoo":
        kind = "text/xml"
    if kind in _TWIML or kind.endswith("+xml"):
        return Answer(twiml.parse(body, url), url, "twiml")
    if kind == "application/json" or kind.endswith("+json"):
        return Answer(callflow.parse(body, url), url, "kazoo")
    unknown = InstructionError(
        f"content type {kind!r} is not known" if kind else "has no content type",
        code=Code.CONTENT_TYPE,
        where=url,
    )
    if kind in _EITHER:
        return _either(body, url, speak=req_format == "twiml" and kind == "text/plain")
    if kind.startswith("text/") and req_format == "kazoo":
        return _either(body, url, otherwise=unknown)
    if kind.startswith("audio/") and req_format == "twiml":
        return Answer(Document((Play(text=url, where=url),)), url, "twiml")
    raise unknown


#: Most applications send many calls the same document. Instructions never change: calls share them.
_read_once = lru_cache(maxsize=256)(_read)


def _either(
    body: bytes, url: str, *, speak: bool = False, otherwise: InstructionError | None = None
) -> Answer:
    """Try TwiML, then JSON; else speak it, or raise `otherwise`, or what is wrong as TwiML."""
    try:
        return Answer(twiml.parse(body, url), url, "twiml")
    except InstructionError as error:
        if error.code not in {Code.PARSE, Code.ROOT}:
            raise
        problem = otherwise or error
    if body.lstrip().startswith(b"{"):
        return Answer(callflow.parse(body, url), url, "kazoo")
    if not speak:
        raise problem
    text = " ".join(body.decode("utf-8", "replace").split())[:4096]
    return Answer(Document((Say(text=text, where=url),)), url, "twiml")
