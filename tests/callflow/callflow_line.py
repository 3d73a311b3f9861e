"""A callflow on a line: what it leaves in the call."""

from line_fakes import Asterisk, call

from ari_pivot.callflow import build


async def walk(*actions, **known):
    """Run modules, each `(name, data)`, one after the other; return the call."""
    flow = {"module": "noop"}
    for name, data in reversed(actions):
        flow = {"module": name, "data": data, "children": {"_": flow}}
    line = call(Asterisk(), **known)
    await build(flow).run(line)
    return line
