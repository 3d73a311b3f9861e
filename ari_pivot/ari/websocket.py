"""Commands over the websocket that brings the events: REST over WebSocket.

Source: Asterisk 20.14, 22.4 and later, messages `RESTRequest` and `RESTResponse`.
"""

import asyncio
import itertools
from typing import Any

import aiohttp
import msgspec

from ari_pivot.ari.events import RESTResponse
from ari_pivot.ari.operations import Operation
from ari_pivot.errors import AsteriskUnavailable

_encode = msgspec.json.Encoder().encode


class WebsocketLink:
    """Numbers the commands, and gives each answer to the one that waits for it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[RESTResponse]] = {}
        self._numbers = itertools.count(1)
        self._loop = asyncio.get_running_loop()

    async def request(self, operation: Operation, params: dict[str, Any]) -> tuple[int, str]:
        uri, rest = operation.uri(params)
        number = str(next(self._numbers))
        message = {
            "type": "RESTRequest",
            "request_id": number,
            "method": operation.method,
            "uri": uri,
        }
        if rest:
            message["content_type"] = "application/json"
            message["message_body"] = _encode(rest).decode()
        answer = self._waiting[number] = self._loop.create_future()
        try:
            await self._socket.send_str(_encode(message).decode())
            response = await answer
        except (ConnectionError, aiohttp.ClientError) as error:
            raise AsteriskUnavailable(str(error), where=operation.name) from error
        finally:
            del self._waiting[number]
        return response.status_code, response.message_body

    def answered(self, response: RESTResponse) -> None:
        """Hand an answer to its command; one nobody waits for any more is dropped."""
        waiting = self._waiting.get(response.request_id)
        if waiting and not waiting.done():
            waiting.set_result(response)

    def lost(self) -> None:
        """Fail every command under way."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(AsteriskUnavailable("the connection was lost"))
