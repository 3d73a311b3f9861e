"""A page to be faxed: a TIFF file with black and white stripes, as fax machines code it (T.4)."""

import struct

_ROW_END = "000000000001"
_WHITE = "010011011" + "00110101"  # 1728 of them, and none more
_BLACK = "00110101" + "0000001100101" + "0000110111"  # no white, 1728 black, none more
_WIDTH, _STRIPE = 1728, 40


def page(rows=400):
    """Return the file; `rows` of 98 an inch."""
    bits = (
        "".join(_ROW_END + (_BLACK if row // _STRIPE % 2 else _WHITE) for row in range(rows))
        + 6 * _ROW_END
    )
    data = int(bits.ljust(-(-len(bits) // 16) * 16, "0"), 2).to_bytes(
        -(-len(bits) // 16) * 2, "big"
    )
    at = 8 + len(data)
    fields = [
        (256, 4, _WIDTH), (257, 4, rows), (258, 3, 1), (259, 3, 3), (262, 3, 0), (266, 3, 1),
        (273, 4, 8), (277, 3, 1), (278, 4, rows), (279, 4, len(data)), (292, 4, 0), (296, 3, 2),
    ]  # fmt: skip
    where = at + 2 + 12 * (len(fields) + 2) + 4
    fields += [(282, 5, where), (283, 5, where + 8)]
    entries = b"".join(
        struct.pack("<HHIHH", tag, kind, 1, value, 0) if kind == 3 else struct.pack("<HHII", tag, kind, 1, value)
        for tag, kind, value in sorted(fields)
    )  # fmt: skip
    head = b"II*\0" + struct.pack("<I", at)
    return (
        head
        + data
        + struct.pack("<H", len(fields))
        + entries
        + struct.pack("<I4I", 0, 204, 1, 98, 1)
    )


def pages(file):
    """Return how many pages a TIFF file has."""
    count, (at,) = 0, struct.unpack_from("<I", file, 4)
    while at:
        (fields,) = struct.unpack_from("<H", file, at)
        (at,) = struct.unpack_from("<I", file, at + 2 + 12 * fields)
        count += 1
    return count
