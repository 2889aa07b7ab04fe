#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The reference peers among themselves: what the other scenarios take for granted, without mexport."""

import unittest

import tls_peer
from certificates import right_certificates, wrong_certificates
from cids import unknown_cid
from peers import GoPeer, Helia, Kubo, RustPeer
from scenario import Scenario

BITSWAP = "/ipfs/bitswap/1.2.0"


class PeersAmongThemselves(Scenario):
    def test_go_and_kubo(self):
        kubo, go = self.start(Kubo(self.folder)), self.start(GoPeer(self.folder)).host()
        self.assertEqual(go.connect(kubo.addr)["security"], "/noise")
        told = go.ask("identify", peer=kubo.peer)
        self.assertTrue(told["agent"].startswith("kubo/0.43.0"), told)
        self.assertIn(BITSWAP, told["protocols"])
        self.assertTrue(told["signed"])
        self.assertTrue(go.ask("ping", peer=kubo.peer)["rtt_us"])

    def test_kubo_broadcasts_to_go_and_cancels(self):
        kubo, go = self.start(Kubo(self.folder)), self.start(GoPeer(self.folder)).host(listen=True)
        cid = unknown_cid()
        get = self.start(kubo.start_get(cid))
        kubo.connect(go.addr)
        want = go.wait_event("message", peer=kubo.peer, protocol=BITSWAP)
        get.end()
        self.assertTrue(want["hex"])
        self.eventually("cancel", lambda: len(go.answers()) > 1)

    def test_helia_and_go(self):
        helia, go = self.start(Helia(self.folder)), self.start(GoPeer(self.folder)).host(listen=True)
        helia.connect(go.addr)
        self.assertIn("/ipfs/bitswap/1.2.0", helia.ask("identify", peer=go.peer)["protocols"])
        cid = unknown_cid()
        helia.ask("want", cid=cid)
        go.wait_event("message", peer=helia.peer)
        helia.ask("cancel", cid=cid)
        helia.wait_event("gave_up", cid=cid)  # which Helia 7.1 tells nobody: it sends no CANCEL

    def test_rust_and_go_by_noise_and_by_tls(self):
        rust, go = self.start(RustPeer(self.folder)), self.start(GoPeer(self.folder))
        for name, protocol in (("noise", "/noise"), ("tls", "/tls/1.0.0")):
            for dialler, listener in ((rust, go), (go, rust)):
                with self.subTest(name, dialler=dialler.PROGRAM):
                    one = dialler.host(f"{name} dials", security=(name,))
                    other = listener.host(f"{name} listens", listen=True, security=(name,))
                    self.assertEqual(one.connect(other.addr)["security"], protocol)
                    one.open(other.peer, BITSWAP).send("0a00")
                    self.assertEqual(other.wait_event("message")["hex"], "0a00")
                    self.assertTrue(one.ask("ping", peer=other.peer, count=1)["rtt_us"])

    def test_go_takes_our_certificates_and_refuses_the_wrong_ones(self):
        go = self.start(GoPeer(self.folder)).host(listen=True, security=("tls",))
        port = int(go.addr.split("/tcp/")[1].split("/")[0])
        for what, (right, file) in right_certificates(self.folder).items():
            for alpn in (tls_peer.YAMUX, tls_peer.FALLBACK):
                with self.subTest(what, alpn=alpn):
                    secured = tls_peer.dial(port, file, right.leaf.path, [alpn])
                    with secured.sock:
                        self.assertEqual((secured.alpn, secured.first_frame()[0]), (alpn, 0))
                    go.wait_event("connected", peer=right.peer)
        wrong_ones = wrong_certificates(self.folder)
        del wrong_ones["not signed by its own key"]  # which go-libp2p does not look at
        for what, (wrong, file) in wrong_ones.items():
            with self.subTest(what), self.assertRaises(tls_peer.Refused):
                secured = tls_peer.dial(port, file, wrong.leaf.path)
                with secured.sock:
                    secured.first_frame()

    def test_a_go_stream_tells_how_it_ended(self):
        go = self.start(GoPeer(self.folder))
        one, other = go.host("one"), go.host("other", listen=True)
        one.connect(other.addr)
        stream = one.open(other.peer, BITSWAP)
        stream.send("0a00")
        self.assertEqual(other.wait_event("message")["hex"], "0a00")
        self.assertEqual(stream.state()["state"], "open")
        other.ask("disconnect", peer=one.peer, code=0x1006)
        self.eventually("end", lambda: stream.state()["state"] == "connection_closed")
        self.assertEqual(stream.state()["code"], 0x1006)


if __name__ == "__main__":
    unittest.main()
