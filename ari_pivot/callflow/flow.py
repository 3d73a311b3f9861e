"""A callflow: a tree of modules, each choosing its branch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.callflow.module import NEXT, Branch, Module, Moved
from ari_pivot.errors import CallEnded, Code, InstructionError, PivotError

BRANCHES = 50  # of one call. Source: KAZOO, callflow.max_branch_count


@dataclass(frozen=True, slots=True)
class Flow:
    """One action and what follows it. Source: KAZOO, cf_exe."""

    name: str
    module: Module
    children: Mapping[str, "Flow"] = field(default_factory=dict)
    warnings: tuple[InstructionError, ...] = ()

    async def run(self, call: Call) -> Pivot | None:
        """Walk down the tree: the child that a module names, else `_`, else stop.

        To stop is to go on with the flow this one was branched from: None, and the call knows it.
        """
        _complain(self, call)
        flow: Flow | None = self
        while flow:
            match await _step(flow, call):
                case Pivot() as pivot:
                    return pivot
                case Flow() as into:
                    flow = _branch(flow, into, call)
                case Moved(into):
                    call.outer.clear()
                    flow = _branch(Flow(flow.name, flow.module), into, call)
                case branch:
                    flow = flow.child(branch)
        return None

    def child(self, branch: str | None) -> "Flow | None":
        return None if branch is None else self.children.get(branch) or self.children.get(NEXT)


async def _step(flow: Flow, call: Call) -> Branch:
    """Run one module; one that fails goes to `_`. Nothing is run after the call."""
    call.check()
    if flow.module.skip_module:
        return NEXT
    for one in (flow, *flow.children.values()):  # its own first: it is heard first
        for source in one.module.sources():
            call.media.prepare(source)
    call.begin(flow.name)
    try:
        known = call.directory
        call.directory = await known.needed(call, flow.name, flow.module, flow.children)
        return await flow.module.run(call, flow.children)
    except CallEnded:
        raise
    except PivotError as error:
        call.warn(error)
        return NEXT


def _branch(flow: Flow, into: Flow, call: Call) -> Flow | None:
    """Run another flow now, and what stands at `_` here when that is over."""
    call.branches += 1
    if call.branches > BRANCHES:
        message = f"more than {BRANCHES} branches in one call"
        call.warn(PivotError(message, code=Code.CALL_LIMIT, where=flow.name), "error")
        call.outer.clear()
        return None
    if following := flow.children.get(NEXT):
        call.outer.append(following)
    _complain(into, call)
    return into


def _complain(flow: Flow, call: Call) -> None:
    for warning in flow.warnings:
        call.warn(warning)
