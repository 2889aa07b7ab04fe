# SPDX-License-Identifier: MIT
"""Just enough protobuf to read answers and write wants."""

WIRE_VARINT, WIRE_BYTES = 0, 2
FIELD_PRESENCES = 4
PRESENCE_DONT_HAVE = 1


def uvarint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def read_uvarint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def frames(hexes):
    """The messages of a stream of length-prefixed ones."""
    data, at, found = bytes.fromhex(hexes), 0, []
    while at < len(data):
        size, at = read_uvarint(data, at)
        found.append(data[at:at + size])
        at += size
    return found


def fields(data):
    at = 0
    while at < len(data):
        tag, at = read_uvarint(data, at)
        if tag & 7 == WIRE_VARINT:
            value, at = read_uvarint(data, at)
        elif tag & 7 == WIRE_BYTES:
            size, at = read_uvarint(data, at)
            value, at = data[at:at + size], at + size
        else:
            raise ValueError(f"wire type {tag & 7}")
        yield tag >> 3, value


def dont_haves(messages):
    """The CIDs, in hex, that Bitswap messages say DONT_HAVE of. Anything else in them is refused."""
    for message in messages:
        for number, value in fields(message):
            if number == FIELD_PRESENCES:
                presence = dict(fields(value))
                if presence.get(2, 0) != PRESENCE_DONT_HAVE:
                    raise ValueError(f"a presence that is no DONT_HAVE: {presence}")
                yield presence[1].hex()
            elif value:
                raise ValueError(f"field {number} in an answer: {value}")
