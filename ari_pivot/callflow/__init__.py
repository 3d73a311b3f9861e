"""KAZOO callflow: a tree of modules, each choosing its branch."""

from ari_pivot.callflow.params import added, params
from ari_pivot.callflow.parse import build, build_known, parse

__all__ = ["added", "build", "build_known", "params", "parse"]
