"""KAZOO's stock prompts that modules play, by what an Asterisk box has instead, else spoken."""

from collections.abc import Mapping

from ari_pivot.call.source import Prompt, Source, Speech

STOCK: Mapping[str, Source] = {
    "cf-disabled": Speech("Call forwarding is off."),
    "cf-disabled_menu": Speech(
        "Call forwarding is off. To turn it on, press 1. To change the number, press 2."
    ),
    "cf-enabled_menu": Speech(
        "Call forwarding is on. To turn it off, press 1. To change the number, press 2."
    ),
    "cf-enter_number": Speech("Please enter the number, followed by the pound key."),
    "cf-not_available": Prompt("feature-not-avail-line"),
    "cf-now_forwarded_to": Speech("Your calls now go to"),
    "cf-unauthorized_call": Prompt("feature-not-avail-line"),
    "cw-activated": Speech("Call waiting is on."),
    "cw-deactivated": Speech("Call waiting is off."),
    "cw-not_available": Prompt("feature-not-avail-line"),
    "disa-enter_pin": Prompt("agent-pass"),
    "disa-invalid_extension": Prompt("pbx-invalid"),
    "disa-invalid_pin": Prompt("vm-incorrect"),
    "disa-retries_exceeded": Prompt("please-try-call-later"),
    "dnd-activated": Speech("Do not disturb is on."),
    "dnd-deactivated": Speech("Do not disturb is off."),
    "dnd-not_available": Prompt("feature-not-avail-line"),
    "dynamic-cid-enter_cid": Speech("Please enter the caller ID, followed by the pound key."),
    "dynamic-cid-invalid_using_default": Speech("That is not valid. Your own caller ID is used."),
    "fault-can_not_be_completed_as_dialed": Prompt("cannot-complete-as-dialed"),
    "hotdesk-abort": Prompt("sorry-youre-having-problems"),
    "hotdesk-enter_id": Prompt("agent-user"),
    "hotdesk-enter_pin": Prompt("agent-pass"),
    "hotdesk-invalid_entry": Prompt("agent-incorrect"),
    "hotdesk-logged_in": Prompt("agent-loginok"),
    "hotdesk-logged_out": Prompt("agent-loggedoff"),
    "ivr-group_confirm": Speech("You have a call. To take it, press 1."),
    "menu-exit": Prompt("sorry-youre-having-problems"),
    "menu-invalid_entry": Prompt("pm-invalid-option"),
    "menu-no_prompt": Prompt("vm-enter-num-to-call"),
    "menu-transferring_call": Prompt("pls-hold-while-try"),
    "temporal-marked_disabled": Prompt("de-activated"),
    "temporal-marked_enabled": Prompt("activated"),
    "temporal-marker_reset": Speech("The schedule is followed again."),
    "temporal-menu": Speech(
        "To activate, press 1. To deactivate, press 2. To follow the schedule again, press 3."
    ),
}
