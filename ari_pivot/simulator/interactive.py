"""A simulated call on a terminal: its sounds are printed, its keys come from the keyboard."""

import asyncio
import os
import re
import sys

from rich.console import Console

from ari_pivot.simulator import timeline
from ari_pivot.simulator.caller import Person
from ari_pivot.simulator.result import Asked, Heard
from ari_pivot.simulator.witness import Watcher

HELP = "Type keys (0-9 * # A-D) and Enter to press them, h and Enter or Ctrl-D to hang up."
_KEYS = re.compile(r"[0-9A-Da-d*#]+")
_HANG_UP = "h"


class Terminal(Watcher):
    """Prints what happens, and does what is typed."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()

    def hears(self, heard: Heard) -> None:
        self._print(timeline.heard_line(heard))

    def heard(self, heard: Heard) -> None:
        if heard.interrupted:
            self._print("[dim]… cut off[/]")

    def asked(self, asked: Asked) -> None:
        self._print(timeline.asked_line(asked))

    def listen(self, caller: Person) -> None:
        """Take what is typed for the caller until the call is over."""
        self._help("dim")
        self._loop.add_reader(sys.stdin, self._typed, caller)

    def stop(self) -> None:
        self._loop.remove_reader(sys.stdin)

    def _typed(self, caller: Person) -> None:
        typed = os.read(sys.stdin.fileno(), 4096)
        if not typed:
            self._do(_HANG_UP, caller)
        for line in typed.decode(errors="replace").splitlines():
            self._do(line.strip().replace(" ", ""), caller)

    def _do(self, keys: str, caller: Person) -> None:
        if keys.lower() == _HANG_UP:
            self.stop()
            caller.hang_up()
        elif _KEYS.fullmatch(keys):
            caller.press(keys)
        elif keys:
            self._help("yellow")

    def _help(self, style: str) -> None:
        self._console.print(HELP, style=style, highlight=False, soft_wrap=True, markup=False)

    def _print(self, line: str) -> None:
        at = timeline.clock(self._loop.time() - self._began)
        self._console.print(f"[dim]{at:>8}[/] {line}", highlight=False, soft_wrap=True)
