"""The connection to one Asterisk: events in, commands out, kept up for ever."""

import asyncio
import random
import ssl
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import msgspec
import structlog
from yarl import URL

from ari_pivot.ari import events
from ari_pivot.ari.client import Ari
from ari_pivot.ari.http import HttpLink, speaks_rest_over_websocket
from ari_pivot.ari.operations import FILTER
from ari_pivot.ari.websocket import WebsocketLink
from ari_pivot.errors import AsteriskUnavailable, PivotError

log = structlog.get_logger()

_HEARTBEAT = 10.0  # seconds between pings; half of it without an answer means lost
_KEEPALIVE = 10.0  # seconds; below Asterisk's own 15
_STEADY = 30.0  # seconds a connection must stand before the next pause starts short again
_SHORTEST, _LONGEST = 0.1, 5.0  # seconds between tries


class Replaced(PivotError):  # noqa: N818 - not a fault of ours
    """Another program has registered our application name: this one is out of work."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where an Asterisk is; `url` without `/ari`, `app` is our Stasis application's name."""

    url: str
    user: str
    password: str
    app: str
    tls: ssl.SSLContext | bool = True


def basic_auth(user: str, password: str) -> str:
    """Return the Authorization header of a user; the password may hold any character."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


class Connection:
    """Keeps one websocket to Asterisk and tells `ari` which link to use.

    `on_event` is called for each event, in order, and must not block. `on_connected` runs beside
    the reader after every (re)connection.
    """

    def __init__(
        self,
        address: Address,
        ari: Ari,
        on_event: Callable[[events.Event], None],
        on_connected: Callable[[], Awaitable[None]],
    ) -> None:
        self._address = address
        self._base = address.url.rstrip("/").removesuffix("/ari") + "/ari"
        self._ari = ari
        self._on_event = on_event
        self._on_connected = on_connected
        self.transport = ""  # "websocket" or "http", once connected

    async def run(self) -> None:
        """Connect, read, connect again; raises Replaced when another program took our name."""
        loop, pause = asyncio.get_running_loop(), _SHORTEST
        async with self._session() as session:
            while True:
                began = loop.time()
                try:
                    await self._once(session)
                    log.warning("asterisk.closed", url=self._base)
                except (AsteriskUnavailable, aiohttp.ClientError, OSError, TimeoutError) as error:
                    log.warning("asterisk.lost", url=self._base, reason=str(error) or repr(error))
                finally:
                    self._ari.use(None)
                if loop.time() - began > _STEADY:
                    pause = _SHORTEST
                await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, not secrecy
                pause = min(pause * 2, _LONGEST)

    def _session(self) -> aiohttp.ClientSession:
        address = self._address
        return aiohttp.ClientSession(
            headers={"Authorization": basic_auth(address.user, address.password)},
            connector=aiohttp.TCPConnector(
                limit=64, keepalive_timeout=_KEEPALIVE, ssl=address.tls, force_close=False
            ),
            timeout=aiohttp.ClientTimeout(total=10),
        )

    async def _once(self, session: aiohttp.ClientSession) -> None:
        over_websocket = await speaks_rest_over_websocket(session, self._base)
        url = URL(f"{self._base}/events").with_query(app=self._address.app)
        async with session.ws_connect(url, heartbeat=_HEARTBEAT, max_msg_size=0) as socket:
            link: WebsocketLink | HttpLink = (
                WebsocketLink(socket)
                if over_websocket
                else await HttpLink.open(session, self._base)
            )
            self.transport = "websocket" if over_websocket else "http"
            self._ari.use(link)
            setup = asyncio.create_task(self._connected(), name="asterisk set up")
            try:
                await self._read(socket, link)
            finally:
                self._ari.use(None)
                link.lost()
                setup.cancel()

    async def _connected(self) -> None:
        """Tell Asterisk what we need not hear of, then let the application compare notes."""
        try:
            unwanted = [{"type": name} for name in events.UNWANTED]
            app = self._address.app
            await self._ari.send(FILTER, applicationName=app, filter={"disallowed": unwanted})
            log.info("asterisk.connected", url=self._base, commands=self.transport, app=app)
            await self._on_connected()
        except PivotError as error:
            log.error("asterisk.set_up_failed", url=self._base, reason=str(error))

    async def _read(
        self, socket: aiohttp.ClientWebSocketResponse, link: WebsocketLink | HttpLink
    ) -> None:
        async for message in socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            try:
                event = events.parse(message.data)
            except msgspec.DecodeError as error:
                log.error("asterisk.unreadable", reason=str(error), said=message.data[:500])
                continue
            if type(event) is events.RESTResponse:
                if isinstance(link, WebsocketLink):
                    link.answered(event)
            elif type(event) is events.ApplicationReplaced:
                if event.application == self._address.app:
                    raise Replaced("another program has taken the name", where=event.application)
            else:
                self._on_event(event)
