"""A call in an Asterisk in memory, and those it may dial. Times are virtual seconds."""

import asyncio

from line_fakes import Sounds as Media

from ari_pivot.ari.client import Ari
from ari_pivot.call.call import Call
from ari_pivot.call.facts import Facts
from ari_pivot.call.leg import Leg
from ari_pivot.reconcile import catch_up, look
from ari_pivot.simulator.asterisk.core import Asterisk
from ari_pivot.simulator.asterisk.far import FarEnd
from ari_pivot.simulator.asterisk.sounds import Sounds
from ari_pivot.simulator.caller import Person
from ari_pivot.simulator.parties import Parties
from ari_pivot.simulator.script import Party

EPOCH = 1_800_000_000.0


class Announcement(FarEnd):
    """A network that speaks for two seconds, then answers or is busy."""

    def __init__(self, *, answers):
        self.answers = answers

    def dialled(self, leg):
        leg.progress()
        act = leg.answer if self.answers else lambda: leg.refuse(486)
        asyncio.get_running_loop().call_later(2, act)


class Flash(FarEnd):
    """Answers and is gone."""

    def dialled(self, leg):
        leg.answer()
        leg.leave()


class Presser(FarEnd):
    """Answers at once and presses a key after a second; PJSIP/presses-1."""

    def __init__(self, key):
        self.key = key
        self.sounds = []

    def dialled(self, leg):
        leg.answer()
        asyncio.get_running_loop().call_later(1, leg.press, self.key, 0.1)

    def hears(self, sound):
        self.sounds.append(sound.media)


class Box:
    """Asterisk, the caller `person`, and the `call` as we know it.

    `told` holds the commands, a line each, `sent` the parameters of each. `before` has what is to
    happen when a command is sent, `refuse` the status it is refused with. `parties` are dialled as
    PJSIP/NAME; there are also PJSIP/announcement and PJSIP/busy-announcement, with early media,
    PJSIP/flash, who answers and is gone, and PJSIP/unknown, whom Asterisk does not know. The sound `gone` is not there.
    """

    def __init__(self, parties=None, *, state="Ring", events_first=False):
        self.told = []
        self.sent = []
        self.strays = []  # ids of channels that came when nobody waited for them any more
        self.lines = {}
        self.refuse = {}
        self.before = {}
        self.pressers = []
        self.parties = Parties({name: Party(**party) for name, party in (parties or {}).items()})
        self.asterisk = Asterisk(
            self._hear,
            parties=self._find,
            sounds=Sounds({}, missing=("gone",)),
            epoch=EPOCH,
            events_first=events_first,
        )
        self.ari = Ari(patience=3)
        self.ari.use(self)
        self.person = Person(lambda _: None)
        self.channel = self.asterisk.call(self.person, "+15551230001", "1000")
        self.person.calls(self.channel, [])
        if state == "Up":
            self.channel.answer()
        facts = Facts(id=self.channel.id, sid="CA0123", started_at=EPOCH)
        leg = Leg(self.channel.id, self.channel.state)
        self.call = Call(facts, leg, self.ari, Media(), self.now, lines=self.lines)

    def now(self):
        return EPOCH + self.seconds()

    def seconds(self):
        return round(self.asterisk.time(), 3)

    def later(self, delay, act, *args):
        self.asterisk.loop.call_later(delay, act, *args)

    async def request(self, operation, params):
        self.told.append(_line(operation.nickname, params))
        self.sent.append((operation.nickname, params))
        if act := self.before.pop(operation.nickname, None):
            act()
        if operation.nickname in self.refuse:
            return self.refuse[operation.nickname], '{"message": "refused"}'
        return await self.asterisk.request(operation, params)

    def lose(self, seconds=None):
        """Lose the connection, for a while or for ever."""
        self.asterisk.connected = False
        self.ari.use(None)
        if seconds is not None:
            self.later(seconds, lambda: asyncio.create_task(self.find_again()))

    async def find_again(self):
        """Have the connection again, and hear what was missed."""
        self.asterisk.connected = True
        self.ari.use(self)
        parts = list(self.call.parts.values())
        await catch_up(self.call, parts, await look(self.ari, self.call.app))

    @property
    def left(self):
        """Return what there is in Asterisk beside the caller, and what the call still hears of."""
        channels = self.asterisk.channels.keys() | self.asterisk.bridges.keys() | self.lines.keys()
        return channels - {self.channel.id}

    @property
    def heard(self):
        """Return what the caller heard: what, from when, until when."""
        return [(sound.media, sound.began, sound.ended) for sound in self.person.sounds]

    def party(self, name):
        """Return who was dialled last by that name."""
        return next(one for one in reversed(self.parties.dialled) if one.to == name)

    def _find(self, endpoint):
        name = endpoint.rpartition("/")[2]
        if name == "unknown":
            return None
        if name.endswith("announcement"):
            return Announcement(answers="busy" not in name)
        if name == "flash":
            return Flash()
        if name.startswith("presses-"):
            self.pressers.append(Presser(name[-1]))
            return self.pressers[-1]
        return self.parties.find(endpoint)

    def _hear(self, event):
        if call := self.lines.get(event.about):
            call.receive(event)
        elif type(event).__name__ == "StasisStart" and event.about != self.channel.id:
            self.strays.append(event.about)


_SHOWN = {
    "create": "endpoint",
    "dial": "timeout",
    "hangup": "reason_code",
    "snoopChannelWithId": "spy",
    "playWithId": "media",
}


def _line(nickname, params):
    return f"{nickname} {params.get(_SHOWN.get(nickname), '')}".strip()
