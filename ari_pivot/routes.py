"""Which instructions a call begins with: by what the dialplan says, else by what was dialled."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from ari_pivot import callflow
from ari_pivot.call.instructions import Instructions
from ari_pivot.errors import ConfigError, InstructionError

#: The arguments of `Stasis(pivot,…)` that make a pivot action of their own.
_ACTION = (
    "method", "req_format", "req_body_format", "req_timeout_ms", "cdr_url", "fallback_url",
    "fallback_method", "debug",
)  # fmt: skip


class Route(BaseModel):
    """Calls to `numbers` (`*` stands for anything), or to a `name` the dialplan says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    numbers: list[str] = []
    flow: dict[str, Any] | None = None
    voice_url: str = ""
    method: str | None = None
    req_format: str | None = None
    req_body_format: str | None = None
    req_timeout_ms: int | None = None
    cdr_url: str | None = None
    fallback_url: str | None = None
    fallback_method: str | None = None
    custom_request_headers: dict[str, str] | None = None
    debug: bool | None = None

    @model_validator(mode="after")
    def _flow(self) -> "Route":
        if bool(self.flow) == bool(self.voice_url):
            raise ValueError("needs either `flow` or `voice_url`")
        if not (self.numbers or self.name):
            raise ValueError("needs `numbers` or a `name`, or no call will take it")
        try:
            callflow.build_known(self.document)
        except InstructionError as error:
            at = "flow" if self.flow else ""
            place = error.where.removeprefix("$" if at else "$.data.")
            raise ValueError(f"{at}{place}: {error.message}") from error
        return self

    @property
    def document(self) -> dict[str, Any]:
        """The route as a callflow; a voice_url is shorthand for a pivot action with these keys."""
        if self.flow:
            return self.flow
        data = self.model_dump(exclude={"name", "numbers", "flow"}, exclude_none=True)
        return {"module": "pivot", "data": data}


class Routes:
    """The configured routes, built once; the first whose pattern fits takes the call.

    What none takes, `find` may: the directory's callflows have numbers, too.
    """

    def __init__(
        self, routes: Sequence[Route], find: Callable[[str], Instructions | None] = lambda _: None
    ) -> None:
        self._find = find
        self._named: dict[str, Instructions] = {}
        self._patterns: list[tuple[re.Pattern[str], Instructions]] = []
        for route in routes:
            flow = callflow.build(route.document)
            if route.name:
                self._named[route.name] = flow
            self._patterns += [(_pattern(number), flow) for number in route.numbers]

    def __call__(self, dialled: str, arguments: Mapping[str, str]) -> Instructions:
        """Return the instructions of a new call; raises ConfigError if there are none."""
        if url := arguments.get("voice_url"):
            extra = tuple((key, arguments[key]) for key in _ACTION if key in arguments)
            return _action(url, extra)
        if name := arguments.get("route"):
            if name not in self._named:
                raise ConfigError(f"the dialplan asks for route {name!r}, which is not configured")
            return self._named[name]
        if extension := arguments.get("extension"):
            if found := self._find(extension):
                return found
            raise ConfigError(f"no callflow of the directory takes calls to {extension!r}")
        for pattern, flow in self._patterns:
            if pattern.fullmatch(dialled):
                return flow
        if found := self._find(dialled):
            return found
        raise ConfigError(f"no route takes calls to {dialled!r}")


@lru_cache(maxsize=256)
def _action(url: str, extra: tuple[tuple[str, str], ...]) -> Instructions:
    data = {"voice_url": url} | dict(extra)
    if "debug" in data:
        data["debug"] = data["debug"] == "true"  # type: ignore[assignment]
    try:
        return callflow.build({"module": "pivot", "data": data})
    except InstructionError as error:
        raise ConfigError(str(error), where="arguments of Stasis()") from error


def _pattern(number: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in number.split("*")))
