"""The directory asked of a web server: an entry, and what belongs to it, when a call needs it."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec
from pydantic import ValidationError

from ari_pivot import faults
from ari_pivot.callflow.configured import ConfiguredDirectory
from ari_pivot.errors import Code, InstructionError, WebError
from ari_pivot.web.client import Client, Outgoing
from ari_pivot.web.freshness import fresh_until, merged, validators
from ari_pivot.web.hop import Reply

_MOST = 10_000  # answers that are remembered
_LARGEST = 1_000_000  # bytes of an answer
_TIMEOUT = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class _Answer:
    """`piece` is None where there is no such thing."""

    piece: ConfiguredDirectory | None
    headers: Mapping[str, str]
    fresh_until: float


@dataclass(slots=True)
class WebDirectory:
    """Asks `url` with `kind`, `id` and `account_id`; answers are kept for as long as HTTP says."""

    client: Client
    url: str
    account_id: str
    now: Callable[[], float]
    _known: OrderedDict[tuple[str, str], _Answer] = field(default_factory=OrderedDict)
    _asking: dict[tuple[str, str], "asyncio.Task[_Answer]"] = field(default_factory=dict)

    async def ask(self, kind: str, id_: str) -> ConfiguredDirectory | None:
        """Return a piece of the directory; None where there is no such thing.

        Raises WebError, and InstructionError for an answer that is no piece of a directory.
        """
        key = kind, id_
        known = self._known.get(key)
        if known is None or known.fresh_until <= self.now():
            task = self._asking.get(key)
            if task is None:
                task = self._asking[key] = asyncio.create_task(self._ask(key, known))
                task.add_done_callback(lambda _: self._asking.pop(key, None))
            known = await asyncio.shield(task)
        return known.piece

    async def _ask(self, key: tuple[str, str], before: _Answer | None) -> _Answer:
        reply = await self.client.send(
            Outgoing(
                kind="directory",
                method="GET",
                url=self.url,
                params={"kind": key[0], "id": key[1], "account_id": self.account_id},
                headers={"Accept": "application/json", **_conditions(before)},
                limit=_LARGEST,
                timeout=_TIMEOUT,
            )
        )
        answer = self._read(reply, before)
        self._known[key] = answer
        self._known.move_to_end(key)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return answer

    def _read(self, reply: Reply, before: _Answer | None) -> _Answer:
        said = {name.lower(): value for name, value in reply.headers.items()}
        if reply.status == 304 and before:
            headers = merged(before.headers, said)
            return _Answer(before.piece, headers, fresh_until(headers, self.now()))
        headers = merged({}, said)
        until = fresh_until(headers, self.now())
        if reply.status in {404, 410}:
            return _Answer(None, headers, until)
        if reply.status != 200:
            raise WebError(
                f"answered {reply.status}",
                code=Code.HTTP_STATUS,
                where=reply.url,
                status=reply.status,
            )
        return _Answer(_parsed(reply), headers, until)


def _conditions(before: _Answer | None) -> dict[str, str]:
    return validators(before.headers) if before else {}


def _parsed(reply: Reply) -> ConfiguredDirectory:
    try:
        return ConfiguredDirectory.model_validate(msgspec.json.decode(reply.body))
    except msgspec.DecodeError as error:
        raise InstructionError(
            f"not JSON: {error}", code=Code.JSON_SYNTAX, where=reply.url
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        said = faults.told(first, ConfiguredDirectory, "a key of directories")
        raise InstructionError(said, code=Code.FLOW_SCHEMA, where=reply.url) from error
