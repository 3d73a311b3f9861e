"""An Asterisk that is only a recording of what it was told, with events on cue.

What it does by itself is the least that lets a call go on: an answered channel is up, a playback
ends after a while, a hung-up channel is gone. Times are virtual seconds.
"""

import asyncio
import json

from ari_pivot.ari import events
from ari_pivot.ari.client import Ari
from ari_pivot.call.call import Call
from ari_pivot.call.facts import Facts
from ari_pivot.call.leg import Leg
from ari_pivot.errors import AsteriskUnavailable, MediaError

EPOCH = 1_800_000_000.0


def seconds():
    """Return the time of the scenario, in seconds since it began."""
    return round(asyncio.get_running_loop().time(), 3)


def now():
    return EPOCH + seconds()


def later(delay, act, *args):
    """Do something in `delay` seconds."""
    asyncio.get_running_loop().call_later(delay, act, *args)


class Asterisk:
    """Carries commands; `told` holds them, a line each, `refuse` the status of some.

    What is in `ignore` is accepted and has no effect. `lasts` is how long a playback takes.
    """

    def __init__(self, lasts=2.0):
        self.ari = Ari(patience=30)
        self.ari.use(self)
        self.told = []
        self.at = []  # when each was told
        self.refuse = {}
        self.ignore = set()
        self.lasts = lasts
        self.channels = {}  # id: state
        self.ours = set()
        self.playbacks = {}  # id: channel
        self.variables = {}
        self.broken = False
        self.hear = lambda _: None

    async def request(self, operation, params):
        await asyncio.sleep(0)
        if self.broken:
            raise AsteriskUnavailable("the connection was lost")
        self.told.append(_line(operation.nickname, params))
        self.at.append(seconds())
        if operation.nickname in self.refuse:
            return self.refuse[operation.nickname], '{"message": "refused"}'
        if operation.nickname in self.ignore:
            return 204, ""
        if "channelId" in params and params["channelId"] not in self.channels:
            return 404, '{"message": "Channel not found"}'
        return getattr(self, f"_{operation.nickname}", _nothing)(params)

    def arrive(self, channel="chan-1", state="Ring", args=(), dialled="1000"):
        """Bring in a new call."""
        self.channels[channel] = state
        self.ours.add(channel)
        self.hear(
            events.StasisStart(
                events.Channel(
                    channel,
                    state=state,
                    caller=events.Name("Ann", "+15551230001"),
                    dialplan=events.Dialplan(exten=dialled),
                ),
                args=list(args),
            )
        )

    def press(self, digits, channel="chan-1"):
        for digit in digits:
            self.hear(events.ChannelDtmfReceived(events.Channel(channel), digit))

    def hang_up(self, channel="chan-1"):
        """Let the caller hang up: what plays fails first, as it does in a real Asterisk."""
        self.hear(events.ChannelHangupRequest(events.Channel(channel)))
        self.leave(channel)

    def leave(self, channel="chan-1"):
        """Take a channel out of our application."""
        for playback in [id_ for id_, whose in self.playbacks.items() if whose == channel]:
            self.finish(playback, "failed")
        self.channels.pop(channel, None)
        self.ours.discard(channel)
        self.hear(events.StasisEnd(events.Channel(channel)))

    def finish(self, playback, state="done"):
        channel = self.playbacks.pop(playback, None)
        if channel:
            told = events.Playback(playback, state, f"channel:{channel}")
            self.hear(events.PlaybackFinished(told))

    def _answer(self, params):
        channel = params["channelId"]
        self.channels[channel] = "Up"
        self.hear(events.ChannelStateChange(events.Channel(channel, state="Up")))
        return 204, ""

    def _playWithId(self, params):  # noqa: N802 - Asterisk's name
        playback = params["playbackId"]
        self.playbacks[playback] = params["channelId"]
        state = "failed" if "missing" in params["media"] else "done"
        if not params["media"].startswith("tone:"):
            later(0 if state == "failed" else self.lasts, self.finish, playback, state)
        return 201, json.dumps({"id": playback, "state": "queued"})

    def _stop(self, params):
        if params["playbackId"] not in self.playbacks:
            return 404, '{"message": "Playback not found"}'
        self.finish(params["playbackId"])
        return 204, ""

    def _hangup(self, params):
        channel = params["channelId"]
        self.hear(events.ChannelHangupRequest(events.Channel(channel), cause=32, soft=True))
        self.leave(channel)
        return 204, ""

    def _continueInDialplan(self, params):  # noqa: N802 - Asterisk's name
        later(0, self.leave, params["channelId"])
        return 204, ""

    def _setChannelVar(self, params):  # noqa: N802 - Asterisk's name
        self.variables[params["variable"]] = params["value"]
        return 204, ""

    def _list(self, _):
        return 200, json.dumps([{"id": id_, "state": s} for id_, s in self.channels.items()])

    def _get(self, params):
        if "playbackId" in params:
            return (200, "{}") if params["playbackId"] in self.playbacks else (404, "{}")
        return 200, json.dumps({"channel_ids": sorted(self.ours)})


class Sounds:
    """Every source can be had, under its own name; not `broken`, and `crash` is a fault of ours."""

    def __init__(self):
        self.prepared = []
        self.takes = 0.0  # seconds

    async def get(self, source):
        await asyncio.sleep(self.takes)
        if "broken" in repr(source):
            raise MediaError("cannot be had", where=repr(source))
        if "crash" in repr(source):
            raise KeyError(source)
        kind = "tone" if type(source).__name__ == "Tone" else "sound"
        return f"{kind}:{next(getattr(source, name) for name in _VALUES if hasattr(source, name))}"

    def meant(self, source):
        return source

    def prepare(self, source):
        self.prepared.append(source)


def call(asterisk, state="Ring", **facts):
    """Make a call of `chan-1`, which hears what the Asterisk says."""
    asterisk.channels["chan-1"] = state
    asterisk.ours.add("chan-1")
    known = {
        "id": "chan-1",
        "sid": "CA0123",
        "caller_number": "+15551230001",
        "dialled": "1000",
        "started_at": now(),
    }
    made = Call(Facts(**known | facts), Leg("chan-1", state), asterisk.ari, Sounds(), now)
    asterisk.hear = made.receive
    return made


_VALUES = ("text", "url", "name", "spec")
_TOLD = {
    "playWithId": "play {media}",
    "stop": "stop",
    "hangup": "hangup {reason_code}",
    "setChannelVar": "set {variable}={value}",
    "continueInDialplan": "continue",
    "sendDTMF": "dtmf {dtmf}",
}


def _line(nickname, params):
    return _TOLD.get(nickname, nickname).format(**params)


def _nothing(_):
    return 204, ""
