"""A circuit breaker for each origin: a server that does not answer is not waited for again."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from ari_pivot.errors import Code, WebError

log = structlog.get_logger()

Origin = tuple[str, str, int]

_MOST = 1000  # origins that are remembered; what has failed longest ago is forgotten first
#: What says that there is no server that answers, unlike an answer that is of no use.
_SILENT = {Code.CONNECTION, Code.TIMEOUT, Code.DNS, Code.TLS}
_ANSWERS = {Code.PROTOCOL, Code.TOO_LARGE}


@dataclass(slots=True)
class _Circuit:
    failures: int = 0  # in a row
    open_until: float = 0.0  # on the loop's clock
    probing: bool = False


class Breaker:
    """After `failures` requests in a row without an answer, none is sent for `pause` seconds.

    Then one may try, and says by its own fate how it goes on. 0 failures switches it off.
    `opened` and `refused` count since the start.
    """

    def __init__(self, failures: int = 5, pause: float = 10.0) -> None:
        self.configure(failures, pause)
        self.opened = 0
        self.refused = 0
        self._circuits: OrderedDict[Origin, _Circuit] = OrderedDict()

    def configure(self, failures: int, pause: float) -> None:
        """Open after so many failures, for so many seconds, from now on."""
        self._failures, self._pause = failures, pause

    @property
    def open(self) -> list[str]:
        """The origins that are left alone now, or of which the first try is under way."""
        return [_text(origin) for origin, one in self._circuits.items() if self._is_open(one)]

    @contextmanager
    def guard(self, origin: Origin, *, always: bool = False) -> Iterator[None]:
        """Send a request within this; raises WebError where none may be sent, unless `always`."""
        circuit = self._circuits.get(origin)
        probe = circuit is not None and self._is_open(circuit)
        if circuit and probe:
            if not always:
                self._check(circuit, origin)
            circuit.probing = True
        try:
            yield
        except WebError as error:
            if error.code in _SILENT:
                self._failed(origin)
            elif error.code in _ANSWERS:
                self._answered(origin)
            raise
        else:
            self._answered(origin)
        finally:
            if circuit and probe:  # also where it was given up, which says nothing
                circuit.probing = False

    def _is_open(self, circuit: _Circuit) -> bool:
        return 0 < self._failures <= circuit.failures

    def _check(self, circuit: _Circuit, origin: Origin) -> None:
        left = circuit.open_until - _now()
        if left > 0 or circuit.probing:
            self.refused += 1
            raise WebError(
                f"{circuit.failures} requests in a row had no answer: it is not asked"
                + (f" for another {left:.0f} s" if left >= 1 else " but by one, to see"),
                code=Code.CIRCUIT_OPEN,
                where=_text(origin),
            )

    def _failed(self, origin: Origin) -> None:
        circuit = self._circuits.setdefault(origin, _Circuit())
        self._circuits.move_to_end(origin)
        circuit.failures += 1
        circuit.open_until = _now() + self._pause
        if circuit.failures == self._failures:
            self.opened += 1
            log.warning("web.circuit_opened", origin=_text(origin), seconds=self._pause)
        if len(self._circuits) > _MOST:
            self._circuits.popitem(last=False)

    def _answered(self, origin: Origin) -> None:
        circuit = self._circuits.pop(origin, None)
        if circuit and self._is_open(circuit):
            log.info("web.circuit_closed", origin=_text(origin))


def _text(origin: Origin) -> str:
    scheme, host, port = origin
    return f"{scheme}://{host}:{port}"


def _now() -> float:
    return asyncio.get_running_loop().time()
