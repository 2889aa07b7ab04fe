# SPDX-License-Identifier: MIT
"""Where numbered messages come from: a go-libp2p peer, or mexport-load where many are needed."""

import json
import os
from pathlib import Path

from mexport import BINARY
from peers import GoPeer
from program import Program
from strict import numbered_cid
from wire import uvarint

BITSWAP = "/ipfs/bitswap/1.2.0"
LOAD = Path(os.environ.get("MEXPORT_LOAD", BINARY.parent / "mexport-load"))
AT_ONCE = 100


def message(number):
    """A want-have of the number's CID, with its length before it."""
    cid = numbered_cid(number)
    entry = b"\x0a" + uvarint(len(cid)) + cid + b"\x10\x01\x20\x01"
    wantlist = b"\x0a" + uvarint(len(entry)) + entry
    body = b"\x0a" + uvarint(len(wantlist)) + wantlist
    return uvarint(len(body)) + body


class GoSource:
    """A real peer. Knows the numbers that it has sent."""

    def __init__(self, folder):
        self.peers = GoPeer(folder)
        self._hosts = 0
        self._stream = None
        self.next = 0

    def connect(self, node):
        """To this node from now on, as a new peer."""
        self._hosts += 1
        host = self.peers.host(f"host{self._hosts}")
        host.connect(node.addr)
        self._stream = host.open(node.peer, BITSWAP)

    def send(self, count):
        """The numbers sent, which are new."""
        first = self.next
        for begin in range(first, first + count, AT_ONCE):
            part = range(begin, min(begin + AT_ONCE, first + count))
            self._stream.send(b"".join(map(message, part)).hex(), frame=False)
        self.next += count
        return range(first, first + count)

    def kill(self):
        self.peers.kill()


class LoadSource(Program):
    """`mexport-load` for a while: so many messages a second over a few connections."""

    def __init__(self, folder, node, rate, seconds, first=0, connections=10, entries=1):
        self.first = first
        super().__init__("mexport-load", [
            LOAD, "--target", node.addr, "--connections", connections, "--rate", rate, "--seconds", seconds,
            "--entries", entries, "--numbered", first], Path(folder) / "load.log")
        try:
            self.line(60)
        except BaseException:
            self.kill()
            raise

    def numbers(self, timeout=120):
        """All that it sent, once it has."""
        return range(self.first, self.first + json.loads(self.line(timeout))["sent"])
