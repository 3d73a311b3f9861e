"""The directory: whom and what this installation has, by id. Times are seconds."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from ari_pivot.call.copied import in_turn, understood

_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")

Id = Annotated[str, Field(min_length=1, max_length=128)]
_SIP_WAY = r"^[A-Za-z0-9_]+/\S*\{uri\}\S*$"
Endpoint = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+/\S+$", examples=["PJSIP/alice"])]


class Entry(BaseModel):
    """A document, as KAZOO has it; `elsewhere` are keys that are passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    elsewhere: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _copied(cls, value: Any) -> Any:
        return understood(value, cls.model_fields, cls.elsewhere)


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


class Enabled(Entry):
    enabled: bool = False


class Waiting(Entry):
    enabled: bool = True


class CallForward(Entry):
    """Calls go to `number` instead, or as well without `substitute`.

    Whoever answers there has to press 1 where `require_keypress`; they see the caller's own number,
    or else that of whom was called. With `direct_calls_only` calls to groups stay.
    """

    enabled: bool = False
    number: str = Field(default="", max_length=35)
    substitute: bool = True
    require_keypress: bool = True
    keep_caller_id: bool = True
    direct_calls_only: bool = False
    ignore_early_media: bool = True


class Ringtones(Entry):
    """`Alert-Info` for calls of this installation's telephones, and of others."""

    internal: str = ""
    external: str = ""


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
    metaflows: dict[str, Any] | None = None  # the documents' language knows what is in it


class Subscriber(Party):
    """What users and devices have in common; callers may change it: callflow/features.py."""

    call_forward: CallForward = CallForward()
    call_waiting: Waiting = Waiting()
    do_not_disturb: Enabled = Enabled()
    ringtones: Ringtones = Ringtones()


class Hotdesk(Entry):
    """How a user logs in at other telephones, which then ring with their own: by `id` and `pin`."""

    enabled: bool = False
    id: str = Field(default="", max_length=15)
    pin: str = Field(default="", max_length=15, repr=False)
    require_pin: bool = False
    keep_logged_in_elsewhere: bool = False


class Headers(Entry):
    """`custom_sip_headers` are sent with calls to the telephone."""

    elsewhere = (
        "custom_sip_interface expire_seconds forward ignore_completed_elsewhere invite_format ip"
        " method number password proxy realm route static_route transport username"
    )

    custom_sip_headers: dict[str, str] = {}


class Account(Party):
    """This installation itself; `prefer_device_caller_id` has telephones come before users."""

    prefer_device_caller_id: bool = False


class User(Subscriber):
    """Somebody; `directories` are those by name that have them, each with the callflow to call."""

    elsewhere = (
        "contact_list feature_level password presence_id priv_level profile pronounced_name"
        " require_password_update username verified vm_to_email_enabled"
    )

    email: str = ""
    first_name: str = ""
    last_name: str = ""
    directories: dict[Id, Id] = {}
    hotdesk: Hotdesk = Hotdesk()


class Device(Subscriber):
    """A telephone; `endpoint` as Asterisk dials it, `owner` (or `owner_id`) the id of a user."""

    elsewhere = (
        "contact_list device_type exclude_from_queues mac_address media mwi_unsolicited_updates"
        " presence_id provision register_overwrite_notify suppress_unregister_notifications"
    )

    endpoint: Endpoint
    owner: str = Field(default="", validation_alias=AliasChoices("owner", "owner_id"))
    enabled: bool = True
    sip: Headers = Headers()


class Member(Entry):
    """Somebody in a group; `weight` in percent."""

    id: Id
    endpoint_type: Literal["device", "user", "group"]
    delay: int = Field(default=0, ge=0)
    timeout: int = Field(default=20, ge=0)
    weight: int | None = Field(default=None, ge=1, le=100)


class Group(Entry):
    name: str = ""
    endpoints: Annotated[list[Member], BeforeValidator(in_turn)] = Field(min_length=1)


class Trunk(Entry):
    """A way to numbers outside; `{number}` in `endpoint` is the dialled one.

    It takes the numbers that one of `numbers` fits, where `*` stands for anything.
    """

    endpoint: str = Field(
        pattern=r"^[A-Za-z0-9_]+/\S*\{number\}\S*$", examples=["PJSIP/{number}@trunk"]
    )
    numbers: list[str] = Field(min_length=1)
    caller_id: CallerId = CallerId()


class Directory(Entry):
    """Everybody and everything that can be dialled; each mapping is by id.

    `sip` is the way to SIP URIs, `{uri}` in it the dialled one; without it none is dialled.
    `sip_accounts` are the ways with credentials, by user name. `applications` are endpoints that
    lead to other applications, a call back into the dialplan, by id; that of `echo` answers and
    echoes. `refer` is the dialplan's context that sends a REFER. `sms_url` is a gateway
    that takes text messages. `caller_ids` are the numbers
    that instructions may show instead of the caller's own. `region` is the country whose numbers
    are written without its code.
    """

    account: Account = Account()
    users: dict[Id, User] = {}
    devices: dict[Id, Device] = {}
    groups: dict[Id, Group] = {}
    trunks: dict[Id, Trunk] = {}
    sip: str = Field(default="", pattern=rf"^$|{_SIP_WAY}", examples=["PJSIP/trunk/{uri}"])
    sip_accounts: dict[Id, Annotated[str, Field(pattern=_SIP_WAY)]] = {}
    applications: dict[Id, Endpoint] = {}
    echo: Annotated[str, Field(pattern=r"^$|^[A-Za-z0-9_]+/\S+$")] = ""
    refer: str = Field(default="", pattern=r"^[A-Za-z0-9_-]*$")
    sms_url: str = Field(default="", pattern=r"^$|^https?://\S+$")
    region: str = Field(default="", pattern=r"^([A-Z]{2})?$", examples=["US"])
    caller_ids: list[str] = []

    async def needed(
        self, call: Any, name: str, module: object, children: Iterable[str]
    ) -> "Directory":
        """Return it with what a module of a callflow needs: this one has all there is."""
        return self

    def trunk_to(self, number: str) -> Trunk | None:
        """Return the first trunk that takes a number."""
        return next(iter(self.trunks_to(number)), None)

    def trunks_to(self, number: str) -> list[Trunk]:
        """Return the trunks that take a number, in their order; none for what is no number."""
        if not _NUMBER.fullmatch(number):
            return []
        ways = self.trunks.values()
        return [one for one in ways if any(_fits(p, number) for p in one.numbers)]

    def may_show(self, number: str) -> bool:
        """Tell whether instructions may show a number as the caller's."""
        return any(_fits(pattern, number) for pattern in self.caller_ids)

    def device_of(self, endpoint: str) -> str:
        """Return the id of the device with an endpoint, empty if there is none."""
        return next((id_ for id_, one in self.devices.items() if one.endpoint == endpoint), "")


def _fits(pattern: str, number: str) -> bool:
    return bool(re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), number))
