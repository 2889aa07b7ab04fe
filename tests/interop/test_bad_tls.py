#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Certificates that are unusual are taken, those that are wrong and TLS that is none refused, in both directions;
nobody else notices."""

import socket
import ssl
import unittest

import tls_peer
from bare import MAIN, WANT, WANTED
from certificates import Certificate, Identity, chain, right_certificates, wrong_certificates
from mexport import CONNECTED, OFFERED
from peers import GoPeer
from scenario import Scenario

HELLO = bytes.fromhex("1603010200010001fc0303")  # how a ClientHello of 512 bytes begins
AFTER_TLS = {
    "garbage": bytes(range(256)) * 16,
    "zeros": bytes(4096),
    "record of the largest length": b"\x16\x03\x01\xff\xff" + bytes(70_000),
    "hello of zeros": HELLO + bytes(506),
    "fatal alert": b"\x15\x03\x01\x00\x02\x02\x28",
    "application data": b"\x17\x03\x03\x00\x20" + bytes(32),
    "no more than a beginning": HELLO,
}


def read_all(sock):
    try:
        while sock.recv(65536):
            pass
    except ConnectionError:
        pass


class BadTls(Scenario):
    def good(self, name):
        identity = Identity(self.folder, name)
        return identity, chain(identity, Certificate(identity))

    def listener(self, file, key):
        made = tls_peer.Listener(file, key)
        self.addCleanup(made.close)
        return made

    def assert_good_one_gets_in(self, node, name, alpn=(tls_peer.YAMUX, tls_peer.FALLBACK)):
        self.assert_gets_in(node, *self.good(name), alpn)

    def assert_gets_in(self, node, identity, file, alpn=(tls_peer.YAMUX, tls_peer.FALLBACK)):
        secured = tls_peer.dial(node.port, file, identity.leaf.path, alpn)
        with secured.sock:
            self.assertEqual(secured.first_frame()[0], 0, "yamux")
            self.assertEqual(secured.alpn, alpn[0] if alpn else None)
            opened = node.wait_event("connection_event", identity.peer)
        self.assertEqual(opened["ext"]["security"], "tls")

    def test_diallers_with_wrong_certificates(self):
        node = self.mexport(config=OFFERED)
        go = self.start(GoPeer(self.folder)).host(security=["tls"])
        go.connect(node.addr)
        wrong = wrong_certificates(self.folder)
        for what, (identity, file) in wrong.items():
            with self.subTest(what), self.assertRaises(tls_peer.Refused):
                self.dial_wrong(node, file, identity.leaf.path)
        for what, alter in {"no certificate": None, "old version": self.only_old}.items():
            identity, file = self.good(what)
            with self.subTest(what), self.assertRaises(tls_peer.Refused):
                self.dial_wrong(node, *((file, identity.leaf.path, alter) if alter else (None, None)))
        self.assert_good_one_gets_in(node, "good")
        go.ask("ping", peer=node.peer)
        go.open(node.peer, MAIN).send(WANT)
        node.wait_want(go.peer, WANTED)
        node.stop()
        peers = {event["peer"] for event in node.events("connection_event")}
        self.assertFalse(peers & {identity.peer for identity, _ in wrong.values()})

    def dial_wrong(self, node, file, key, alter=lambda context: None):
        secured = tls_peer.dial(node.port, file, key, alter=alter)
        with secured.sock:
            secured.first_frame()

    @staticmethod
    def only_old(context):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2

    def test_every_way_to_the_muxer(self):
        node = self.mexport(config=OFFERED)
        for alpn in [(tls_peer.YAMUX, tls_peer.FALLBACK), (tls_peer.YAMUX,), (tls_peer.FALLBACK,), ()]:
            with self.subTest(alpn):
                self.assert_good_one_gets_in(node, f"alpn-{'-'.join(alpn).replace('/', '')}", alpn)
        node.stop()

    def test_diallers_with_unusual_certificates(self):
        node = self.mexport(config=OFFERED)
        for what, (identity, file) in right_certificates(self.folder).items():
            with self.subTest(what):
                self.assert_gets_in(node, identity, file)
        node.stop()

    def test_listeners_with_unusual_certificates(self):
        right = right_certificates(self.folder)
        listeners = [self.listener(file, identity.leaf.path) for identity, file in right.values()]
        node = self.mexport(peers=[f"/ip4/127.0.0.1/tcp/{listener.port}/p2p/{identity.peer}"
                                   for listener, (identity, _) in zip(listeners, right.values())])
        for what, (identity, _) in right.items():
            with self.subTest(what):
                node.wait_event("connection_event", identity.peer)
        node.stop()

    def test_what_is_no_tls(self):
        node = self.mexport(config=OFFERED)
        for what, sent in AFTER_TLS.items():
            with self.subTest(what), socket.create_connection(("127.0.0.1", node.port), timeout=20) as sock:
                tls_peer.propose(sock, tls_peer.TLS)
                try:
                    sock.sendall(sent)
                except ConnectionError:
                    continue
                read_all(sock)  # ends, the unfinished one with the handshake's time: the time-out would be an error
        self.assert_good_one_gets_in(node, "good")
        node.stop()

    def test_listeners_with_wrong_certificates(self):
        wrong = {what: (identity, self.listener(file, identity.leaf.path))
                 for what, (identity, file) in wrong_certificates(self.folder).items()}
        identity, file = self.good("good")
        good = self.listener(file, identity.leaf.path)
        mistaken = self.listener(file, identity.leaf.path)
        stranger = Identity(self.folder, "expected")
        wrong["another peer than expected"] = stranger, mistaken
        node = self.mexport(peers=[f"/ip4/127.0.0.1/tcp/{listener.port}/p2p/{who.peer}"
                                   for who, listener in [*wrong.values(), (identity, good)]])
        for what, (_, listener) in wrong.items():
            with self.subTest(what):
                self.eventually("try", lambda: listener.outcomes)
                self.assertTrue(listener.outcomes[0].startswith("refused"), listener.outcomes)
        opened = node.wait_event("connection_event", identity.peer)
        self.assertEqual((opened["connection_event"]["connection_event_type"], opened["ext"]["security"]),
                         (CONNECTED, "tls"))
        node.stop()
        self.assertEqual({event["peer"] for event in node.events("connection_event")}, {identity.peer})


if __name__ == "__main__":
    unittest.main()
