"""What is simulated: a voice URL, or a file with a document."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ari_pivot import callflow
from ari_pivot.errors import ConfigError, InstructionError
from ari_pivot.simulator.script import Script, place
from ari_pivot.simulator.web import FileWeb, RealWeb, ScriptedWeb, looks_like
from ari_pivot.web.hop import Hop

_BASE = "http://file.test/"


@dataclass(frozen=True, slots=True)
class Target:
    """A voice URL; and the document that is found there, and its folder, if it came from a file."""

    url: str
    document: bytes | None = None
    folder: Path = Path()

    def flow(self, script: Script) -> dict[str, Any]:
        """Return the callflow of the call: one pivot action; ConfigError if it is not valid."""
        asking = self._asking(script) if script.pivot is None else script.pivot
        data = {"voice_url": self.url} | asking
        flow = {"module": "pivot", "data": data, "children": script.children}
        try:
            callflow.build_known(flow)
        except InstructionError as error:
            key = error.where.removeprefix("$.").replace("data", "pivot", 1)
            raise ConfigError(error.message, where=f"script: {key}") from error
        return flow

    def _asking(self, script: Script) -> dict[str, Any]:
        """Ask as the language of the first answer, where that is known, is asked for."""
        document = self.document if self.document is not None else self._scripted(script)
        if looks_like(document) == "application/json":
            return {}
        return {"method": "post", "req_format": "twiml"}

    def _scripted(self, script: Script) -> bytes:
        """Return what the script has for the voice URL, empty if nothing."""
        sites = (site for site in script.web or () if place(site.url) == place(self.url))
        bodies = (reply.body for site in sites for reply in site.replies if reply.body)
        return next(bodies, "").encode()

    def web(self, script: Script, real: Hop) -> Hop:
        """Return the web of the call, `real` unless the script has one."""
        beyond = RealWeb(real) if script.web is None else ScriptedWeb(script.web)
        if self.document is None:
            return beyond
        otherwise = ScriptedWeb(script.web or ())
        return FileWeb(self.url, self.document, self.folder, beyond=beyond, otherwise=otherwise)


def aim(target: str) -> Target:
    """Tell a URL from a file, and read the file; raises ConfigError."""
    if target.startswith(("http://", "https://")):
        return Target(target)
    path = Path(target)
    try:
        return Target(_BASE + quote(path.name), path.read_bytes(), path.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"neither an http URL nor a file: {reason}", where=target) from error
