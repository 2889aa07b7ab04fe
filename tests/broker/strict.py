# SPDX-License-Identifier: MIT
"""What a consumer of the reference's messages takes, and nothing else: a body that its decoder would stumble over is a
Deviation. One gzip member, one JSON array of events of one kind and a newline, as the reference writes them."""

import base64
import json
import re
import zlib

MESSAGES, CONNECTIONS = "bitswap_messages", "conn_events"
KINDS = {MESSAGES: "bitswap_message", CONNECTIONS: "connection_event"}
GZIP_HEADER = bytes.fromhex("1f8b08000000000000ff")  # Go's
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z")
PEER = re.compile(r"(12D3KooW|16Uiu2HA|Qm)[1-9A-HJ-NP-Za-km-z]{38,48}")
ADDRESS = re.compile(r"/(ip4|ip6|dns)/.+(?<!/)")
CID = re.compile(r"b[a-z2-7]{8,}|Qm[1-9A-HJ-NP-Za-km-z]{44}")
INT32 = range(-2**31, 2**31)


class Deviation(Exception):
    """The reference's consumer would have ended, or misunderstood."""


def require(condition, what):
    if not condition:
        raise Deviation(what)


def decode(body):
    """The events of one delivery's body."""
    require(body.startswith(GZIP_HEADER), f"a gzip header of {body[:10].hex()}")
    member = zlib.decompressobj(wbits=31)
    try:
        data = member.decompress(body)
    except zlib.error as error:
        raise Deviation(f"gzip: {error}") from None
    require(member.eof, "a gzip member without an end")
    require(not member.unused_data, "something after the gzip member")
    try:
        text = data.decode("utf-8")
        events, end = json.JSONDecoder(parse_constant=refuse).raw_decode(text)
    except ValueError as error:
        raise Deviation(f"no JSON: {error}") from None
    require(text[end:] == "\n", f"after the array: {text[end:end + 20]!r}")
    require(isinstance(events, list) and events, "no array of events")
    if "\\ud" in text:
        refuse_surrogates(events)
    return events


def refuse(name):
    raise ValueError(f"{name} is no number")


def refuse_surrogates(events):
    try:
        json.dumps(events, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Deviation(f"a surrogate alone: {error}") from None


def check(events, kind):
    """The events as they may stand in a body of that kind, in the order of their times."""
    before = ""
    for event in events:
        require(list(event) == ["timestamp", "peer", KINDS[kind]], f"an event of {list(event)}")
        require(TIME.fullmatch(event["timestamp"]), f"a time of {event['timestamp']!r}")
        require(PEER.fullmatch(event["peer"]), f"a peer of {event['peer']!r}")
        now = sortable(event["timestamp"])
        require(before <= now, f"{event['timestamp']} after a later one")
        before = now
        (check_message if kind == MESSAGES else check_connection)(event[KINDS[kind]])


def sortable(time):
    whole, _, fraction = time[:-1].partition(".")
    return f"{whole}.{fraction:0<9}"


def check_message(message):
    require(list(message) == ["wantlist_entries", "full_wantlist", "blocks", "block_presences", "connected_addresses"],
            f"a message of {list(message)}")
    require(isinstance(message["full_wantlist"], bool), "full_wantlist")
    for entry in message["wantlist_entries"]:
        require(list(entry) == ["Cid", "Priority", "WantType", "Cancel", "SendDontHave"], f"an entry of {list(entry)}")
        check_cid(entry["Cid"])
        require(is_integer(entry["Priority"]) and entry["Priority"] in INT32, f"a priority of {entry['Priority']!r}")
        require(is_integer(entry["WantType"]) and entry["WantType"] in (0, 1), f"a type of {entry['WantType']!r}")
        require(isinstance(entry["Cancel"], bool) and isinstance(entry["SendDontHave"], bool), "a flag that is none")
    for block in message["blocks"]:
        check_cid(block)
    for presence in message["block_presences"]:
        require(list(presence) == ["cid", "block_presence_type"], f"a presence of {list(presence)}")
        check_cid(presence["cid"])
        require(presence["block_presence_type"] in (0, 1), "a presence of another type")
    for address in message["connected_addresses"]:
        check_address(address)


def check_connection(event):
    require(list(event) == ["remote", "connection_event_type"], f"a connection event of {list(event)}")
    check_address(event["remote"])
    require(is_integer(event["connection_event_type"]) and event["connection_event_type"] in (0, 1), "its type")


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def check_cid(cid):
    require(list(cid) == ["/"] and CID.fullmatch(cid["/"]), f"a CID of {cid!r}")


def check_address(address):
    require(isinstance(address, str) and ADDRESS.fullmatch(address) and "/p2p/" not in address,
            f"an address of {address!r}")


NUMBERED = bytes([1, 0x55, 0, 8])  # CIDv1, raw, an identity of 8 bytes: the number of the message


def numbered_cid(number):
    """Binary, as a source puts it into its message `number`."""
    return NUMBERED + number.to_bytes(8, "big")


def numbers(events):
    """The numbers of the messages among them: each stands in the first entry."""
    for event in events:
        if "bitswap_message" in event:
            text = event["bitswap_message"]["wantlist_entries"][0]["Cid"]["/"][1:].upper()
            binary = base64.b32decode(text + "=" * (-len(text) % 8))
            require(binary.startswith(NUMBERED), f"a CID that no source sent: {text}")
            yield int.from_bytes(binary[len(NUMBERED):], "big")
