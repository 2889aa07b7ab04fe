#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""TLS goes on with new keys whenever the peer wants: the openssl command as dialler, behind a relay that negotiates."""

import socket
import subprocess
import threading
import unittest

import tls_peer
from certificates import Certificate, Identity, chain
from mexport import OFFERED
from scenario import Scenario

UPDATES = 5


def yamux_ping(value, flag):
    return b"\x00\x02\x00" + bytes([flag]) + bytes(4) + value.to_bytes(4, "big")


class Relay:
    """Takes one connection, proposes TLS to the node, and passes everything on."""

    def __init__(self, port):
        self.node = socket.create_connection(("127.0.0.1", port))
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

    @staticmethod
    def _pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class KeyUpdate(Scenario):
    def test_new_keys_in_both_directions(self):
        node, identity = self.mexport(config=OFFERED), Identity(self.folder)
        relay = Relay(node.port)
        self.addCleanup(relay.close)
        client = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{relay.port}", "-tls1_3", "-noservername", "-alpn",
             tls_peer.YAMUX, "-cert", chain(identity, Certificate(identity)), "-key", identity.leaf.path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        said = bytearray()
        reader = threading.Thread(target=lambda: [said.extend(data) for data in iter(lambda: client.stdout.read(4096), b"")])
        reader.start()
        try:
            node.wait_event("connection_event", identity.peer)
            for value in range(1, UPDATES + 1):
                for command in (b"k\n", b"K\n"):  # our keys alone; both sides'
                    client.stdin.write(command)
                    self.eventually("update", lambda: said.count(b"KEYUPDATE") == 2 * value - (command == b"k\n"))
                client.stdin.write(yamux_ping(value, flag=1))
                self.eventually(f"pong {value}", lambda: yamux_ping(value, flag=2) in said)
            self.assertEqual(len(node.events("connection_event", identity.peer)), 1, "still connected")
        finally:
            client.kill()
            client.wait()
            reader.join()
            client.stdin.close()
            client.stdout.close()
        node.stop()


if __name__ == "__main__":
    unittest.main()
