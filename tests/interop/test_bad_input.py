#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Strangers that send nonsense or nothing: their connection or stream ends, nobody else notices."""

import socket
import time
import unittest

from bare import MAIN, WANT, WANTED
from mexport import CONNECTED
from peers import GoPeer
from scenario import Scenario

MULTISTREAM = b"\x13/multistream/1.0.0\n"
NOISE = b"\x07/noise\n"

FIRST_BYTES = {
    "garbage": bytes(range(256)) * 16,
    "http": b"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: something that looks around\r\nAccept: */*\r\n\r\n",
    "tls": bytes.fromhex("1603010200010001fc0303") + b"\x00" * 512,
    "token without end": b"\xff\xff\xff\xff\x0f" + b"a" * 4096,
    "oversized varint": b"\xff" * 32,
    "token too long": b"\x81\x20" + b"a" * 5000,
    "noise garbage": MULTISTREAM + NOISE + b"\x00\x20" + b"\x01" * 32 + b"\x00\x10" + b"\x02" * 16,
    "noise empty message": MULTISTREAM + NOISE + b"\x00\x00",
}
BITSWAP_STREAMS = {
    "varint of ten bytes": "ffffffffffffffffffff01",
    "varint not minimal": "8000",
    "four mebibytes and one": "81808002",
    "huge length": "ffffffffffffffff7f",
    "garbage": "03ffffff",
}


def read_all(sock):
    """What comes until the other side closes."""
    got = b""
    try:
        while chunk := sock.recv(65536):
            got += chunk
    except ConnectionError:
        pass
    return got


class BadInput(Scenario):
    def setUp(self):
        super().setUp()
        self.node = self.mexport()
        self.process = self.start(GoPeer(self.folder))
        self.bystander = self.process.host("bystander")
        self.bystander.connect(self.node.addr)
        self.bystander.ask("identify", peer=self.node.peer)

    def assert_bystander_is_fine(self):
        self.bystander.ask("ping", peer=self.node.peer)
        self.bystander.open(self.node.peer, MAIN).send(WANT)
        self.node.wait_want(self.bystander.peer, WANTED)
        seen = self.node.events("connection_event", self.bystander.peer)
        self.assertEqual([e["connection_event"]["connection_event_type"] for e in seen], [CONNECTED])
        self.node.stop()

    def test_first_bytes(self):
        for name, sent in FIRST_BYTES.items():
            with self.subTest(name), socket.create_connection(("127.0.0.1", self.node.port), timeout=5) as sock:
                sock.sendall(sent)
                read_all(sock)  # ends at once: the time-out would be an error
        self.assert_bystander_is_fine()

    def test_silence(self):
        started = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.node.port), timeout=20) as sock:
            read_all(sock)
        self.assertGreater(time.monotonic() - started, 5, "a slow peer has some seconds for its first bytes")
        self.assert_bystander_is_fine()

    def test_bitswap_streams(self):
        for name, sent in BITSWAP_STREAMS.items():
            with self.subTest(name):
                go = self.process.host(name)
                go.connect(self.node.addr)
                stream = go.open(self.node.peer, MAIN)
                stream.send(sent, frame=False)
                self.eventually("reset", lambda: stream.state()["state"] == "reset")
                go.open(self.node.peer, MAIN).send(WANT)  # the connection is kept
                self.node.wait_want(go.peer, WANTED)
        self.assert_bystander_is_fine()

    def test_unknown_protocol(self):
        with self.assertRaisesRegex(AssertionError, "protocols not supported"):
            self.bystander.open(self.node.peer, "/nobody/speaks/this")
        self.assert_bystander_is_fine()


if __name__ == "__main__":
    unittest.main()
