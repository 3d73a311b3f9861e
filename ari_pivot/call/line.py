"""Who hears of what happens in Asterisk."""

from collections.abc import Mapping
from typing import Protocol

from ari_pivot.ari.client import Ari
from ari_pivot.ari.events import Event


class Part(Protocol):
    """A channel or bridge that belongs to somebody."""

    @property
    def id(self) -> str: ...

    def receive(self, event: Event) -> None: ...


class Line(Protocol):
    """Who hears of channels and bridges: a call, or a conference of several."""

    @property
    def ari(self) -> Ari: ...

    @property
    def parts(self) -> Mapping[str, Part]: ...

    def receive(self, event: Event) -> None: ...
