"""<Parameter>: something for whoever is called."""

from typing import ClassVar

from pydantic import Field

from ari_pivot.twiml.verb import Element


class Parameter(Element):
    """Only <Client> has somebody who takes it."""

    without_effect: ClassVar = dict.fromkeys(("name", "value"), "nobody is there who takes it")

    name: str = ""
    value: str = Field(default="", max_length=512)
