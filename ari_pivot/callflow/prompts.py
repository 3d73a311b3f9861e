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
    "conf-bad_conf": Prompt("conf-invalid"),
    "conf-bad_pin": Prompt("conf-invalidpin"),
    "conf-enter_conf_number": Prompt("conf-getconfno"),
    "conf-enter_conf_pin": Prompt("conf-getpin"),
    "conf-joining_conference": Prompt("conf-placeintoconf"),
    "conf-max_participants": Prompt("conf-full"),
    "conf-muted": Prompt("conf-now-muted"),
    "conf-too_many_attempts": Prompt("please-try-call-later"),
    "conf-unmuted": Prompt("conf-now-unmuted"),
    "conf-welcome": Speech("Welcome to the conference."),
    "cw-activated": Speech("Call waiting is on."),
    "cw-deactivated": Speech("Call waiting is off."),
    "cw-not_available": Prompt("feature-not-avail-line"),
    "dir-confirm_menu": Speech("press 1. To start over, press 3."),
    "dir-enter_person_firstname": Prompt("dir-intro-fn"),
    "dir-enter_person_lastname": Prompt("dir-intro"),
    "dir-enter_person_name": Speech("Please enter the first letters of the person's name."),
    "dir-found": Speech("One match. To call"),
    "dir-invalid_key": Prompt("pm-invalid-option"),
    "dir-no_more_results": Prompt("dir-nomore"),
    "dir-no_results_found": Prompt("dir-nomatch"),
    "dir-result_menu": Speech("press 1. For the next one, press 2. To start over, press 3."),
    "dir-result_number": Speech("To call"),
    "dir-specify_minimum": Speech("More letters of the name are needed."),
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
    "fault-can_not_be_completed_at_this_time": Speech(
        "Your call cannot be completed at this time."
    ),
    "eavesdrop-not_allowed": Speech("You may not listen to this call."),
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
    "menu-return": Speech("Returning to the menu."),
    "menu-transferring_call": Prompt("pls-hold-while-try"),
    "park-no_caller": Speech("There is no call there."),
    "pickup-no_channels": Speech("There is no call to pick up."),
    "pickup-no_users": Speech("There is no such telephone."),
    "pickup-not_allowed": Speech("You may not pick up this call."),
    "park-already_in_use": Speech("Somebody is parked there already."),
    "park-call_placed_in_spot": Speech("The call is parked. Its place is"),
    "temporal-marked_disabled": Prompt("de-activated"),
    "temporal-marked_enabled": Prompt("activated"),
    "temporal-marker_reset": Speech("The schedule is followed again."),
    "temporal-menu": Speech(
        "To activate, press 1. To deactivate, press 2. To follow the schedule again, press 3."
    ),
    "vm-abort": Prompt("sorry-youre-having-problems"),
    "vm-enter_forward_id": Speech("Please enter the mailbox to forward to, then the pound key."),
    "vm-enter_id": Speech("Please enter your mailbox number, followed by the pound key."),
    "vm-enter_new_pin": Prompt("vm-newpassword"),
    "vm-enter_new_pin_confirm": Prompt("vm-reenterpassword"),
    "vm-enter_pass": Prompt("agent-pass"),
    "vm-fail_auth": Prompt("vm-incorrect"),
    "vm-forward_abort": Speech("The message was not forwarded."),
    "vm-greeting_intro": Prompt("hello"),
    "vm-mailbox_full": Prompt("vm-mailboxfull"),
    "vm-main_menu": Speech(
        "For new messages, press 1. For saved messages, press 2. For settings, press 5."
        " To leave, press pound."
    ),
    "vm-main_menu_not_configurable": Speech(
        "For new messages, press 1. For saved messages, press 2. To leave, press pound."
    ),
    "vm-message_forwarding": Speech(
        "To record a comment first, press 1. To forward the message as it is, press 2."
        " To return, press 0."
    ),
    "vm-message_menu": Speech(
        "To keep this message, press 1. To hear it again, press 2. To forward it, press 3."
        " For the previous one, press 4. For the next one, press 6. To delete it, press 7."
        " For the main menu, press 0."
    ),
    "vm-message_number": Prompt("vm-message"),
    "vm-new_and": Speech("new, and"),
    "vm-new_message": Speech("new message."),
    "vm-new_messages": Speech("new messages."),
    "vm-no_access": Speech("This mailbox cannot be opened from here."),
    "vm-no_messages": Speech("You have no messages."),
    "vm-not_available": Prompt("vm-isunavail"),
    "vm-not_available_no_voicemail": Speech("Nobody is available, and there is no voicemail."),
    "vm-person": Prompt("vm-theperson"),
    "vm-person_not_available": Prompt("vm-nobodyavail"),
    "vm-pin_invalid": Prompt("vm-invalid-password"),
    "vm-pin_set": Prompt("vm-passchanged"),
    "vm-record_greeting": Prompt("vm-rec-unv"),
    "vm-record_message": Prompt("vm-intro"),
    "vm-record_name": Prompt("vm-rec-name"),
    "vm-record_temp_greeting": Prompt("vm-rec-temp"),
    "vm-review_recording": Speech(
        "To save it, press 1. To listen to it, press 2. To record it again, press 3."
    ),
    "vm-saved": Prompt("vm-msgsaved"),
    "vm-saved_message": Speech("saved message."),
    "vm-saved_messages": Speech("saved messages."),
    "vm-settings_menu": Speech(
        "To record your greeting, press 1. To record your name, press 2. To change your pin,"
        " press 3. To record a temporary greeting, press 4. To remove it, press 5."
        " For the main menu, press 0."
    ),
    "vm-setup_complete": Speech("Your mailbox is ready."),
    "vm-setup_intro": Speech("Your mailbox is new. Please choose a pin."),
    "vm-setup_rec_greeting": Speech("Now record your greeting."),
    "vm-thank_you": Speech("Thank you."),
    "vm-you_have": Prompt("vm-youhave"),
}
