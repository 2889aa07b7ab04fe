#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""TLS with every foreign peer, as dialler and as listener, under both settings of Mexport.Security.Prefer."""

import hashlib
import os
import unittest

from bare import MAIN, BareScenario
from cids import raw_cid
from mexport import CONNECTED, OFFERED
from peers import GoPeer, Helia, Kubo, RustPeer
from test_helia import HeliaScenario
from test_kubo import KuboScenario
from wire import dont_haves, uvarint

NOISE, TLS = "/noise", "/tls/1.0.0"
TLS_ALONE = {"Swarm.Transports.Security.Noise": False}  # of kubo

BLOCK = 3 << 19  # 1.5 MiB


def field(number, content):
    """A protobuf field of bytes."""
    return uvarint(number << 3 | 2) + uvarint(len(content)) + content


def want_have(binary_cid):
    return field(1, field(1, binary_cid) + b"\x10\x01\x20\x01\x28\x01")


class Secured:
    """Adds to a scenario."""

    def assert_security(self, node, peer, security, direction):
        """One connection, its event, nothing before it."""
        opened = node.wait_event("connection_event", peer.peer)
        self.assertEqual(opened["connection_event"]["connection_event_type"], CONNECTED)
        self.assertEqual((opened["ext"]["security"], opened["ext"]["direction"]), (security, direction))


class BareTls(Secured, BareScenario):
    def dials(self, security, config=None, tries=1):
        node, host = self.mexport(config=config), self.hosts().host(listen=True, security=security)
        for _ in range(tries - 1):
            with self.assertRaises(AssertionError):
                host.connect(node.addr)
        return node, host, host.connect(node.addr)

    def dials_by_tls(self, *args, **kwargs):
        node, host, connection = self.dials(*args, **kwargs)
        self.assertEqual((connection["security"], connection["muxer"]), (TLS, "/yamux/1.0.0"))
        self.assertEqual(connection["early_muxer"], self.PEER.EARLY_MUXER)
        self.assert_they_get_on(host, node)
        self.assert_security(node, host, "tls", "inbound")
        node.stop()
        self.assertEqual(host.wait_event("disconnected")["peer"], node.peer)

    def listens(self, security, expected, config=None):
        host = self.hosts().host(listen=True, security=security)
        node = self.mexport(peers=[host.addr], config=config)
        connection = host.wait_event("connected", peer=node.peer)
        self.assertEqual((connection["security"], connection["early_muxer"]), (expected, self.PEER.EARLY_MUXER))
        self.assert_they_get_on(host, node)
        self.assert_security(node, host, expected.split("/")[1], "outbound")
        node.stop()
        self.assertEqual(host.wait_event("disconnected")["peer"], node.peer)


class Dials:
    def test_tls_alone_gets_in_at_its_second_try(self):
        self.dials_by_tls(["tls"], tries=2)

    def test_tls_alone_gets_in_at_once_where_it_may_choose(self):
        self.dials_by_tls(["tls"], config=OFFERED)

    def test_a_dialler_with_both_gets_its_first_where_it_may_choose(self):
        self.dials_by_tls(["tls", "noise"], config=OFFERED)

    def test_a_dialler_with_both_gets_noise_time_and_again(self):
        node, host, connection = self.dials(["tls", "noise"])
        self.assertEqual(connection["security"], NOISE)
        self.assert_security(node, host, "noise", "inbound")
        again = host.process.host("again", security=["tls", "noise"])
        self.assertEqual(again.connect(node.addr)["security"], NOISE, "its address was asked for Noise, not refused")
        node.stop()

    def test_every_key_type(self):
        node, process = self.mexport(config=OFFERED), self.hosts()
        for key in self.PEER.KEYS:
            with self.subTest(key):
                host = process.host(key, key=key, security=["tls"])
                self.assertEqual(host.connect(node.addr)["security"], TLS)
                self.assert_they_get_on(host, node, key)
        node.stop()

    def test_large_messages_in_both_directions(self):
        node, host, _ = self.dials(["tls"], config=OFFERED)
        data = os.urandom(BLOCK)
        cids = [raw_cid(hashlib.sha256(bytes(str(index), "ascii")).digest())[0] for index in range(self.PEER.ANSWERS)]
        wants = field(1, b"".join(want_have(cid) for cid in cids))
        stream = host.open(node.peer, MAIN)
        for message in (wants, field(3, field(1, bytes([1, 0x55, 0x12, 0x20])) + field(2, data))):
            stream.send(message.hex())
        event = node.wait_event("bitswap_message", host.peer, lambda e: e["bitswap_message"]["blocks"])
        self.assertEqual(event["bitswap_message"]["blocks"], [{"/": raw_cid(hashlib.sha256(data).digest())[1]}])
        self.assertEqual(event["ext"]["block_sizes"], [BLOCK])

        def answered():
            return list(dont_haves(bytes.fromhex(text) for text in host.answers()))

        self.eventually("answers", lambda: len(answered()) >= len(cids))
        self.assertEqual(sorted(answered()), sorted(cid.hex() for cid in cids))
        self.assertEqual(stream.state()["state"], "open")
        node.stop()


class Listens:
    def test_tls_alone_at_the_first_try(self):
        self.listens(["tls"], TLS)

    def test_with_both_it_is_noise(self):
        self.listens(["tls", "noise"], NOISE)

    def test_every_key_type(self):
        process = self.hosts()
        hosts = {key: process.host(key, key=key, listen=True, security=["tls"]) for key in self.PEER.KEYS}
        node = self.mexport(peers=[host.addr for host in hosts.values()])
        for key, host in hosts.items():
            with self.subTest(key):
                self.assertEqual(host.wait_event("connected", peer=node.peer)["security"], TLS)
                self.assert_they_get_on(host, node, key)
        node.stop()


class GoDials(Dials, BareTls):
    PEER = GoPeer


class GoListens(Listens, BareTls):
    PEER = GoPeer


class RustDials(Dials, BareTls):
    PEER = RustPeer


class RustListens(Listens, BareTls):
    PEER = RustPeer


class KuboTls(Secured, KuboScenario):
    def dials(self, security, tries=1, kubo=None, config=None):
        node, kubo = self.mexport(config=config), self.start(Kubo(self.folder, config=kubo))

        def meet():
            for _ in range(tries - 1):
                with self.assertRaises(AssertionError):
                    kubo.connect(node.addr)
            kubo.connect(node.addr)
            return node

        self.want_and_cancel(kubo, meet)
        self.assert_kubo_sees(kubo, node)
        self.assert_we_identified(kubo, node)
        self.assert_security(node, kubo, security, "inbound")
        node.stop()

    def test_dials_with_tls_alone(self):
        self.dials("tls", tries=2, kubo=TLS_ALONE)

    def test_dials_with_tls_alone_where_it_may_choose(self):
        self.dials("tls", kubo=TLS_ALONE, config=OFFERED)

    def test_dials_with_both_where_it_may_choose(self):
        self.dials("tls", config=OFFERED)

    def test_listens_with_tls_alone(self):
        kubo = self.start(Kubo(self.folder, config=TLS_ALONE))
        node = self.want_and_cancel(kubo, meet=lambda: self.mexport(peers=[kubo.addr]))
        self.assert_kubo_sees(kubo, node)
        self.assert_we_identified(kubo, node)
        self.assert_security(node, kubo, "tls", "outbound")
        node.stop()


class HeliaTls(Secured, HeliaScenario):
    def dials(self, order, security, tries=1, config=None):
        node, helia = self.mexport(config=config), self.start(Helia(self.folder, order))
        for _ in range(tries - 1):
            with self.assertRaises(AssertionError):
                helia.connect(node.addr)
        connection = helia.connect(node.addr)
        self.assertEqual(connection["muxer"], "/yamux/1.0.0")
        self.assertEqual(connection["security"].split("/")[1], security)
        self.assert_they_get_on(helia, node)
        self.assert_security(node, helia, security, "inbound")
        node.stop()
        helia.wait_event("disconnected", peer=node.peer)

    def test_dials_with_tls_alone(self):
        self.dials(["tls"], "tls", tries=2)

    def test_dials_with_tls_alone_where_it_may_choose(self):
        self.dials(["tls"], "tls", config=OFFERED)

    def test_dials_with_both(self):
        self.dials(["tls", "noise"], "noise")

    def test_dials_with_both_where_it_may_choose(self):
        self.dials(["tls", "noise"], "tls", config=OFFERED)

    def test_listens_with_tls_alone(self):
        helia = self.start(Helia(self.folder, ["tls"]))
        node = self.mexport(peers=[helia.addr])
        helia.wait_event("connected", peer=node.peer)
        self.assert_they_get_on(helia, node)
        self.assert_security(node, helia, "tls", "outbound")
        node.stop()


if __name__ == "__main__":
    unittest.main()
