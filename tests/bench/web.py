"""The customer's web server of the benchmark: two documents, the prompt, and what it saw."""

import argparse
import io
import time
import wave

import uvloop
from aiohttp import web

SECONDS = 10  # of the prompt: longer than any caller listens
HOLD = 10  # seconds for which a held call is held
ULAW = (b"\x9f" * 10 + b"\x1f" * 10) * 400 * SECONDS  # a square wave of 400 Hz

VOICE = """<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Gather numDigits="4" timeout="10" action="/digits"><Play>/prompt.wav</Play></Gather>
</Response>"""
DIGITS = '{"module": "play", "data": {"id": "beep"}}'
_HOLD = f'<Response><Gather timeout="{HOLD}"/></Response>'


def prompt() -> bytes:
    """Return the sound of ULAW as a WAV of linear audio."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes((b"\x00\x10" * 10 + b"\x00\xf0" * 10) * 400 * SECONDS)
    return file.getvalue()


class Customer:
    """Answers, and notes of each call when it was asked and when it had answered."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[float, float]] = {}
        self.digits: dict[str, tuple[float, str]] = {}
        self.requests = 0
        self.sound = prompt()

    async def voice(self, request: web.Request) -> web.Response:
        came = time.monotonic()
        form = await request.post()
        self.requests += 1
        answer = web.Response(text=VOICE, content_type="text/xml")
        self.asked[str(form["CallSid"])] = came, time.monotonic()
        return answer

    async def got(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.requests += 1
        self.digits[str(form["CallSid"])] = time.monotonic(), str(form["Digits"])
        return web.Response(text=DIGITS, content_type="application/json")

    async def hold(self, _: web.Request) -> web.Response:
        return web.Response(text=_HOLD, content_type="text/xml")

    async def play(self, _: web.Request) -> web.Response:
        headers = {"Cache-Control": "max-age=86400"}
        return web.Response(body=self.sound, content_type="audio/wav", headers=headers)

    async def seen(self, _: web.Request) -> web.Response:
        """Tell what was noted, and forget it."""
        seen = {"asked": self.asked, "digits": self.digits, "requests": self.requests}
        self.asked, self.digits, self.requests = {}, {}, 0
        return web.json_response(seen)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    customer = Customer()
    application = web.Application()
    application.router.add_post("/voice", customer.voice)
    application.router.add_post("/digits", customer.got)
    application.router.add_post("/hold", customer.hold)
    application.router.add_get("/prompt.wav", customer.play)
    application.router.add_get("/seen", customer.seen)
    uvloop.install()
    web.run_app(
        application,
        host="127.0.0.1",
        port=options.parse_args().port,
        print=lambda _: print("connected", flush=True),
        access_log=None,
    )


if __name__ == "__main__":
    main()
