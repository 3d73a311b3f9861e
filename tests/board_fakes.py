"""The switchboard between an Asterisk and a web that are both only recordings."""

import asyncio
import json

from line_fakes import Asterisk, Sounds, now
from web_fakes import Web

from ari_pivot import callflow
from ari_pivot.call.ending import settle
from ari_pivot.call.source import Prompt
from ari_pivot.debug.recorder import Recorder
from ari_pivot.pivot import Control
from ari_pivot.switchboard import Switchboard
from ari_pivot.web.ask import Asker
from ari_pivot.web.client import Client
from ari_pivot.web.signature import Keys

VOICE = "http://web.example/voice"
CDR = "http://web.example/cdr"


def pivot(url=VOICE, children=None, **data):
    """Return a pivot action of TwiML, as a callflow has it."""
    data = {"voice_url": url, "req_format": "twiml", "method": "post"} | data
    return {"module": "pivot", "data": data, "children": children or {}}


def play(name):
    return {"module": "play", "data": {"id": name}, "children": {}}


class Board:
    """`flow` is the callflow of every call, or a function of what was dialled and the arguments."""

    def __init__(
        self, flow=None, answers=None, *, fallback="sorry", limits=None, hide=(), **settings
    ):
        self.asterisk = Asterisk()
        self.web = Web(answers)
        self.media = Sounds()
        self.debugged = []  # documents of the debug log
        self.owed = []  # the URL of the CDR, each time it changed
        self.reported = []
        control = Control(
            asker=Asker(Client(self.web, Keys()), "0" * 32),
            fallback=Prompt(fallback) if fallback else None,
            owe=lambda call: self.owed.append(call.facts.cdr_url),
            report=self._report,
            **limits or {},
        )
        flow = flow or pivot()
        self.switchboard = Switchboard(
            app="pivot",
            ari=self.asterisk.ari,
            media=self.media,
            router=flow if callable(flow) else lambda *_: callflow.build(flow),
            control=control,
            clock=now,
            watches=[Recorder(self, "pivot@test", hide)],
            **settings,
        )
        self.asterisk.hear = self.switchboard.receive

    @property
    def told(self):
        return self.asterisk.told

    @property
    def call(self):
        """Return the one call that has come in, living or reported."""
        (call,) = [*self.switchboard.calls.values(), *self.reported]
        return call

    @property
    def errors(self):
        return [note.code for note in self.call.notes if note.level == "error"]

    async def arrive(self, **more):
        """Have a call come in, and wait for its end."""
        self.asterisk.arrive(**more)
        await self.over()

    async def over(self):
        """Wait until no call lives."""
        while self.switchboard.calls:  # noqa: ASYNC110 - in virtual time
            await asyncio.sleep(0.1)

    def write(self, call_id, document, summary=None):
        """Stand in for the debug log."""
        self.debugged.append(document)
        self.summary = summary and json.loads(summary().text)
        return len(str(document))

    async def _report(self, call):
        settle(call)
        self.reported.append(call)
