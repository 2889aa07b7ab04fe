#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Connections that carry nothing stay open: with kubo, go-libp2p, rust-libp2p and Helia, in both directions
at once, with Noise and with TLS.

70 seconds pass two of everybody's keep-alives; MEXPORT_IDLE_SECONDS sets another time.
"""

import os
import time
import unittest

from mexport import CONNECTED, OFFERED
from peers import GoPeer, Helia, Kubo, RustPeer
from scenario import Scenario

IDLE = float(os.environ.get("MEXPORT_IDLE_SECONDS", "70"))


class Idle(Scenario):
    def test_connections_survive(self):
        bare = [self.start(GoPeer(self.folder)), self.start(RustPeer(self.folder))]
        (self.folder / "listening").mkdir()
        (self.folder / "dialling").mkdir()
        kubos = [self.start(Kubo(self.folder / side)) for side in ("listening", "dialling")]
        helias = [self.start(Helia(self.folder / side)) for side in ("listening", "dialling")]
        secured = [(process, security) for process in bare for security in ("noise", "tls")]
        listening = [*(process.host(f"{security} listens", listen=True, security=[security])
                       for process, security in secured), kubos[0], helias[0]]
        node = self.mexport(peers=[peer.addr for peer in listening], config=OFFERED)
        dialling = [*(process.host(f"{security} dials", security=[security]) for process, security in secured),
                    kubos[1], helias[1]]
        for peer in dialling:
            peer.connect(node.addr)
        peers = listening + dialling
        for peer in peers:
            node.wait_event("identify_event", peer.peer, timeout=40)

        time.sleep(IDLE)

        for peer in peers:
            with self.subTest(peer=peer.peer):
                seen = node.events("connection_event", peer.peer)
                kinds = [event["connection_event"]["connection_event_type"] for event in seen]
                self.assertEqual(kinds, [CONNECTED], seen)
        for kubo in kubos:
            self.assertIn("time=", kubo.ipfs("ping", "--count", "1", node.peer, timeout=40))
        node.stop()


if __name__ == "__main__":
    unittest.main()
