"""<Parameter>: something for whoever gets the call."""

from pydantic import Field

from ari_pivot.twiml.verb import Element


class Parameter(Element):
    """<Client> is sent it as the header `X-NAME`; elsewhere nobody is there who would take it."""

    name: str = ""
    value: str = Field(default="", max_length=512)
