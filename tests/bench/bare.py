"""The bare loop: what any program must do for the standard call, and nothing else.

The same ARI commands and the same requests as ari_pivot over the same transport; no parsing of
answers, no checks, no errors, no timers, no log.
"""

import argparse
import asyncio
import hashlib
import itertools
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import aiohttp
import msgspec
import uvloop
from web import HOLD

_encode = msgspec.json.Encoder().encode
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_UNWANTED = ("ChannelVarset", "ChannelDialplan", "ChannelConnectedLine", "ChannelCallerId")


class Named(msgspec.Struct, frozen=True):
    id: str = ""
    target_uri: str = ""
    number: str = ""
    exten: str = ""
    state: str = ""


class Channel(msgspec.Struct, frozen=True):
    id: str
    caller: Named = Named()
    dialplan: Named = Named()


class Message(msgspec.Struct):
    type: str
    channel: Channel | None = None
    playback: Named | None = None
    digit: str = ""
    request_id: str = ""


_decode = msgspec.json.Decoder(Message).decode


class Loop:
    """One websocket, one HTTP session, a queue of events for each call."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, http: aiohttp.ClientSession,
        web: str, sound: str,
    ) -> None:  # fmt: skip
        self.socket = socket
        self.http = http
        self.web = web
        self.sound = sound
        self.numbers = itertools.count()
        self.answers: dict[str, asyncio.Future[None]] = {}
        self.calls: dict[str, asyncio.Queue[Message]] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def send(self, method: str, uri: str, **params: Any) -> None:
        number = str(next(self.numbers))
        message = {"type": "RESTRequest", "request_id": number, "method": method, "uri": uri}
        if params:
            message["content_type"] = "application/json"
            message["message_body"] = _encode(params).decode()
        answer = self.answers[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_str(_encode(message).decode())
        await answer
        del self.answers[number]

    async def ask(self, path: str, form: dict[str, str]) -> None:
        body = urlencode(form)
        headers = _FORM | {
            "traceparent": f"00-{form['CallSid'][2:]}-{uuid4().hex[16:]}-01",
            "I-Twilio-Idempotency-Token": uuid4().hex,
        }
        async with self.http.post(self.web + path, data=body, headers=headers) as answer:
            await answer.read()

    async def call(self, channel: Channel) -> None:
        await (self.hold if channel.dialplan.exten == "2000" else self.talk)(channel)
        await self.send("DELETE", f"channels/{channel.id}", reason_code="16")
        await self.until(channel, "StasisEnd")
        del self.calls[channel.id], self.tasks[channel.id]

    async def talk(self, channel: Channel) -> None:
        form = _form(channel)
        await self.ask("/voice", form)
        await self.send("POST", f"channels/{channel.id}/answer")
        playback = await self.play(channel, self.sound)
        digits = (await self.until(channel, "ChannelDtmfReceived")).digit
        await self.send("DELETE", f"playbacks/{playback}")
        while len(digits) < 4:
            digits += (await self.until(channel, "ChannelDtmfReceived")).digit
        form["CallStatus"] = "in-progress"
        await self.ask("/digits", form | {"Digits": digits, "msg": "Gather End"})
        playback = await self.play(channel, "sound:beep")
        while (await self.until(channel, "PlaybackFinished")).playback.id != playback:
            pass

    async def hold(self, channel: Channel) -> None:
        await self.ask("/hold", _form(channel))
        await self.send("POST", f"channels/{channel.id}/answer")
        await asyncio.sleep(HOLD)

    async def play(self, channel: Channel, media: str) -> str:
        playback = uuid4().hex
        await self.send("POST", f"channels/{channel.id}/play/{playback}", media=media)
        return playback

    async def until(self, channel: Channel, kind: str) -> Any:
        queue = self.calls[channel.id]
        while (message := await queue.get()).type != kind:
            pass
        return message

    async def read(self) -> None:
        async for frame in self.socket:
            message = _decode(frame.data)
            if message.type == "RESTResponse":
                self.answers[message.request_id].set_result(None)
            elif message.type == "StasisStart":
                channel = message.channel
                self.calls[channel.id] = asyncio.Queue()
                self.tasks[channel.id] = asyncio.create_task(self.call(channel))
            else:
                about = (
                    message.channel.id
                    if message.channel
                    else message.playback.target_uri.partition(":")[2]
                )
                if about in self.calls:
                    self.calls[about].put_nowait(message)


def _form(channel: Channel) -> dict[str, str]:
    digest = hashlib.md5(channel.id.encode(), usedforsecurity=False).hexdigest()
    caller, dialled = channel.caller.number, channel.dialplan.exten
    return {
        "CallSid": f"CA{digest}", "AccountSid": "AC" + "0" * 32, "From": caller, "To": dialled,
        "Caller": caller, "Called": dialled, "CallStatus": "ringing", "ApiVersion": "2010-04-01",
        "Direction": "inbound",
    }  # fmt: skip


async def serve(options: argparse.Namespace) -> None:
    secret = b64encode(f"{options.user}:{options.password}".encode()).decode()
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Basic {secret}"}) as ari,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http,
        ari.ws_connect(f"{options.ari}/events?app={options.app}", heartbeat=10) as socket,
    ):
        loop = Loop(socket, http, options.web, options.sound)
        reading = asyncio.create_task(loop.read())
        unwanted = [{"type": name} for name in _UNWANTED]
        await loop.send("PUT", f"applications/{options.app}/eventFilter", disallowed=unwanted)
        print("connected", flush=True)
        await reading


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("ari", "user", "password", "app", "web", "sound"):
        options.add_argument(f"--{name}", required=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(options.parse_args()))


if __name__ == "__main__":
    main()
