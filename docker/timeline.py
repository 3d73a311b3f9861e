"""One call of the demonstration: its timeline, and whether it went as it should."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ears import VOICE, Sound
from rich.console import Console
from rich.markup import escape

Line = dict[str, Any]

_STYLES = {"asked": "cyan", "answered": "cyan", "heard": "green", "pressed": "yellow",
           "posted": "magenta", "problem": "red"}  # fmt: skip
_SHOWN = ("CallStatus", "From", "To", "Digits", "Caller-ID-Number", "Request", "Digits[booking]",
          "Custom-Application-Vars[asked]", "Hangup-Cause", "Duration-Seconds",
          "Billing-Seconds")  # fmt: skip
_STEADY = 0.7  # seconds after which a sound that has stopped is over


@dataclass(slots=True)
class Timeline:
    """Prints what happens, in seconds since the call arrived; keeps what has to be checked."""

    console: Console
    digits: str
    wants_cdr: bool
    arrived: float | None = None
    pressed: str = ""
    plays_at: list[float] = field(default_factory=list)
    requests: list[Line] = field(default_factory=list)
    heard: list[Sound] = field(default_factory=list)
    ended: Line = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def pivot(self, line: Line) -> None:
        """Take a line of ari_pivot's log."""
        if "timestamp" not in line:
            self.problems.append(str(line["event"]))
            return
        at = datetime.fromisoformat(line["timestamp"]).timestamp()
        match line["event"]:
            case "call.started":
                self.arrived = at
                self.say(at, "arrives", f"{line['caller'] or 'anonymous'} calls {line['dialled']}")
            case "call.does":
                self.say(at, "does", line["name"])
            case "call.answered":
                self.say(at, "up", "the call is answered")
            case "call.plays":
                self.plays_at.append(at - (self.arrived or at))
            case "call.pressed":
                self.pressed += line["digit"]
                self.say(at, "pressed", line["digit"])
            case "call.problem":
                self.problems.append(line["reason"])
                self.say(at, "problem", f"{line['code']} {line['reason']} {line['where']}")
            case "call.ended":
                self.ended = line
                self.say(at, "ended", f"by {line['by']}, cause {line['cause']}, SIP {line['sip']}")

    def web(self, line: Line) -> None:
        """Take a line of the web application's log."""
        if "path" not in line:
            self.problems.append(str(line["event"]))
            return
        self.requests.append(line)
        at, signature = line["at"], line["signature"]
        said = "".join(f" {key}={line['params'][key]}" for key in _SHOWN if key in line["params"])
        signed = "" if signature == "not needed" else f"  (signature {signature})"
        word = "posted" if line["path"] == "/cdr" else "asked"
        self.say(at, word, f"{line['method']} {line['path']}{said}{signed}")
        answer = re.sub(r"\s+", " ", line.get("answer", "")).replace("> <", "><")
        kind = "" if line["status"] == 204 else f" {line['type']}"
        self.say(at, "answered", f"{line['status']}{kind} {answer}")

    def listen(self, sounds: list[Sound], until: float) -> None:
        """Take what the caller has heard by `until` seconds; print what is over."""
        for sound in sounds[len(self.heard) :]:
            if sound.end > until - _STEADY:
                return
            self.heard.append(sound)
            what = "a voice" if sound.kind == VOICE else sound.kind
            span = f"{sound.start:.1f}-{sound.end:.1f}"
            self._print(span, "heard", f"{what}, {sound.seconds:.1f} s")

    def say(self, at: float, word: str, text: str) -> None:
        since = f"{at - self.arrived:.2f}" if self.arrived else "-"
        self._print(since, word, text)

    def _print(self, when: str, word: str, text: str) -> None:
        style = _STYLES.get(word, "bold")
        shown = escape(text if len(text) <= 300 else text[:300] + " …")
        self.console.print(f"[dim]{when:>11}[/]  [{style}]{word:<9}[/] {shown}", soft_wrap=True)

    @property
    def cdr(self) -> Line | None:
        return next((line for line in self.requests if line["path"] == "/cdr"), None)

    def faults(self, cause: int) -> list[str]:
        """Return what went otherwise than it should; `cause` is what the caller's line was told."""
        tone = next((sound for sound in self.heard if sound.kind == "1000 Hz"), None)
        sent = [v for r in self.requests for k, v in r["params"].items() if k.startswith("Digits")]
        voices = [sound for sound in self.heard if sound.kind == VOICE]
        checks = {
            "every request is signed, and its signature valid": all(
                line["signature"] in {"valid", "not needed"} for line in self.requests
            ),
            f"the digits {self.digits} reached the web application": self.digits in sent,
            "the caller heard the 1 kHz tone, for a second and more": tone and tone.seconds > 1,
            "it sounded when we played it": tone
            and any(abs(tone.start - at) < 0.5 for at in self.plays_at),
            "it was cut off by the first key": tone and tone.seconds < 9,
            "a voice spoke before it and after it": tone
            and any(voice.end <= tone.start + 0.1 for voice in voices)
            and any(voice.start >= tone.end for voice in voices),
            "the call was ended by us": self.ended.get("by") == "pivot",
            "the caller's line was told a normal end": cause == 16,
            "the CDR arrived, and told a normal end": not self.wants_cdr
            or (self.cdr and self.cdr["params"].get("Hangup-Cause") == "NORMAL_CLEARING"),
            f"nothing went wrong on the way {self.problems or ''}": not self.problems,
        }
        return [what for what, holds in checks.items() if not holds]
