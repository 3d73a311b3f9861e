"""The debug log on a terminal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table

from ari_pivot.debug.timeline import Block, Entry, timeline

_STYLES = {"": "", "good": "green", "warning": "yellow", "bad": "red"}
_SHOWN = {"Answer", "Parameters"}
_LINES = 40  # of a document


def calls(listed: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print calls, a line each, the failed ones with the reason."""
    if not listed:
        console.print("Nothing is kept.")
    table = Table(box=None, show_header=False, padding=(0, 1))
    for call in listed:
        caller = " ".join(part for part in (call.get("caller"), call.get("name")) if part)
        fate = "failed" if call["failed"] else call.get("status", "")
        colour = "red" if call["failed"] else "green" if fate == "completed" else "yellow"
        reason = call.get("reason") or {}
        why = " ".join(str(reason.get(name, "")) for name in ("code", "where", "message")).strip()
        table.add_row(
            _clock(call["created"]),
            _plain(call["call_id"]),
            _plain(f"{caller} → {call.get('dialled', '?')}"),
            f"[{colour}]{_plain(fate)}[/]",
            _plain(why),
        )
    console.print(table, highlight=False)


def call(documents: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print what happened on one, with what was said and answered."""
    if not documents:
        console.print("Nothing is kept of this call.")
        return
    console.print(f"{_clock(documents[0]['created'])}  {_plain(documents[0]['call_id'])}\n")
    for entry in timeline(documents):
        console.print(_line(entry), highlight=False, soft_wrap=True)
        for block in entry.blocks:
            if block.label in _SHOWN:
                _print(block, console)


def _line(entry: Entry) -> str:
    title = _plain(entry.title)
    bold = f"[bold]{title}[/]" if entry.kind in {"request", "verb"} else title
    style = _STYLES[entry.tone]
    text = (
        f" [{style}]{_plain(entry.text)}[/]" if entry.text and style else f" {_plain(entry.text)}"
    )
    took = "" if entry.seconds is None else f" [dim]{entry.seconds:.2f} s[/]"
    return f"[dim]{entry.at:8.2f}[/]  {bold}{text if entry.text else ''}{took}"


def _print(block: Block, console: Console) -> None:
    if block.pairs:
        for name, value in block.pairs:
            console.print(f"{'':12}[dim]{_plain(name)}[/] {_plain(value)}", highlight=False)
        return
    lines = _clean(block.text).splitlines()
    more = [f"… {len(lines) - _LINES} lines more: --json has all"] if len(lines) > _LINES else []
    text = "\n".join(lines[:_LINES] + more)
    printed = Syntax(text, block.language or "text", theme="ansi_dark", background_color="default")
    console.print(Padding(printed, (0, 0, 0, 12)))


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at).astimezone():%Y-%m-%d %H:%M:%S}"


def _plain(text: Any) -> str:
    """Return a stranger's text for one line of a terminal: it neither colours nor moves."""
    return escape(" ".join(_clean(str(text)).split()))


def _clean(text: str) -> str:
    return "".join(one for one in text if one.isprintable() or one in "\n\t")
