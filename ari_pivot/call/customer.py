"""The customer's web server, as the instructions themselves may need it."""

from typing import TYPE_CHECKING, Protocol

from ari_pivot.errors import PivotError

if TYPE_CHECKING:
    from ari_pivot.call.call import Call
    from ari_pivot.call.instructions import Pivot


class Customer(Protocol):
    """Who is asked; `account` is what requests say of the account."""

    @property
    def account(self) -> str: ...

    async def follow(self, call: "Call", pivot: "Pivot") -> None:
        """Ask, do as told, and ask again, until there is nothing more to do.

        The call is not hung up then. Raises PivotError for what goes wrong, CallEnded.
        """
        ...


class Nobody:
    """Nobody can be asked."""

    account = ""

    async def follow(self, call: "Call", pivot: "Pivot") -> None:
        raise PivotError("nobody can be asked", where=pivot.url)
