"""What the doctor finds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and found; `advice` says what to do where it is not well."""

    what: str
    state: Literal["ok", "warning", "failed"]
    found: str
    advice: str = ""
