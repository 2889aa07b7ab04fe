#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kubo and mexport, each as dialler and as listener."""

import json
import subprocess
import unittest

from cids import unknown_cid
from mexport import BINARY, CONNECTED, DISCONNECTED, SHUTDOWN, WANT_BLOCK, WANT_HAVE
from peers import Kubo
from scenario import BITSWAP_PROTOCOLS, Scenario


class KuboScenario(Scenario):
    def assert_kubo_sees(self, kubo, node):
        """What an operator of kubo can ask about us."""
        self.assertIn(node.peer, kubo.ipfs("swarm", "peers"))
        told = json.loads(kubo.ipfs("id", node.peer))
        self.assertTrue(told["AgentVersion"].startswith("mexport/"), told)
        for protocol in [*BITSWAP_PROTOCOLS, "/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"]:
            self.assertIn(protocol, told["Protocols"])
        self.assertIn(node.addr, told["Addresses"])
        self.assertIn("time=", kubo.ipfs("ping", "--count", "3", node.peer, timeout=40))

    def assert_we_identified(self, kubo, node):
        event = node.wait_event("identify_event", kubo.peer, lambda e: e["identify_event"]["cause"] == "initial")
        told = event["identify_event"]
        self.assertTrue(told["agent_version"].startswith("kubo/0.43.0"), told)
        self.assertEqual(told["key_type"], "ed25519")
        self.assertTrue(told["record_valid"])
        self.assertGreater(told["record_sequence"], 0)
        self.assertIn(kubo.addr.split("/p2p/")[0], told["listen_addrs"])
        self.assertIn("/tcp/", told["observed_addr"])
        for protocol in BITSWAP_PROTOCOLS:
            self.assertIn(protocol, told["protocols"])

    def want_and_cancel(self, kubo, meet):
        """`ipfs block get` is a want at connect, and a cancel at its interrupt. Returns the node that `meet` gives."""
        cid = unknown_cid()
        get = self.start(kubo.start_get(cid))
        self.eventually("want in kubo", lambda: cid in kubo.ipfs("bitswap", "wantlist"))
        node = meet()
        event, entry = node.wait_want(kubo.peer, cid)
        self.assertIn(entry["WantType"], (WANT_BLOCK, WANT_HAVE))
        self.assertGreater(entry["Priority"], 0)
        self.assertEqual(event["ext"]["protocol"], "/ipfs/bitswap/1.2.0")
        self.assertEqual(event["bitswap_message"]["connected_addresses"], [event["ext"]["conn_remote"]])
        get.end()
        _, cancelled = node.wait_want(kubo.peer, cid, cancel=True)
        self.assertEqual((cancelled["Priority"], cancelled["WantType"], cancelled["SendDontHave"]), (0, 0, False))
        return node


class KuboDials(KuboScenario):
    def test_wants_identify_and_ping(self):
        node, kubo = self.mexport(), self.start(Kubo(self.folder))

        def meet():
            kubo.connect(node.addr)
            return node

        self.want_and_cancel(kubo, meet)
        self.assert_kubo_sees(kubo, node)
        self.assert_we_identified(kubo, node)
        opened = node.wait_event("connection_event", kubo.peer)
        self.assertEqual(opened["connection_event"]["connection_event_type"], CONNECTED)
        self.assertEqual((opened["ext"]["direction"], opened["ext"]["transport"], opened["ext"]["security"]),
                         ("inbound", "tcp", "noise"))
        node.stop()

    def test_kubo_disconnects(self):
        node, kubo = self.mexport(), self.start(Kubo(self.folder))
        kubo.connect(node.addr)
        node.wait_event("identify_event", kubo.peer)
        kubo.ipfs("swarm", "disconnect", node.addr)
        closed = node.wait_event(
            "connection_event", kubo.peer, lambda e: e["connection_event"]["connection_event_type"] == DISCONNECTED)
        self.assertEqual(closed["ext"]["closed_by"], "remote")
        self.assertGreater(closed["ext"]["bytes_in"], 0)
        node.stop()

    def test_a_clean_stop_is_told(self):
        node, kubo = self.mexport(), self.start(Kubo(self.folder))
        kubo.connect(node.addr)
        node.wait_event("identify_event", kubo.peer)
        node.stop()
        closed = node.events("connection_event", kubo.peer)[-1]
        self.assertEqual(closed["connection_event"]["connection_event_type"], DISCONNECTED)
        self.assertEqual((closed["ext"]["closed_by"], closed["ext"]["close_code"]), ("local", SHUTDOWN))
        self.eventually("disconnect at kubo", lambda: node.peer not in kubo.ipfs("swarm", "peers"))


class KuboListens(KuboScenario):
    def test_wants_identify_and_ping(self):
        kubo = self.start(Kubo(self.folder))
        node = self.want_and_cancel(kubo, meet=lambda: self.mexport(peers=[kubo.addr]))
        self.assert_kubo_sees(kubo, node)
        self.assert_we_identified(kubo, node)
        opened = node.wait_event("connection_event", kubo.peer)
        self.assertEqual((opened["ext"]["direction"], opened["connection_event"]["remote"]),
                         ("outbound", kubo.addr.split("/p2p/")[0]))
        node.stop()

    def test_the_connection_is_made_again(self):
        kubo = self.start(Kubo(self.folder))
        node = self.mexport(peers=[kubo.addr])
        node.wait_event("connection_event", kubo.peer)
        kubo.ipfs("swarm", "disconnect", f"/p2p/{node.peer}")

        def connected_twice():
            kinds = [e["connection_event"]["connection_event_type"] for e in node.events("connection_event", kubo.peer)]
            return kinds[:3] == [CONNECTED, DISCONNECTED, CONNECTED]

        self.eventually("second connection", connected_twice, timeout=40)
        node.stop()


class KuboRepository(KuboScenario):
    def test_init_takes_over_identity_and_addresses(self):
        kubo = self.start(Kubo(self.folder))
        init = [BINARY, "init", "--data-dir", self.folder / "taken", "--from-kubo", kubo.repo]
        refused = subprocess.run(init, capture_output=True, text=True, timeout=30)
        self.assertEqual(refused.returncode, 2, "the daemon still runs")
        self.assertIn(str(kubo.repo), refused.stderr)
        self.assertFalse((self.folder / "taken").exists())

        kubo.end()
        theirs = json.loads((kubo.repo / "config").read_text())
        theirs["Addresses"]["Swarm"] = ["/ip4/127.0.0.1/tcp/4001", "/ip4/127.0.0.1/udp/4001/quic-v1"]
        theirs["Plugins"] = {"Plugins": {"metric-export-plugin": {"Config": {"MonitorName": "taken-over"}}}}
        (kubo.repo / "config").write_text(json.dumps(theirs))
        done = subprocess.run(init, capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("QUIC", done.stderr)
        ours = json.loads((self.folder / "taken" / "config").read_text())
        self.assertEqual(ours["Identity"], theirs["Identity"])
        self.assertEqual(ours["Addresses"]["Swarm"], theirs["Addresses"]["Swarm"])
        self.assertEqual(ours["Bootstrap"], theirs["Bootstrap"])
        self.assertEqual(ours["Plugins"], theirs["Plugins"])


if __name__ == "__main__":
    unittest.main()
