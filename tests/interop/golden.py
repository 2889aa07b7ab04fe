# SPDX-License-Identifier: MIT
"""The recorded cases: what was sent to the reference exporter, and what came of it."""

import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from cids import raw_cid
from wire import dont_haves, frames, uvarint

FILE = Path(__file__).resolve().parents[1] / "vectors" / "golden" / "bitswap-cases.jsonl"

# Those that one TCP connection with Noise can carry.
TRANSPORTS = {"tcp", "tcp-close"}
KEYS = {"peer-rsa": "rsa", "peer-secp256k1": "secp256k1", "peer-ecdsa": "ecdsa"}
PAUSE = 0.06  # between the messages of a case, as when they were recorded
CUT = re.compile(r"\((\d+) bytes\) ([0-9a-f]*)…")


@dataclass
class Message:
    """Protobuf bytes in hex, then zeros up to `size` bytes."""
    hexes: str
    size: int = 0


@dataclass
class Case:
    name: str
    protocol: str
    key: str
    closes: bool  # the sender closes its side after the last message
    stream: str  # "open", "reset" or "eof"
    events: list
    connection_events: list
    answers: set  # binary CIDs, in hex, that were answered with DONT_HAVE
    messages: list = field(default_factory=list)
    raw: str = ""  # sent as it is instead of messages


@dataclass(frozen=True)
class Difference:
    """Where mexport does not do what the reference did, on purpose."""
    reason: str
    want_type: int | None = None
    stream: str | None = None


WRITES_BLOCK = "a WantType outside 0 and 1 kills consumers; ext.wire keeps the raw value"
DIFFERENCES = {
    "want-type-2": Difference(WRITES_BLOCK, want_type=0),
    "want-type-minus-1": Difference(WRITES_BLOCK, want_type=0),
    "cid-identity": Difference(
        "the reference drops a peer that asks for an identity CID; a monitor goes on listening", stream="open"),
}


def cases():
    """Each case that TCP with Noise can carry, with the differences worked into what is expected."""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        recorded = json.loads(line)
        if recorded["transport"] in TRANSPORTS:
            yield expected(case_of(recorded))


def case_of(recorded):
    name = recorded["case"]
    ends = {"open": "open", "reset": "reset", "closed by the reference": "eof"}
    case = Case(
        name=name, protocol=recorded["protocol"], key=KEYS.get(name, "ed25519"),
        closes=recorded["transport"] == "tcp-close" or "raw_hex" in recorded, stream=ends[recorded["stream"]],
        events=[], connection_events=[json.loads(event) for event in recorded["connection_events"]],
        answers=set(), raw=recorded.get("raw_hex", ""))
    if name == "two-thousand-entries":
        many_entries(case, recorded["entries_in_event"])
        return case
    case.messages = [message(text) for text in recorded["messages_hex"] or []]
    case.events = [json.loads(event) for event in recorded["bitswap_events"]]
    case.answers = set(dont_haves(frames("".join(recorded["answer_hex"]))))
    return case


def message(text):
    cut = CUT.fullmatch(text)
    return Message(cut[2][:len(cut[2]) // 2 * 2], int(cut[1])) if cut else Message(text)


def many_entries(case, count):
    """The recording cuts this one's bytes: the same number of entries of the same form, and what they must give."""
    wants, listed = b"", []
    for index in range(count):
        binary, text = raw_cid(hashlib.sha256(str(index).encode()).digest())
        priority = count - index
        entry = b"\x0a" + uvarint(len(binary)) + binary + b"\x10" + uvarint(priority) + b"\x20\x01\x28\x01"
        wants += b"\x0a" + uvarint(len(entry)) + entry
        listed.append({"Cid": {"/": text}, "Priority": priority, "WantType": 1, "Cancel": False, "SendDontHave": True})
        case.answers.add(binary.hex())
    case.messages = [Message((b"\x0a" + uvarint(len(wants)) + wants).hex())]
    case.events = [{"timestamp": "", "peer": "", "bitswap_message": {
        "wantlist_entries": listed, "full_wantlist": False, "blocks": [], "block_presences": [],
        "connected_addresses": ["/ip4/127.0.0.1/tcp/1"]}}]


def expected(case):
    difference = DIFFERENCES.get(case.name)
    if difference is None:
        return case
    if difference.want_type is not None:
        for event in case.events:
            for entry in event["bitswap_message"]["wantlist_entries"]:
                entry["WantType"] = difference.want_type
    if difference.stream is not None:
        case.stream = difference.stream
    return case


def send(process, node, case):
    """Sends it from a new host of the process: (host, stream)."""
    host, (stream,) = send_to_all(process, (node,), case)
    return host, stream


def send_to_all(process, nodes, case):
    """The same host sends it to each of the nodes: (host, streams)."""
    host = process.host(case.name, key=case.key)
    for node in nodes:
        host.connect(node.addr)
    streams = [host.open(node.peer, case.protocol) for node in nodes]
    for stream in streams:
        if case.raw:
            stream.send(case.raw, frame=False)
    for message in case.messages:
        for stream in streams:
            stream.send(message.hexes, pad=message.size)
        time.sleep(PAUSE)
    for stream in streams:
        if case.closes:
            stream.close_write()
    return host, streams


def comparable(event):
    """The event's text with time, peer and ports aside and its lists as sets. Keeps the order of keys."""
    event = json.loads(json.dumps(event))
    event.pop("ext", None)
    event["timestamp"] = event["peer"] = "-"
    if "bitswap_message" in event:
        content = event["bitswap_message"]
        for name, key in (("wantlist_entries", lambda e: e["Cid"]["/"]), ("blocks", lambda b: b["/"]),
                          ("block_presences", lambda p: p["cid"]["/"])):
            content[name].sort(key=key)
        content["connected_addresses"] = [portless(a) for a in content["connected_addresses"]]
    if "connection_event" in event:
        event["connection_event"]["remote"] = portless(event["connection_event"]["remote"])
    return json.dumps(event, indent=1)


def portless(address):
    return re.sub(r"/tcp/\d+$", "/tcp/-", address)
