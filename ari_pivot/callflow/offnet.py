"""offnet: the same as resources."""

from ari_pivot.callflow.resources import Resources


class Offnet(Resources):
    """Source: KAZOO, cf_offnet."""
