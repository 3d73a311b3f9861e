"""TwiML: a document of verbs, run from top to bottom."""

from ari_pivot.twiml.params import params
from ari_pivot.twiml.parse import parse

__all__ = ["params", "parse"]
