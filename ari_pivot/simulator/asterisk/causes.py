"""Why calls end, as Asterisk 22 with chan_pjsip says it: measured, every status and every cause."""

from ari_pivot.call.causes import TO_SIP

NORMAL, NO_ANSWER, FAILURE, INTERWORKING = 16, 19, 41, 127
ANSWERED, CANCELLED, DECLINED = 200, 487, 603

#: The `reason` of a hang-up command.
REASONS = {
    "normal": 16, "busy": 17, "congestion": 34, "no_answer": 19, "timeout": 18, "rejected": 21,
    "unallocated": 1, "normal_unspecified": 31, "number_incomplete": 28, "codec_mismatch": 58,
    "interworking": 127, "failure": 38, "answered_elsewhere": 26,
}  # fmt: skip

_TEXTS = {
    0: "Unknown",
    1: "Unallocated (unassigned) number",
    3: "No route to destination",
    16: "Normal Clearing",
    17: "User busy",
    18: "No user responding",
    19: "User alerting, no answer",
    21: "Call Rejected",
    27: "Destination out of order",
    28: "Invalid number format",
    34: "Circuit/channel congestion",
    38: "Network out of order",
    58: "Bearer capability not available",
    127: "Interworking, unspecified",
}

_OF_A_REFUSAL = {
    401: 21, 403: 21, 404: 1, 407: 21, 408: 18, 410: 22, 420: 3, 480: 19, 483: 19, 484: 28,
    485: 1, 486: 17, 488: 58, 500: 38, 501: 29, 502: 27, 503: 34, 504: 102, 513: 34, 580: 34,
    600: 17, 603: 21, 604: 1, 606: 58,
}  # fmt: skip


def text(cause: int) -> str:
    """Return the `cause_txt` of a ChannelDestroyed."""
    return _TEXTS.get(cause, "Unknown")


def of_refusal(sip: int) -> int:
    """Return the cause of a dialled channel that was refused with a SIP status."""
    return _OF_A_REFUSAL.get(sip, INTERWORKING)


def told(cause: int) -> int:
    """Return the SIP status with which a caller who was never answered is refused."""
    return TO_SIP.get(cause, DECLINED)
