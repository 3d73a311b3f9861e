"""The modules: a line each."""

from ari_pivot.callflow.answer import Answer
from ari_pivot.callflow.collect_dtmf import CollectDtmf
from ari_pivot.callflow.flush_dtmf import FlushDtmf
from ari_pivot.callflow.hangup import Hangup
from ari_pivot.callflow.language import Language
from ari_pivot.callflow.module import Module
from ari_pivot.callflow.pivot import Pivot
from ari_pivot.callflow.play import Play
from ari_pivot.callflow.response import Response
from ari_pivot.callflow.set_variables import SetVariables
from ari_pivot.callflow.sleep import Sleep
from ari_pivot.callflow.tts import Tts

MODULES: dict[str, type[Module]] = {
    "answer": Answer,
    "collect_dtmf": CollectDtmf,
    "flush_dtmf": FlushDtmf,
    "hangup": Hangup,
    "language": Language,
    "pivot": Pivot,
    "play": Play,
    "response": Response,
    "set_variables": SetVariables,
    "sleep": Sleep,
    "tts": Tts,
}

#: KAZOO's own modules that are not executed here: they go to their child `_`, with a warning.
ELSEWHERE = frozenset(
    [
        "acdc_agent",
        "acdc_member",
        "acdc_queue",
        "acdc_wait_time",
        "after_bridge",
        "audio_macro",
        "branch_bnumber",
        "branch_variable",
        "call_forward",
        "call_waiting",
        "callflow",
        "camping_feature",
        "check_cid",
        "cidlistmatch",
        "conference",
        "conference_feature",
        "dead_air",
        "device",
        "directory",
        "disa",
        "do_not_disturb",
        "dynamic_cid",
        "eavesdrop",
        "eavesdrop_feature",
        "edr",
        "fax_detect",
        "faxbox",
        "function",
        "group",
        "group_pickup",
        "group_pickup_feature",
        "hotdesk",
        "intercept",
        "intercept_feature",
        "intercom",
        "lookupcidname",
        "manual_presence",
        "menu",
        "missed_call_alert",
        "move",
        "nomorobo",
        "noop",
        "notification",
        "offnet",
        "page_group",
        "park",
        "prepend_cid",
        "privacy",
        "receive_fax",
        "record_call",
        "record_caller",
        "resources",
        "ring_group",
        "ring_group_toggle",
        "route_to_cid",
        "send_dtmf",
        "set",
        "set_alert_info",
        "set_cid",
        "set_variable",
        "skel",
        "temporal_route",
        "transfer",
        "user",
        "voicemail",
        "wait_for_hangup",
        "webhook",
    ]
)
