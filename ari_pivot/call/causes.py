"""Why calls end: Q.850 causes, their names as KAZOO writes them, and the SIP statuses beside them.

Sources: ITU-T Q.850; RFC 3398; chan_pjsip's own mapping, which decides what a SIP caller is told.
"""

NAMES = {
    1: "UNALLOCATED_NUMBER",
    2: "NO_ROUTE_TRANSIT_NET",
    3: "NO_ROUTE_DESTINATION",
    16: "NORMAL_CLEARING",
    17: "USER_BUSY",
    18: "NO_USER_RESPONSE",
    19: "NO_ANSWER",
    20: "SUBSCRIBER_ABSENT",
    21: "CALL_REJECTED",
    22: "NUMBER_CHANGED",
    25: "EXCHANGE_ROUTING_ERROR",
    26: "ANSWERED_ELSEWHERE",
    27: "DESTINATION_OUT_OF_ORDER",
    28: "INVALID_NUMBER_FORMAT",
    29: "FACILITY_REJECTED",
    31: "NORMAL_UNSPECIFIED",
    34: "NORMAL_CIRCUIT_CONGESTION",
    38: "NETWORK_OUT_OF_ORDER",
    41: "NORMAL_TEMPORARY_FAILURE",
    42: "SWITCH_CONGESTION",
    44: "REQUESTED_CHAN_UNAVAIL",
    50: "FACILITY_NOT_SUBSCRIBED",
    52: "OUTGOING_CALL_BARRED",
    54: "INCOMING_CALL_BARRED",
    57: "BEARERCAPABILITY_NOTAUTH",
    58: "BEARERCAPABILITY_NOTAVAIL",
    65: "BEARERCAPABILITY_NOTIMPL",
    66: "CHAN_NOT_IMPLEMENTED",
    79: "SERVICE_NOT_IMPLEMENTED",
    88: "INCOMPATIBLE_DESTINATION",
    102: "RECOVERY_ON_TIMER_EXPIRE",
    127: "INTERWORKING",
}

#: The status a caller who is not answered gets for a cause.
TO_SIP = {
    1: 404, 2: 404, 3: 404, 16: 603, 17: 486, 18: 408, 19: 480, 20: 480, 21: 403, 22: 410,
    27: 502, 28: 484, 29: 501, 31: 480, 34: 503, 38: 500, 42: 503, 58: 488, 66: 503, 127: 500,
}  # fmt: skip

_FROM_SIP = {
    400: 41, 401: 21, 402: 21, 403: 21, 404: 1, 405: 29, 406: 58, 407: 21, 408: 18, 410: 22,
    413: 127, 414: 127, 415: 58, 416: 127, 420: 127, 421: 127, 423: 127, 480: 19, 481: 41,
    482: 127, 483: 127, 484: 28, 485: 1, 486: 17, 487: 127, 488: 58, 491: 127, 493: 127,
    500: 38, 501: 29, 502: 27, 503: 34, 504: 102, 505: 127, 513: 127, 600: 17, 603: 16, 604: 1,
    606: 58,
}  # fmt: skip

#: What FreeSWITCH calls the end of a leg by its SIP status. Source: RFC 4497 §8.4.4, as it has it.
_OF_SIP = {
    **dict.fromkeys((401, 402, 403, 407, 603), "CALL_REJECTED"),
    **dict.fromkeys((413, 414, 416, 420, 421, 423, 505, 513), "INTERWORKING"),
    **dict.fromkeys((400, 481, 500, 503), "NORMAL_TEMPORARY_FAILURE"),
    **dict.fromkeys((406, 415, 501), "SERVICE_NOT_IMPLEMENTED"),
    **dict.fromkeys((408, 504), "RECOVERY_ON_TIMER_EXPIRE"),
    **dict.fromkeys((482, 483), "EXCHANGE_ROUTING_ERROR"),
    **dict.fromkeys((485, 604), "NO_ROUTE_DESTINATION"),
    **dict.fromkeys((486, 600), "USER_BUSY"),
    **dict.fromkeys((488, 606), "INCOMPATIBLE_DESTINATION"),
    404: "UNALLOCATED_NUMBER",
    405: "SERVICE_UNAVAILABLE",
    410: "NUMBER_CHANGED",
    480: "NO_USER_RESPONSE",
    484: "INVALID_NUMBER_FORMAT",
    502: "NETWORK_OUT_OF_ORDER",
}  # fmt: skip


def names(cause: int, sip: int) -> list[str]:
    """Return what the end of a leg is called: by its SIP status, as KAZOO does, then its cause."""
    return [*([_OF_SIP[sip]] if sip in _OF_SIP else []), name(cause)]


def name(cause: int) -> str:
    """Return KAZOO's name of a Q.850 cause; NORMAL_UNSPECIFIED for one it has none for."""
    return NAMES.get(cause, "NORMAL_UNSPECIFIED")


def from_sip(status: int) -> int:
    """Return the cause with which Asterisk tells an unanswered SIP caller this status.

    What chan_pjsip has no cause for becomes the nearest of its class.
    """
    if status in _FROM_SIP:
        return _FROM_SIP[status]
    return {4: 127, 5: 38, 6: 17}.get(status // 100, 16)
