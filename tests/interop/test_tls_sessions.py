#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""TLS sessions of every kind that the openssl command can ask for, behind a relay that negotiates: cipher suites, key
exchanges, new keys again and again, and a network that brings a byte at a time."""

import socket
import subprocess
import threading
import unittest

import tls_peer
from certificates import Certificate, Identity, chain
from mexport import DISCONNECTED, OFFERED
from scenario import Scenario

UPDATES = 5
SUITES = ["TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"]
# The second is sent a HelloRetryRequest: its first key share is of a curve that it must do without.
GROUPS = ["X25519", "P-384:X25519", "P-256"]


def yamux_ping(value, flag):
    return b"\x00\x02\x00" + bytes([flag]) + bytes(4) + value.to_bytes(4, "big")


class Relay:
    """Takes one connection, proposes TLS to the node, and passes everything on, in pieces of at most `piece` bytes."""

    def __init__(self, port, piece=65536):
        self.piece = piece
        self.node = socket.create_connection(("127.0.0.1", port))
        self.node.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        tls_peer.propose(self.node, tls_peer.TLS)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self.listener.close()
        self.node.close()

    def _serve(self):
        client, _ = self.listener.accept()
        with client:
            back = threading.Thread(target=self._pump, args=(self.node, client), daemon=True)
            back.start()
            self._pump(client, self.node)
            back.join()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65536):
                for at in range(0, len(data), self.piece):
                    sink.sendall(data[at:at + self.piece])
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Client:
    """`openssl s_client` with a good certificate; takes commands, and bytes to send."""

    def __init__(self, identity, port, *options):
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_3", "-noservername",
                   "-alpn", tls_peer.YAMUX, "-cert", chain(identity, Certificate(identity)),
                   "-key", identity.leaf.path, *options]
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        self.said = bytearray()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        while data := self.process.stdout.read(4096):
            self.said += data

    def send(self, data):
        self.process.stdin.write(data)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()


class TlsSessions(Scenario):
    def setUp(self):
        super().setUp()
        self.node = self.mexport(config=OFFERED)
        self.made = 0

    def client(self, *options, piece=65536):
        self.made += 1
        identity = Identity(self.folder, f"client-{self.made}")
        relay = Relay(self.node.port, piece)
        self.addCleanup(relay.close)
        client = Client(identity, relay.port, *options)
        self.addCleanup(client.close)
        opened = self.node.wait_event("connection_event", identity.peer)
        self.assertEqual(opened["ext"]["security"], "tls")
        return identity, client

    def assert_answers(self, client, value):
        client.send(yamux_ping(value, flag=1))
        self.eventually(f"pong {value}", lambda: yamux_ping(value, flag=2) in client.said)

    def assert_new_keys_work(self, identity, client):
        for value in range(1, UPDATES + 1):
            for index, command in enumerate((b"k\n", b"K\n")):  # of the client alone; of both sides
                client.send(command)
                self.eventually("update", lambda: client.said.count(b"KEYUPDATE") == 2 * value - 1 + index)
            self.assert_answers(client, value)
        self.assertEqual(len(self.node.events("connection_event", identity.peer)), 1, "still connected")

    def test_every_suite_with_new_keys(self):
        for suite in SUITES:
            with self.subTest(suite):
                identity, client = self.client("-ciphersuites", suite)
                self.assertIn(suite.encode(), client.said)
                self.assert_new_keys_work(identity, client)
        self.node.stop()

    def test_every_key_exchange(self):
        for groups in GROUPS:
            with self.subTest(groups):
                _, client = self.client("-groups", groups)
                self.assert_answers(client, 1)
        self.node.stop()

    def test_a_byte_at_a_time(self):
        identity, client = self.client(piece=1)
        self.assert_new_keys_work(identity, client)
        self.node.stop()

    def test_a_proper_end(self):
        identity, client = self.client()
        client.send(b"Q\n")  # close_notify
        closed = self.node.wait_event(
            "connection_event", identity.peer, lambda e: e["connection_event"]["connection_event_type"] == DISCONNECTED)
        self.assertEqual((closed["ext"]["closed_by"], closed["ext"]["reason"]), ("remote", "eof"))
        self.node.stop()


if __name__ == "__main__":
    unittest.main()
