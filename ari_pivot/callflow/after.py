"""What becomes of a caller whose callee has left, as after_bridge has said."""

from ari_pivot.call.call import Call
from ari_pivot.call.record_call import leave_behind
from ari_pivot.callflow.directory import directory_of, look_up, redirect, unknown
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.hangup import hard_stop
from ari_pivot.callflow.module import Branch, Moved
from ari_pivot.callflow.park import Park


async def afterwards(call: Call) -> Branch:
    """Do it, once; without it the flow stops."""
    onward = call.facts.onward
    what, number = onward.after_bridge, onward.after_bridge_number
    onward.after_bridge = onward.after_bridge_number = ""
    if what == "hangup":
        await hard_stop(call)
    if what == "transfer":
        return await moved(call, number)
    if what == "park":
        return Moved(Flow("park", Park()))
    return None


async def moved(call: Call, number: str) -> Moved:
    """Let the call be one to another number; raises InstructionError where no callflow takes it."""
    number = directory_of(call).normal(number)
    found = await look_up(call, number)
    if found is None:
        raise unknown("callflow for", number)
    redirect(call, number)
    leave_behind(call)
    call.facts.metaflows = dict(found.metaflows)
    return Moved(found.enter(call))
