"""Scenarios in the simulator: what comes of a script, as the scenarios compare it."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from scenario import BROKEN, Asked, Outcome
from simulated import run_script

from ari_pivot.simulator.result import Heard, Result
from ari_pivot.web.encode import pairs

_SEAM = 0.3  # seconds: what is heard within is one sound


def play(script, **options):
    """Run a scenario's script and return its outcome."""
    result = run_script(script, **options)
    return Outcome(
        list(_asked(result)),
        list(_joined(result)),
        {
            "by": result.ended_by,
            "cause": result.cause,
            "sip": result.sip,
            "answered": result.answered_at is not None,
        },
        [problem.code for problem in result.warnings + result.errors],
    )


def _asked(result: Result) -> Iterator[Asked]:
    for one in result.requests:
        if one.error not in BROKEN:
            url = urlsplit(one.url)
            params = dict(parse_qsl(url.query, keep_blank_values=True)) | dict(pairs(one.params))
            yield Asked(url.path.strip("/"), one.kind, one.method, params)


def _joined(result: Result) -> Iterator[tuple[str, float]]:
    """Return kinds and lengths with the pauses between; sounds without a seam are one."""
    before, kind, began = 0.0, "", 0.0
    for sound in _sounds(result):
        if sound[0] == kind != "voice" and sound[1] - before <= _SEAM:
            before = sound[2]
            continue
        if kind:
            yield kind, before - began
        if sound[1] - before > _SEAM:
            yield "pause", sound[1] - before
        kind, began, before = sound
    if kind:
        yield kind, before - began


def _sounds(result: Result) -> Iterator[tuple[str, float, float]]:
    for heard in result.heard:
        if heard.kind == "digits":
            for number, key in enumerate(heard.value.replace("w", "")):
                yield f"key {key}", heard.at + number * 0.2, heard.at + number * 0.2 + 0.1
        elif heard.kind not in {"silence", "ringing"}:
            yield _kind(heard), heard.at, heard.until


def _kind(heard: Heard) -> str:
    recorded = heard.kind == "play" and heard.value.startswith("http")
    return "tone" if recorded or heard.kind == "tone" else "voice"
