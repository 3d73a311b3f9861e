"""A web application that decides calls: a sample to copy from, in both languages.

`/twiml/voice` answers with TwiML, `/kazoo/flow` with a KAZOO callflow. Both say the same: enter
your booking number while a tone plays, hear it read back, goodbye. `/cdr` takes the report at the
end of a call. Each request is one line of JSON on standard output.

Settings come from the environment:
    TWIML_AUTH_TOKEN   the key of `X-Twilio-Signature`: `web.auth_token` of ari_pivot
    PIVOT_KEYS         the keys of `X-Pivot-Signature`, by comma: `web.shared_keys` of ari_pivot
    PUBLIC_URL         how callers reach us, where a proxy stands before us: https://app.example.com
    HOST, PORT         where to listen (127.0.0.1, 8081)
"""

import hashlib
import hmac
import json
import math
import os
import struct
import sys
import time
from base64 import b64encode
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from aiohttp import web

TWIML_AUTH_TOKEN = os.environ.get("TWIML_AUTH_TOKEN", "")
PIVOT_KEYS = [key for key in os.environ.get("PIVOT_KEYS", "").split(",") if key]
PUBLIC_URL = os.environ.get("PUBLIC_URL", "").rstrip("/")
SIGNED_WITHIN = 300  # seconds; an older request may be a copy of one that somebody overheard

routes = web.RouteTableDef()


# ---- TwiML: a document of verbs, run from top to bottom ------------------------------------------


@routes.post("/twiml/voice")
async def voice(request: web.Request) -> web.Response:
    """Ask for four digits; keys are taken while the text is spoken and the tone plays."""
    return twiml("""
        <Gather numDigits="4" timeout="5" action="booking">
            <Say>Welcome. Please enter the four digits of your booking after the tone.</Say>
            <Play>/tone.wav</Play>
        </Gather>
        <Say>We did not hear anything.</Say>
        <Redirect>goodbye</Redirect>""")


@routes.post("/twiml/booking")
async def booking(request: web.Request) -> web.Response:
    """Gather's action: what was pressed comes as `Digits`."""
    digits = escape(" ".join(request["params"].get("Digits", "")))
    return twiml(f"""
        <Say>Your booking is {digits}.</Say>
        <Pause length="1"/>
        <Redirect>goodbye</Redirect>""")


@routes.post("/twiml/goodbye")
async def goodbye(request: web.Request) -> web.Response:
    return twiml("<Say>Thank you. Goodbye.</Say><Hangup/>")


def twiml(verbs: str) -> web.Response:
    return web.Response(text=f"<Response>{verbs}\n</Response>", content_type="text/xml")


# ---- KAZOO: a tree of modules; `_` is the child that comes next ----------------------------------


@routes.get("/kazoo/flow")
async def flow(request: web.Request) -> web.Response:
    """Offer the same menu: digits go to a named collection, and with the next request to us."""
    here = base(request)
    return callflow(
        ("tts", {"text": "Welcome. Please enter the four digits of your booking."}),
        ("play", {"id": f"{here}/tone.wav"}),
        ("collect_dtmf", {"max_digits": 4, "timeout": 5000, "collection_name": "booking"}),
        ("set_variables", {"custom_application_vars": {"asked": "booking"}}),
        ("pivot", {"voice_url": f"{here}/kazoo/booking", "method": "POST"}),
    )


@routes.post("/kazoo/booking")
async def kazoo_booking(request: web.Request) -> web.Response:
    """Read back what comes as `Digits[NAME]`; variables come as `Custom-Application-Vars[NAME]`."""
    digits = " ".join(request["params"].get("Digits[booking]", ""))
    text = f"Your booking is {digits}." if digits else "We did not hear anything."
    return callflow(
        ("tts", {"text": f"{text} Thank you. Goodbye."}),
        ("hangup", {}),
    )


def callflow(*modules: tuple[str, dict[str, object]]) -> web.Response:
    """Return a flow in which each module is the child `_` of the one before."""
    tree: dict[str, object] = {}
    for name, data in reversed(modules):
        tree = {"module": name, "data": data, "children": {"_": tree} if tree else {}}
    return web.json_response(tree)


def base(request: web.Request) -> str:
    return PUBLIC_URL or f"{request.scheme}://{request.host}"


# ---- The report at the end of a call, audio, and a sign of life ----------------------------------


@routes.post("/cdr")
async def cdr(request: web.Request) -> web.Response:
    """Say with any 2xx that we have it; else it is sent again, with the same idempotency token."""
    return web.Response(status=204)


@routes.get("/tone.wav")
async def tone(request: web.Request) -> web.Response:
    return web.Response(body=TONE, content_type="audio/wav", headers={"Cache-Control": "no-store"})


@routes.get("/health")
async def health(request: web.Request) -> web.Response:
    return web.Response(text="ok")


def sine(frequency: int = 1000, seconds: float = 10.0, rate: int = 8000) -> bytes:
    """Return a WAV of one tone at half the full level: 16 bits, mono."""
    step = 2 * math.pi * frequency / rate
    samples = (round(16_000 * math.sin(step * n)) for n in range(int(rate * seconds)))
    data = b"".join(struct.pack("<h", sample) for sample in samples)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(data)) + data
    return struct.pack("<4sI", b"RIFF", len(body)) + body


TONE = sine()


# ---- Whose request is it? ------------------------------------------------------------------------

OPEN = {"/tone.wav", "/health"}  # audio is fetched without a signature


@web.middleware
async def only_signed(request: web.Request, handler: web.RequestHandler) -> web.StreamResponse:
    """Answer 403 to a request that is not ari_pivot's; write down every one."""
    body = await request.read()
    request["params"] = dict(parse_qsl(request.query_string, keep_blank_values=True))
    verdict = "not needed" if request.path in OPEN else signature(request, body)
    if verdict in {"valid", "not needed"}:
        request["params"] |= fields(request, body)
        response = await handler(request)
    else:
        response = web.Response(status=403, text=f"signature {verdict}\n")
    if request.path != "/health":
        note(request, verdict, response)
    return response


def fields(request: web.Request, body: bytes) -> dict[str, object]:
    """Return what a body says: a form, or JSON where the action asks for it."""
    if request.content_type == "application/json":
        return json.loads(body or b"{}")
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))


def signature(request: web.Request, body: bytes) -> str:
    """Return whether the request is signed: "valid", "wrong", "too old" or "missing"."""
    url = (PUBLIC_URL or f"{request.scheme}://{request.host}") + request.raw_path
    if given := request.headers.get("X-Twilio-Signature"):
        return "valid" if twiml_signature(request, url, body, given) else "wrong"
    if given := request.headers.get("X-Pivot-Signature"):
        return pivot_signature(request.method, url, body, given)
    return "missing"


def twiml_signature(request: web.Request, url: str, body: bytes, given: str) -> bool:
    """HMAC-SHA1 over the URL and each posted field's name and value, sorted; in base64.

    The official SDK's `RequestValidator` does the same. A body that is not a form is vouched for
    by its digest in the URL.
    """
    posted: list[tuple[str, str]] = []
    if request.content_type == "application/x-www-form-urlencoded":
        posted = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
    elif body and hashlib.sha256(body).hexdigest() != request.query.get("bodySHA256"):
        return False
    signed = url + "".join(name + value for name, value in sorted(set(posted)))
    digest = hmac.new(TWIML_AUTH_TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
    return hmac.compare_digest(b64encode(digest), given.encode())


def pivot_signature(method: str, url: str, body: bytes, given: str) -> str:
    """`t=SECONDS,v1=HEX[,v1=HEX]`: HMAC-SHA256 over `SECONDS.METHOD.URL.BODY`, one v1 a key."""
    parts = [part.partition("=") for part in given.split(",")]
    when = next((value for name, _, value in parts if name == "t"), "")
    offered = [value for name, _, value in parts if name == "v1"]
    signed = f"{when}.{method}.{url}.".encode() + body
    for key in PIVOT_KEYS:
        wanted = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
        if any(hmac.compare_digest(wanted.encode(), value.encode()) for value in offered):
            return "valid" if abs(time.time() - int(when)) <= SIGNED_WITHIN else "too old"
    return "wrong"


def note(request: web.Request, verdict: str, response: web.StreamResponse) -> None:
    line = {
        "at": round(time.time(), 3),
        "method": request.method,
        "path": request.path,
        "params": request["params"],
        "signature": verdict,
        "status": response.status,
        "type": response.content_type,
    }
    if isinstance(response, web.Response) and response.content_type != "audio/wav":
        line["answer"] = response.text or ""
    print(json.dumps(line), flush=True)


def main() -> None:
    if not (TWIML_AUTH_TOKEN and PIVOT_KEYS):
        sys.exit("set TWIML_AUTH_TOKEN and PIVOT_KEYS: without keys anybody could be the caller")
    app = web.Application(middlewares=[only_signed], client_max_size=1024**2)
    app.add_routes(routes)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8081"))
    web.run_app(app, host=host, port=port, print=None, access_log=None)


if __name__ == "__main__":
    main()
