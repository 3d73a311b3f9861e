"""The documents of mailboxes and of directories by name, with the keys that KAZOO's have.

Source: KAZOO, schemas vmboxes and directories, and cf_voicemail.
"""

from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from ari_pivot.call.directory import Entry
from ari_pivot.call.mailboxes import Folder

_Key = Annotated[str, Field(pattern=r"^[0-9*#]?$")]


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[str, BeforeValidator(_text)]


class MailboxMedia(Entry):
    """Media ids of greetings."""

    unavailable: str = ""
    temporary_unavailable: str = ""


class Mailbox(Entry):
    """A mailbox; `mailbox` is its number, with `@context` for the lamps of telephones.

    `interdigit_timeout` in milliseconds, `max_message_length` in seconds.
    """

    mailbox: Annotated[Number, Field(pattern=r"^[^@\s]{1,30}(@\S+)?$")]
    name: str = Field(default="", max_length=128)
    owner_id: str = Field(default="", validation_alias=AliasChoices("owner_id", "owner"))
    pin: Annotated[Number, Field(pattern=r"^([0-9]{4,6})?$")] = ""
    require_pin: bool = False
    check_if_owner: bool = True
    is_setup: bool = False
    not_configurable: bool = False
    announcement_only: bool = False
    skip_greeting: bool = False
    skip_instructions: bool = False
    skip_envelope: bool = False
    play_greeting_intro: bool = False
    use_person_not_available: bool = False
    oldest_message_first: bool = False
    interdigit_timeout: int | None = Field(default=None, ge=1)
    max_message_length: int | None = Field(default=None, ge=1)
    operator_number: Number = ""
    timezone: str = ""
    media: MailboxMedia = MailboxMedia()
    media_extension: Literal["mp3", "mp4", "wav"] = "mp3"
    notify_email_addresses: list[str] = Field(default_factory=list)
    include_message_on_notify: bool = True
    delete_after_notify: bool = False
    save_after_notify: bool = False
    is_voicemail_ff_rw_enabled: bool = False
    seek_duration_ms: int = Field(default=10_000, ge=0)
    # taken, and without effect: no speech recognition, no calls to tell of messages
    include_transcription_on_notify: bool = True
    transcribe: bool = False
    notify: dict[str, Any] = Field(default_factory=dict)
    flags: list[str] = Field(default_factory=list)

    @property
    def number(self) -> str:
        return self.mailbox.partition("@")[0]

    @property
    def lamp(self) -> str:
        """Return what Asterisk calls it, `100@default`."""
        return self.mailbox if "@" in self.mailbox else f"{self.mailbox}@default"

    @property
    def after_notify(self) -> Folder | None:
        """Return where a message goes once somebody was told; to save comes before to delete."""
        if self.save_after_notify:
            return "saved"
        return "deleted" if self.delete_after_notify else None


class Keys(Entry):
    """What a key does, in each menu; an empty one cannot be pressed."""

    operator: _Key = "0"
    login: _Key = "*"
    continue_: _Key = Field(default="", alias="continue")
    save: _Key = "1"
    listen: _Key = "2"
    record: _Key = "3"
    hear_new: _Key = "1"
    hear_saved: _Key = "2"
    configure: _Key = "5"
    exit: _Key = "#"
    rec_unavailable: _Key = Field(default="1", alias="record_unavailable")
    rec_name: _Key = Field(default="2", alias="record_name")
    set_pin: _Key = "3"
    rec_temporary_unavailable: _Key = Field(default="4", alias="record_temporary_unavailable")
    del_temporary_unavailable: _Key = Field(default="5", alias="delete_temporary_unavailable")
    return_main: _Key = Field(default="0", alias="return_main_menu")
    keep: _Key = "1"
    replay: _Key = "2"
    forward: _Key = "3"
    prev: _Key = "4"
    next: _Key = "6"
    delete: _Key = "7"
    rewind: _Key = "*"
    fast_forward: _Key = "#"


class VoicemailSettings(Entry):
    """What holds for all mailboxes; `min_message_size` in milliseconds. KAZOO's system settings."""

    max_login_attempts: int = Field(default=3, ge=1)
    max_message_count: int = Field(default=100, ge=0)
    min_message_size: int = Field(default=500, ge=0)
    force_require_pin: bool = False
    forward_type: Literal["only_forward", "prepend_forward"] = Field(
        default="only_forward",
        validation_alias=AliasChoices("vm_message_forward_type", "forward_type"),
    )
    operator_number: Number = "0"
    keys: Keys = Keys()

    @property
    def shortest(self) -> float:
        """Return the seconds that a message has at least."""
        return self.min_message_size / 1000


class NameDirectory(Entry):
    """Users to be found by the keys of their names; `max_dtmf` 0 is as many keys as are pressed."""

    name: str = ""
    sort_by: Literal["first_name", "last_name"] = "last_name"
    search_fields: Literal["both", "first_name", "last_name"] = "both"
    min_dtmf: int = Field(default=3, ge=1)
    max_dtmf: int = Field(default=0, ge=0)
    confirm_match: bool = True
    flags: list[str] = Field(default_factory=list)
