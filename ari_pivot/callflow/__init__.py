"""KAZOO callflow: a tree of modules, each choosing its branch."""

from ari_pivot.callflow.params import params
from ari_pivot.callflow.parse import build, parse

__all__ = ["build", "params", "parse"]
