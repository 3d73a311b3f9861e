"""<Parameter>: something for whoever is called, or for who has called."""

from collections.abc import Iterable

from pydantic import Field

from ari_pivot.call.call import Call
from ari_pivot.call.dialled_by import dialled_by
from ari_pivot.twiml.verb import Element


class Parameter(Element):
    """What becomes of it is said by the element that holds it."""

    name: str = ""
    value: str = Field(default="", max_length=512)


def give_back(call: Call, parameters: Iterable[Parameter]) -> None:
    """Have the <Dial> that has dialled this call as an <Application> tell its action of them.

    Nobody is told of any other call's.
    """
    if attempt := dialled_by(call.caller.id, call.lines):
        attempt.returned.update({f"ReturnParam_{one.name}": one.value for one in parameters})
