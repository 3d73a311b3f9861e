"""<Conference>: the caller meets all others in the conference of that name."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, cast

import msgspec
from pydantic import Field

from ari_pivot.call import conference
from ari_pivot.call.attend import Attended, attend
from ari_pivot.call.attendance import MOST, Change, Left, Plan
from ari_pivot.call.call import Call
from ari_pivot.call.conference import Happening
from ari_pivot.call.instructions import absolute
from ari_pivot.call.owed import Owed
from ari_pivot.call.recordings import Notice, Order
from ari_pivot.call.source import Prompt
from ari_pivot.errors import Code, InstructionError
from ari_pivot.twiml.meeting import Meeting, Sounds
from ari_pivot.twiml.params import about, moment
from ari_pivot.twiml.recorded import Recorded, Trim
from ari_pivot.twiml.verb import Flag, Method, words

if TYPE_CHECKING:
    from ari_pivot.twiml.dial import Dial

_EVENTS = words(
    "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement",
)  # fmt: skip
_WAITS = ("Play", "Say", "Pause", "Redirect")  # the verbs of its waitUrl
_SOURCE = "Conference"
_BEEP = Prompt("beep")

#: By which word of statusCallbackEvent each is asked for, and what it is told as.
_TOLD = {
    Change.START: ("start", "conference-start"),
    Change.END: ("end", "conference-end"),
    Change.JOIN: ("join", "participant-join"),
    Change.LEAVE: ("leave", "participant-leave"),
    Change.MUTE: ("mute", "participant-mute"),
    Change.UNMUTE: ("mute", "participant-unmute"),
    Change.HOLD: ("hold", "participant-hold"),
    Change.UNHOLD: ("hold", "participant-unhold"),
    Change.SPEECH: ("speaker", "participant-speech-start"),
    Change.SILENCE: ("speaker", "participant-speech-stop"),
}
_LEFT = {
    Left.ENDED: "moderator_ended_conference",
    Left.REMOVED: "participant_updated_via_api",
    Left.FAILED: "participant_add_failed",
}
_REFUSED = {
    Left.FULL: (Code.ROOM_FULL, "the conference is full"),
    Left.LABEL: (Code.PARTICIPANT_LABEL, "another participant has this label"),
    Left.COACHED: (Code.COACHED, "who is to be coached is not in the conference"),
}


class Conference(Meeting, Recorded):
    """Who comes first says by `statusCallback` who is told of what happens.

    `waitUrl` is a document, run once; empty is silence. Source: TwiML reference, Conference.
    """

    codes: ClassVar = {
        "muted": 13230, "endConferenceOnExit": 13231, "startConferenceOnEnter": 13232,
        "waitUrl": 13233, "waitMethod": 13234, "beep": 13235, "text": 13237, "coach": 13240,
    }  # fmt: skip

    without_effect: ClassVar = {
        "region": "Asterisk's own business",
        "jitterBufferSize": "Asterisk's own business",
        "recordingConfigurationId": "no recording configurations",
    }

    muted: Flag = False
    beep: Annotated[str, Field(pattern="^(true|false|onEnter|onExit)$")] = "true"
    start_conference_on_enter: Flag = True
    end_conference_on_exit: Flag = False
    wait_url: str | None = None
    wait_method: Method = "POST"
    max_participants: int = Field(default=MOST, ge=1, le=MOST)
    record: str = Field(default="do-not-record", pattern="^(do-not-record|record-from-start)$")
    trim: Trim = "trim-silence"
    region: str = ""
    coach: str = ""
    participant_label: str = Field(default="", max_length=128)
    jitter_buffer_size: str = ""
    status_callback: str = ""
    status_callback_event: Annotated[tuple[str, ...], _EVENTS] = ()
    status_callback_method: Method = "POST"
    event_callback_url: str = ""
    text: str = Field(default="", min_length=1, max_length=256)

    async def meet(self, call: Call, dial: "Dial") -> dict[str, Any]:
        attended = await attend(call, self._plan(call, dial))
        if problem := self._problem(attended):
            call.warn(problem)
            return {"DialCallStatus": "failed", "DialBridged": "false"}
        return {"DialCallStatus": "answered", "DialBridged": str(call.facts.bridged).lower()}

    def _plan(self, call: Call, dial: "Dial") -> Plan:
        waits = self.wait_url is not None
        return Plan(
            conference=self.text,
            muted=self.muted,
            starts=self.start_conference_on_enter,
            ends=self.end_conference_on_exit,
            most=self.max_participants,
            label=self.participant_label,
            coaches=self.coach,
            enter_sound=_BEEP if self.beep in {"true", "onEnter"} else None,
            exit_sound=_BEEP if self.beep in {"true", "onExit"} else None,
            wait=Sounds(self.base, self.wait_url or "", self.wait_method, _WAITS)
            if waits
            else None,
            hangup_on="*" if dial.hangup_on_star else "",
            time_limit=dial.time_limit,
            recorder=self if self.record == "record-from-start" else None,
            tells_speech=bool(self.status_callback) and "speaker" in self.status_callback_event,
            watch=lambda happening: self._status(happening, call.customer.account),
        )

    def _problem(self, attended: Attended) -> InstructionError | None:
        """Return why the caller could not take part."""
        if attended.error:
            reason = f"waitUrl: {attended.error}"
            return InstructionError(
                reason, code=attended.error.code, where=f"{self.where}/@waitUrl"
            )
        if attended.left in _REFUSED:
            code, reason = _REFUSED[attended.left]
            return InstructionError(reason, code=code, where=self.where)
        return None

    def order_for(self, call: Call, of: conference.Conference) -> Order:
        """Return what is wanted of the conference's recording; its name is the ConferenceSid."""
        trim = self.trim == "trim-silence"
        order = self.order(call, _SOURCE, ("both",), trim=trim, name=sid(of))
        if not self.event_callback_url or self.recording_status_callback:
            return order
        ended = Owed(
            kind="callback",
            url=absolute(self.base, self.event_callback_url),
            params={
                "ConferenceSid": sid(of),
                "FriendlyName": of.name,
                "EventName": "conference-record-end",
                "RecordingUrl": call.recordings.url(order),
            },
            scheme="twiml",
        )
        notice = Notice(at="kept", owed=ended, seconds="Duration")
        return msgspec.structs.replace(order, notices=(*order.notices, notice))

    async def recording(self, call: Call, order: Order) -> None:
        await self.begun(call, order, _SOURCE)

    def _owed(self, call: Call, order: Order, source: str, status: str) -> Owed:
        owed = super()._owed(call, order, source, status)
        params = {name: value for name, value in owed.params.items() if name != "CallSid"}
        return msgspec.structs.replace(owed, params=params | {"ConferenceSid": order.name})

    def _status(self, happening: Happening, account: str) -> Owed | None:
        """Return the status callback of a change, where it is wanted."""
        event, name = _TOLD[happening.change]
        if not self.status_callback or event not in self.status_callback_event:
            return None
        return Owed(
            kind="callback",
            url=absolute(self.base, self.status_callback),
            params=_params(happening, name, account),
            method=cast("Literal['GET', 'POST']", self.status_callback_method),
            scheme="twiml",
        )


def sid(of: conference.Conference) -> str:
    """Return TwiML's ConferenceSid."""
    return f"CF{of.id}"


def _params(happening: Happening, event: str, account: str) -> dict[str, str]:
    """Return what a status callback says. Source: TwiML reference, conference callbacks."""
    told = {
        "ConferenceSid": sid(happening.conference),
        "FriendlyName": happening.conference.name,
        "AccountSid": f"AC{account}",
        "SequenceNumber": str(happening.number),
        "Timestamp": moment(happening.at),
        "StatusCallbackEvent": event,
    }
    match happening.change:
        case Change.START:
            pass
        case Change.END:
            told |= _end(happening)
        case Change.LEAVE:
            told |= _participant(happening) | {
                "ParticipantCallStatus": about(happening.member.call.facts, account)["CallStatus"],
                "ReasonParticipantLeft": _LEFT.get(
                    happening.reason or Left.CALLER, "participant_hung_up"
                ),
            }
        case _:
            told |= _participant(happening)
    return told


def _participant(happening: Happening) -> dict[str, str]:
    member, plan = happening.member, happening.member.plan
    flags = {
        "Muted": member.muted,
        "Hold": member.held,
        "Coaching": bool(plan.coaches),
        "EndConferenceOnExit": plan.ends,
        "StartConferenceOnEnter": plan.starts,
    }
    label = {"ParticipantLabel": plan.label} if plan.label else {}
    return (
        {"CallSid": member.call.facts.sid}
        | {name: str(value).lower() for name, value in flags.items()}
        | label
    )


def _end(happening: Happening) -> dict[str, str]:
    """Return who has ended it, and why."""
    member, removed = happening.member, happening.reason is Left.REMOVED
    if happening.reason is Left.ENDED:
        way = "kicked" if member.removed else "left"
        reason = f"participant-with-end-conference-on-exit-{way}"
    else:
        reason = "last-participant-kicked" if removed else "last-participant-left"
    label = {"ParticipantLabelEndingConference": member.plan.label} if member.plan.label else {}
    return label | {
        "CallSidEndingConference": member.call.facts.sid,
        "ReasonConferenceEnded": reason,
        "Reason": reason.replace("-", " "),
    }
