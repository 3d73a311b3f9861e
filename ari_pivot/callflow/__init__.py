"""KAZOO callflow: a tree of modules, each choosing its branch."""

from ari_pivot.callflow.params import params
from ari_pivot.callflow.parse import build, build_known, parse

__all__ = ["build", "build_known", "params", "parse"]
