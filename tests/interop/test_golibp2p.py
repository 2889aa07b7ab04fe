#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A bare go-libp2p host and mexport, each as dialler and as listener, with every type of key."""

import unittest

from mexport import CONNECTED, DISCONNECTED
from peers import GoPeer
from scenario import BITSWAP_PROTOCOLS, Scenario

# A want-have of a CID (raw, sha2-256 of "a") that asks for a DONT_HAVE.
WANTED = "bafkreigks6arfsq3xxfpvqrrwonchxcnu6do76auprhhfomao6c273sixm"
WANT = "0a2e0a2c0a2401551220ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb100120012801"
WANTED_BYTES = "01551220ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
MAIN = BITSWAP_PROTOCOLS[0]
KEY_TYPES = {"ed25519": "12D3Koo", "secp256k1": "16Uiu2HA", "ecdsa": "Qm", "rsa": "Qm"}


class GoScenario(Scenario):
    def assert_they_get_on(self, go, node, key="ed25519"):
        """Identify both ways, ping, a want and its answer, over the connection that stands."""
        told = go.ask("identify", peer=node.peer)
        self.assertTrue(told["agent"].startswith("mexport/"), told)
        for protocol in [*BITSWAP_PROTOCOLS, "/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0"]:
            self.assertIn(protocol, told["protocols"])
        self.assertTrue(told["signed"], "the peer record's signature must hold")
        self.assertEqual(told["record_peer"], node.peer)
        self.assertIn(node.addr.split("/p2p/")[0], told["record_addrs"])
        self.assertGreater(told["record_seq"], 1_600_000_000_000_000_000, "Unix nanoseconds")
        self.assertEqual(len(go.ask("ping", peer=node.peer, count=3)["rtt_us"]), 3)

        stream = go.open(node.peer, MAIN)
        stream.send(WANT)
        event, entry = node.wait_want(go.peer, WANTED)
        self.assertTrue(entry["SendDontHave"])
        self.assertEqual(event["ext"]["message_index"], 0)
        answer = go.wait_event("message", peer=node.peer)
        self.assertIn(WANTED_BYTES + "1001", answer["hex"], "a DONT_HAVE for the CID")
        self.assertEqual(stream.state()["state"], "open")

        heard = node.wait_event("identify_event", go.peer)["identify_event"]
        self.assertEqual((heard["agent_version"], heard["key_type"]), ("mexport-interop/go", key))


class GoDials(GoScenario):
    def test_identify_ping_and_bitswap(self):
        node, go = self.mexport(), self.start(GoPeer(self.folder)).host(listen=True)
        connection = go.connect(node.addr)
        self.assertEqual((connection["security"], connection["muxer"]), ("/noise", "/yamux/1.0.0"))
        self.assertTrue(connection["early_muxer"])
        self.assert_they_get_on(go, node)
        node.stop()
        self.assertEqual(go.wait_event("disconnected")["peer"], node.peer)

    def test_tls_first_falls_back_to_noise(self):
        node = self.mexport()
        go = self.start(GoPeer(self.folder)).host(security=("tls", "noise"))
        self.assertEqual(go.connect(node.addr)["security"], "/noise")
        self.assert_they_get_on(go, node)
        node.stop()

    def test_every_key_type(self):
        node, process = self.mexport(), self.start(GoPeer(self.folder))
        for key, prefix in KEY_TYPES.items():
            with self.subTest(key):
                go = process.host(key, key=key)
                self.assertTrue(go.peer.startswith(prefix))
                go.connect(node.addr)
                self.assert_they_get_on(go, node, key)
        node.stop()

    def test_every_bitswap_protocol(self):
        node, process = self.mexport(), self.start(GoPeer(self.folder))
        for protocol in BITSWAP_PROTOCOLS:
            with self.subTest(protocol):
                go = process.host(protocol)
                go.connect(node.addr)
                go.open(node.peer, protocol).send(WANT)
                event, _ = node.wait_want(go.peer, WANTED)
                self.assertEqual(event["ext"]["protocol"], protocol)
        node.stop()

    def test_two_connections_of_one_peer_are_two_events(self):
        node, process = self.mexport(), self.start(GoPeer(self.folder))
        go = process.host()
        go.connect(node.addr)
        go.ask("disconnect", peer=node.peer)
        self.eventually("close", lambda: len(node.events("connection_event", go.peer)) == 2)
        go.connect(node.addr)
        self.eventually("second", lambda: len(node.events("connection_event", go.peer)) == 3)
        kinds = [e["connection_event"]["connection_event_type"] for e in node.events("connection_event", go.peer)]
        self.assertEqual(kinds, [CONNECTED, DISCONNECTED, CONNECTED])
        node.stop()


class GoListens(GoScenario):
    def test_identify_ping_and_bitswap(self):
        go = self.start(GoPeer(self.folder)).host(listen=True)
        node = self.mexport(peers=[go.addr])
        connection = go.wait_event("connected", peer=node.peer)
        self.assertEqual((connection["security"], connection["direction"]), ("/noise", "Inbound"))
        self.assert_they_get_on(go, node)
        self.assertEqual(node.wait_event("connection_event", go.peer)["ext"]["direction"], "outbound")
        node.stop()

    def test_every_key_type(self):
        process = self.start(GoPeer(self.folder))
        hosts = {key: process.host(key, key=key, listen=True) for key in KEY_TYPES}
        node = self.mexport(peers=[go.addr for go in hosts.values()])
        for key, go in hosts.items():
            with self.subTest(key):
                go.wait_event("connected", peer=node.peer)
                self.assert_they_get_on(go, node, key)
        node.stop()

    def test_the_source_port_is_the_listening_port(self):
        go = self.start(GoPeer(self.folder)).host(listen=True)
        node = self.mexport(peers=[go.addr])
        connection = go.wait_event("connected", peer=node.peer)
        self.assertEqual(connection["remote"], node.addr.split("/p2p/")[0])
        node.stop()


if __name__ == "__main__":
    unittest.main()
