"""Checking files: a configuration, a script, a TwiML document, a callflow."""

from pathlib import Path

from ari_pivot import callflow, config, twiml
from ari_pivot.errors import ConfigError, InstructionError
from ari_pivot.routes import Routes
from ari_pivot.simulator import script


def check(path: Path) -> tuple[str, list[InstructionError]]:
    """Return what the file is, and the warnings about it.

    A `.yaml` or `.yml` file is a configuration, or a script where its sections are a script's; XML
    is TwiML, JSON a callflow. Raises ConfigError or InstructionError with what is wrong.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(error.strerror or str(error), where=str(path)) from error
    if path.suffix.lower() in {".yaml", ".yml"}:
        return _settings(path), []
    if body.lstrip().startswith(b"{"):
        return "callflow", list(callflow.parse(body, str(path)).warnings)
    return "TwiML", list(twiml.parse(body, str(path)).warnings)


def _settings(path: Path) -> str:
    data = config.read(path)
    of_scripts = script.Script.model_fields.keys() - config.Config.model_fields.keys()
    if of_scripts & data.keys() or isinstance(data.get("web"), list):
        script.load(path)
        return "script"
    Routes(config.load(path).routes)
    return "configuration"
