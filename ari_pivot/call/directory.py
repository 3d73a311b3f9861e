"""The directory: whom and what this installation has, by id. Times are seconds."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(min_length=1, max_length=128)]
Endpoint = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+/\S+$")]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CallerId(Entry):
    name: str = ""
    number: str = ""


class CallerIds(Entry):
    """What is shown of a caller to others of this installation, to outside, to an emergency line.

    An empty one is not changed.
    """

    internal: CallerId = CallerId()
    external: CallerId = CallerId()
    emergency: CallerId = CallerId()


class Restriction(Entry):
    action: Literal["inherit", "deny"] = "inherit"


class Party(Entry):
    """What account, users and devices have in common.

    `call_restriction` is by the class of the dialled number; `variables` are read by
    branch_variable.
    """

    name: str = ""
    caller_id: CallerIds = CallerIds()
    call_restriction: dict[str, Restriction] = {}
    timezone: str = ""
    variables: dict[str, Any] = {}


class Account(Party):
    """This installation itself."""


class User(Party):
    email: str = ""


class Device(Party):
    """A telephone; `endpoint` as Asterisk dials it, `owner` the id of a user."""

    endpoint: Endpoint
    owner: str = ""


class Member(Entry):
    """Somebody in a group; `weight` in percent."""

    id: Id
    endpoint_type: Literal["device", "user", "group"]
    delay: int = Field(default=0, ge=0)
    timeout: int = Field(default=20, ge=0)
    weight: int | None = Field(default=None, ge=1, le=100)


class Group(Entry):
    name: str = ""
    endpoints: list[Member] = Field(min_length=1)


class Mailbox(Entry):
    """A mailbox of Asterisk's, as `box@context`."""

    mailbox: str = Field(pattern=r"^[^@\s]+(@\S+)?$")
    owner: str = ""


class Conference(Entry):
    name: str = ""
    pins: list[str] = []
    moderator_pins: list[str] = []
    max_participants: int | None = Field(default=None, ge=1)


class Trunk(Entry):
    """A way to numbers outside; `{number}` in `endpoint` is the dialled one.

    It takes the numbers that one of `numbers` fits, where `*` stands for anything.
    """

    endpoint: Endpoint = Field(pattern=r"\{number\}")
    numbers: list[str] = Field(min_length=1)
    caller_id: CallerId = CallerId()


class Directory(Entry):
    """Everybody and everything that can be dialled; each mapping is by id."""

    account: Account = Account()
    users: dict[Id, User] = {}
    devices: dict[Id, Device] = {}
    groups: dict[Id, Group] = {}
    mailboxes: dict[Id, Mailbox] = {}
    conferences: dict[Id, Conference] = {}
    trunks: dict[Id, Trunk] = {}

    def device_of(self, endpoint: str) -> str:
        """Return the id of the device with an endpoint, empty if there is none."""
        return next((id_ for id_, one in self.devices.items() if one.endpoint == endpoint), "")
