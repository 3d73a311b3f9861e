"""The modules: a line each."""

from ari_pivot.callflow.after_bridge import AfterBridge
from ari_pivot.callflow.answer import Answer
from ari_pivot.callflow.audio_macro import AudioMacro
from ari_pivot.callflow.branch_bnumber import BranchBnumber
from ari_pivot.callflow.branch_variable import BranchVariable
from ari_pivot.callflow.call_forward import CallForward
from ari_pivot.callflow.call_waiting import CallWaiting
from ari_pivot.callflow.callflow import Callflow
from ari_pivot.callflow.check_cid import CheckCid
from ari_pivot.callflow.cidlistmatch import Cidlistmatch
from ari_pivot.callflow.collect_dtmf import CollectDtmf
from ari_pivot.callflow.conference import Conference
from ari_pivot.callflow.dead_air import DeadAir
from ari_pivot.callflow.device import Device
from ari_pivot.callflow.directory_ import Directory
from ari_pivot.callflow.disa import Disa
from ari_pivot.callflow.do_not_disturb import DoNotDisturb
from ari_pivot.callflow.dynamic_cid import DynamicCid
from ari_pivot.callflow.eavesdrop import Eavesdrop
from ari_pivot.callflow.eavesdrop_feature import EavesdropFeature
from ari_pivot.callflow.fax_detect import FaxDetect
from ari_pivot.callflow.flush_dtmf import FlushDtmf
from ari_pivot.callflow.group import Group
from ari_pivot.callflow.group_pickup import GroupPickup
from ari_pivot.callflow.group_pickup_feature import GroupPickupFeature
from ari_pivot.callflow.hangup import Hangup
from ari_pivot.callflow.hotdesk import Hotdesk
from ari_pivot.callflow.intercept import Intercept
from ari_pivot.callflow.intercept_feature import InterceptFeature
from ari_pivot.callflow.intercom import Intercom
from ari_pivot.callflow.language import Language
from ari_pivot.callflow.lookupcidname import Lookupcidname
from ari_pivot.callflow.manual_presence import ManualPresence
from ari_pivot.callflow.menu import Menu
from ari_pivot.callflow.missed_call_alert import MissedCallAlert
from ari_pivot.callflow.module import Module
from ari_pivot.callflow.noop import Noop
from ari_pivot.callflow.notification import Notification
from ari_pivot.callflow.offnet import Offnet
from ari_pivot.callflow.page_group import PageGroup
from ari_pivot.callflow.park import Park
from ari_pivot.callflow.pivot import Pivot
from ari_pivot.callflow.play import Play
from ari_pivot.callflow.prepend_cid import PrependCid
from ari_pivot.callflow.privacy import Privacy
from ari_pivot.callflow.receive_fax import ReceiveFax
from ari_pivot.callflow.record_call import RecordCall
from ari_pivot.callflow.record_caller import RecordCaller
from ari_pivot.callflow.resources import Resources
from ari_pivot.callflow.response import Response
from ari_pivot.callflow.ring_group import RingGroup
from ari_pivot.callflow.route_to_cid import RouteToCid
from ari_pivot.callflow.send_dtmf import SendDtmf
from ari_pivot.callflow.set_alert_info import SetAlertInfo
from ari_pivot.callflow.set_cid import SetCid
from ari_pivot.callflow.set_variable import SetVariable
from ari_pivot.callflow.set_variables import SetVariables
from ari_pivot.callflow.sleep import Sleep
from ari_pivot.callflow.temporal_route import TemporalRoute
from ari_pivot.callflow.transfer import Transfer
from ari_pivot.callflow.tts import Tts
from ari_pivot.callflow.user import User
from ari_pivot.callflow.voicemail import Voicemail
from ari_pivot.callflow.wait_for_hangup import WaitForHangup
from ari_pivot.callflow.webhook import Webhook

MODULES: dict[str, type[Module]] = {
    "after_bridge": AfterBridge,
    "answer": Answer,
    "audio_macro": AudioMacro,
    "branch_bnumber": BranchBnumber,
    "branch_variable": BranchVariable,
    "call_forward": CallForward,
    "call_waiting": CallWaiting,
    "callflow": Callflow,
    "check_cid": CheckCid,
    "cidlistmatch": Cidlistmatch,
    "collect_dtmf": CollectDtmf,
    "conference": Conference,
    "dead_air": DeadAir,
    "device": Device,
    "directory": Directory,
    "disa": Disa,
    "do_not_disturb": DoNotDisturb,
    "dynamic_cid": DynamicCid,
    "eavesdrop": Eavesdrop,
    "eavesdrop_feature": EavesdropFeature,
    "fax_detect": FaxDetect,
    "flush_dtmf": FlushDtmf,
    "group": Group,
    "group_pickup": GroupPickup,
    "group_pickup_feature": GroupPickupFeature,
    "hangup": Hangup,
    "hotdesk": Hotdesk,
    "intercept": Intercept,
    "intercept_feature": InterceptFeature,
    "intercom": Intercom,
    "language": Language,
    "lookupcidname": Lookupcidname,
    "manual_presence": ManualPresence,
    "menu": Menu,
    "missed_call_alert": MissedCallAlert,
    "noop": Noop,
    "notification": Notification,
    "offnet": Offnet,
    "page_group": PageGroup,
    "park": Park,
    "pivot": Pivot,
    "play": Play,
    "prepend_cid": PrependCid,
    "privacy": Privacy,
    "receive_fax": ReceiveFax,
    "record_call": RecordCall,
    "record_caller": RecordCaller,
    "resources": Resources,
    "response": Response,
    "ring_group": RingGroup,
    "route_to_cid": RouteToCid,
    "send_dtmf": SendDtmf,
    "set_alert_info": SetAlertInfo,
    "set_cid": SetCid,
    "set_variable": SetVariable,
    "set_variables": SetVariables,
    "sleep": Sleep,
    "temporal_route": TemporalRoute,
    "transfer": Transfer,
    "tts": Tts,
    "user": User,
    "voicemail": Voicemail,
    "wait_for_hangup": WaitForHangup,
    "webhook": Webhook,
}

#: KAZOO's own modules that are not executed here, and why. They go to `_`, with a warning.
ELSEWHERE: dict[str, str] = {
    "acdc_agent": "KAZOO's call centre",
    "acdc_member": "KAZOO's call centre",
    "acdc_queue": "KAZOO's call centre",
    "acdc_wait_time": "KAZOO's call centre",
    "camping_feature": "waits for a party of KAZOO's to be free",
    "conference_feature": "controls KAZOO's conferences",
    "edr": "KAZOO's log of events",
    "faxbox": "KAZOO's fax boxes; `receive_fax` receives faxes",
    "function": "code kept in KAZOO; a `pivot` does the same",
    "move": "moves a call between devices of KAZOO's",
    "nomorobo": "a service of somebody else's",
    "ring_group_toggle": "changes the directory, which is configuration",
    "set": "KAZOO's agent skills",
    "skel": "an example without effect",
}
