#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Helia in Node.js and mexport, each as dialler and as listener."""

import unittest

from cids import unknown_cid
from peers import Helia
from scenario import BITSWAP_PROTOCOLS, Scenario


class HeliaScenario(Scenario):
    def assert_they_get_on(self, helia, node):
        told = helia.ask("identify", peer=node.peer)
        self.assertTrue(told["agent"].startswith("mexport/"), told)
        self.assertTrue(told["signed"])
        for protocol in BITSWAP_PROTOCOLS:
            self.assertIn(protocol, told["protocols"])
        cid = unknown_cid()
        helia.ask("want", cid=cid)
        event, entry = node.wait_want(helia.peer, cid)
        self.assertEqual(event["ext"]["protocol"], "/ipfs/bitswap/1.2.0")
        self.assertTrue(entry["SendDontHave"])
        heard = node.wait_event("identify_event", helia.peer)["identify_event"]
        self.assertTrue(heard["agent_version"].startswith("helia/"), heard)
        self.assertIn("/ipfs/bitswap/1.2.0", heard["protocols"])


class HeliaDials(HeliaScenario):
    def test_identify_ping_and_bitswap(self):
        node, helia = self.mexport(), self.start(Helia(self.folder))
        self.assertEqual(helia.connect(node.addr)["muxer"], "/yamux/1.0.0")
        self.assert_they_get_on(helia, node)
        self.assertTrue(helia.ask("ping", peer=node.peer)["rtt_us"])
        node.stop()
        helia.wait_event("disconnected", peer=node.peer)


class HeliaListens(HeliaScenario):
    def test_identify_and_bitswap(self):
        helia = self.start(Helia(self.folder))
        node = self.mexport(peers=[helia.addr])
        helia.wait_event("connected", peer=node.peer)
        self.assert_they_get_on(helia, node)
        self.assertEqual(node.wait_event("connection_event", helia.peer)["ext"]["direction"], "outbound")
        node.stop()


if __name__ == "__main__":
    unittest.main()
