"""The directory as configuration holds it: callflows are built, and what it names is there."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, InstanceOf, ValidationError, model_validator

from ari_pivot import faults
from ari_pivot.call.directory import Id, Party
from ari_pivot.call.source import Source
from ari_pivot.callflow import documents, media
from ari_pivot.callflow.directory import Directory
from ari_pivot.callflow.flow import Flow
from ari_pivot.callflow.metaflow.metaflows import Metaflows
from ari_pivot.callflow.parse import build_known
from ari_pivot.errors import InstructionError


def _built(document: Any) -> Flow:
    try:
        return build_known(document)
    except InstructionError as error:
        raise ValueError(str(error)) from error


def _sound(media_id: str, language: str = "") -> Source:
    sound = media.source(media_id, language)
    if sound is None:
        raise ValueError(f"{media_id!r} is not a media id")
    return sound


class Callflow(documents.Callflow):
    flow: Annotated[InstanceOf[Flow], BeforeValidator(_built)]


class ConfiguredDirectory(Directory):
    callflows: dict[Id, Callflow] = Field(default_factory=dict)
    notify_url: str = Field(default="", pattern=r"^$|^https?://\S+$")
    url: str = Field(default="", pattern=r"^$|^https?://\S+$")

    @model_validator(mode="after")
    def _whole(self) -> "ConfiguredDirectory":
        problems = [*self._unknown(), *self._timezones(), *self._media(), *self._metaflows()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def of(self, account_id: str, region: str, *, mails: bool = False) -> "ConfiguredDirectory":
        """Return it with what the rest of the configuration says, where it does not itself."""
        said = {"account_id": account_id, "region": self.region or region, "mails": mails}
        return self.model_copy(update=said)

    def sounds(self) -> dict[str, Source | Mapping[str, Source]]:
        """Return what the media ids mean."""
        return {
            id_: _sound(meant)
            if isinstance(meant, str)
            else {tag.lower(): _sound(one, tag.lower()) for tag, one in meant.items()}
            for id_, meant in self.media.items()
        }

    def _unknown(self) -> Iterator[str]:
        """Yield what is named and not there."""
        there: dict[str, Any] = {"device": self.devices, "user": self.users, "group": self.groups}
        there["rule"] = self.temporal_rules
        named = [
            *((f"devices.{id_}.owner", "user", one.owner) for id_, one in self.devices.items()),
            *(
                (f"mailboxes.{id_}.owner_id", "user", one.owner_id)
                for id_, one in self.mailboxes.items()
            ),
            *(
                (f"groups.{id_}.endpoints", member.endpoint_type, member.id)
                for id_, group in self.groups.items()
                for member in group.endpoints
            ),
            *(
                (f"temporal_rule_sets.{id_}.temporal_rules", "rule", rule)
                for id_, rules in self.temporal_rule_sets.items()
                for rule in rules.temporal_rules
            ),
        ]
        for key, kind, id_ in named:
            if id_ and id_ not in there[kind]:
                yield f"{key}: there is no {kind} {id_!r}"

    def _timezones(self) -> Iterator[str]:
        named = {"timezone": self.timezone, "account.timezone": self.account.timezone}
        named |= {f"users.{id_}.timezone": one.timezone for id_, one in self.users.items()}
        named |= {f"mailboxes.{id_}.timezone": one.timezone for id_, one in self.mailboxes.items()}
        named |= {f"devices.{id_}.timezone": one.timezone for id_, one in self.devices.items()}
        for key, name in named.items():
            try:
                ZoneInfo(name or "UTC")
            except (ValueError, KeyError, OSError):
                yield f"{key}: there is no timezone {name!r}"

    def _media(self) -> Iterator[str]:
        for id_, meant in self.media.items():
            for one in [meant] if isinstance(meant, str) else meant.values():
                if media.source(one) is None:
                    yield f"media.{id_}: {one!r} is not a media id"
            if not meant:
                yield f"media.{id_}: is empty"

    def _metaflows(self) -> Iterator[str]:
        named: dict[str, Party | Callflow] = {"account": self.account}
        named |= {f"callflows.{id_}": one for id_, one in self.callflows.items()}
        named |= {f"users.{id_}": one for id_, one in self.users.items()}
        named |= {f"devices.{id_}": one for id_, one in self.devices.items()}
        for key, party in named.items():
            try:
                Metaflows.model_validate(party.metaflows or {})
            except ValidationError as error:
                for one in error.errors(include_url=False):
                    yield f"{key}.metaflows.{faults.place(one['loc'])}: {faults.reason(one)}"
