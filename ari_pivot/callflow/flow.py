"""A callflow: a tree of modules, each choosing its branch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ari_pivot.call.call import Call
from ari_pivot.call.instructions import Pivot
from ari_pivot.callflow.module import NEXT, Branch, Module
from ari_pivot.errors import AsteriskError, InstructionError


@dataclass(frozen=True, slots=True)
class Flow:
    """One action and what follows it. Source: KAZOO, cf_exe."""

    name: str
    module: Module
    children: Mapping[str, "Flow"] = field(default_factory=dict)
    warnings: tuple[InstructionError, ...] = ()

    async def run(self, call: Call) -> Pivot | None:
        """Walk down the tree: the child that a module names, else `_`, else stop."""
        for warning in self.warnings:
            call.warn(warning)
        flow: Flow | None = self
        while flow:
            branch = await flow.step(call)
            if isinstance(branch, Pivot):
                return branch
            flow = flow.child(branch)
        return None

    async def step(self, call: Call) -> Branch:
        """Run this one module; one that Asterisk refuses goes to `_`."""
        if self.module.skip_module:
            return NEXT
        for following in self.children.values():
            for source in following.module.sources():
                call.media.prepare(source)
        call.begin(self.name)
        try:
            return await self.module.run(call, self.children)
        except AsteriskError as error:
            call.warn(error)
            return NEXT

    def child(self, branch: str | None) -> "Flow | None":
        return None if branch is None else self.children.get(branch) or self.children.get(NEXT)
