"""What is counted and timed, for Prometheus: a registry of our own, labels of bounded number."""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ari_pivot.ari.operations import Operation
from ari_pivot.call.call import Call
from ari_pivot.errors import Code, WebError
from ari_pivot.web.client import origin
from ari_pivot.web.hop import Hop, Reply, Request

OTHER = "other"  # what stands for all that is beyond the number of a label's values

_ORIGINS, _NAMES = 50, 300  # values of a label
_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
_WEB = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
_LONG = (0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0, 600.0, 3600.0)

_RESULTS: Mapping[int, str] = {
    Code.DNS: "dns", Code.CONNECTION: "no_answer", Code.TLS: "tls", Code.PROTOCOL: "protocol",
    Code.TOO_LARGE: "too_large", Code.ADDRESS_REFUSED: "refused", Code.INVALID_URL: "refused",
}  # fmt: skip

#: A read-out, as it is now: a number, or with the values of its labels each.
Values = Iterable[tuple[tuple[str, ...], float]]
Read = Callable[[], Values] | Callable[[], float]


class Few:
    """Keeps the values of a label few: what comes after the first `most` is `other`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        if value not in self._known:
            if len(self._known) >= self._most:
                return OTHER
            self._known.add(value)
        return value


class Metrics:
    """Counts what it is told of, as a watch of calls, of requests and of commands."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._origins, self._names, self._codes = Few(_ORIGINS), Few(_NAMES), Few(_NAMES)
        self._calls = self._counter("calls", "Calls that are over.", "outcome", "ended_by")
        self._lasted = self._histogram("call_seconds", "How long calls lasted.", _LONG)
        self._errors = self._counter("call_errors", "Errors on calls, by their code.", "code")
        self._verbs = self._histogram(
            "verb_seconds", "How long verbs and modules ran.", _LONG, "verb"
        )
        self._lag = self._histogram(
            "event_lag_seconds", "From Asterisk's time of a new call to ours.", _FAST
        )
        self._requests = self._counter(
            "requests", "Requests to web servers.", "kind", "origin", "result"
        )
        self._web = self._histogram(
            "request_seconds", "How long they took.", _WEB, "kind", "origin"
        )
        self._commands = self._histogram(
            "ari_seconds", "From a command to Asterisk's answer.", _FAST, "command"
        )
        self._refused = self._counter(
            "ari_refused", "Commands that Asterisk refused or did not answer.", "command", "status"
        )
        # to find a series by its labels costs more than to count
        self._verb = lru_cache(_NAMES)(lambda name: self._verbs.labels(self._names(name)))
        self._command = lru_cache(_NAMES)(self._commands.labels)
        self._asked = lru_cache(_NAMES)(self._series)

    def read_out(
        self, name: str, text: str, read: Read, *labels: str, counter: bool = False
    ) -> None:
        """Have something that somebody else counts read whenever we are asked."""
        self.registry.register(_ReadOut(f"ari_pivot_{name}", text, read, labels, counter=counter))

    def saw(self, call: Call, what: str, details: Mapping[str, Any]) -> None:
        if what == "did":
            self._verb(details["name"]).observe(details["seconds"])
        elif what == "ended":
            facts = call.facts
            self._calls.labels(facts.status, facts.ended_by).inc()
            self._lasted.observe(max(0.0, (facts.ended_at or 0.0) - facts.started_at))
        elif what == "problem" and details["about"].level == "error":
            self._errors.labels(self._codes(str(details["about"].code))).inc()
        elif what == "arrived":
            self._lag.observe(details["lag"])

    def hop(self, hop: Hop) -> Hop:
        """Return a hop that sends as `hop` does, and is counted."""

        async def send(request: Request) -> Reply:
            began, result = time.perf_counter(), "cancelled"
            try:
                reply = await hop(request)
                result = f"{reply.status // 100}xx"
                return reply
            except WebError as error:
                unreached = error.code == Code.CONNECTION and error.stage == "ct"
                result = "unreachable" if unreached else _RESULTS.get(error.code, OTHER)
                raise
            finally:
                self._request(request, result, time.perf_counter() - began)

        return send

    def command(self, operation: Operation, status: int, seconds: float) -> None:
        """Count a command to Asterisk; status 0 says that there was no answer."""
        self._command(operation.name).observe(seconds)
        if status >= 300 or not status:
            self._refused.labels(operation.name, str(status)).inc()

    def _request(self, request: Request, result: str, seconds: float) -> None:
        counted, timed = self._asked(request.kind, origin(request.url), result)
        counted.inc()
        timed.observe(seconds)

    def _series(
        self, kind: str, place: tuple[str, str, int] | None, result: str
    ) -> tuple[Counter, Histogram]:
        where = self._origins(f"{place[0]}://{place[1]}:{place[2]}") if place else OTHER
        return self._requests.labels(kind, where, result), self._web.labels(kind, where)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"ari_pivot_{name}", text, labels, registry=self.registry)

    def _histogram(
        self, name: str, text: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(f"ari_pivot_{name}", text, labels, buckets=buckets, registry=self.registry)


class _ReadOut(Collector):
    def __init__(
        self, name: str, text: str, read: Read, labels: tuple[str, ...], *, counter: bool
    ) -> None:
        self._name, self._text, self._labels = name, text, labels
        self._kind = CounterMetricFamily if counter else GaugeMetricFamily
        self._read = read

    def describe(self) -> Iterable[Metric]:
        return [self._kind(self._name, self._text, labels=self._labels)]

    def collect(self) -> Iterable[Metric]:
        family = self._kind(self._name, self._text, labels=self._labels)
        read = self._read()
        values = [((), float(read))] if isinstance(read, int | float) else read
        for labels, value in values:
            family.add_metric(list(labels), value)
        yield family
