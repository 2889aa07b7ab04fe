#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A kubo with the plugin and a node, side by side with the same peers: their records must say the same, but for what
docs/compare.md explains."""

import json
import subprocess
import time
import unittest

import golden
from cids import unknown_cid
from mexport import BINARY, DISCONNECTED, Mexport
from peers import GoPeer, Helia, Kubo
from plugin import PluginKubo
from scenario import Scenario

PATIENCE = 60


# kubo's protobuf passes over fields of a wrong wire type; the node refuses the message, as the reference did.
ONLY_KUBO_READS = "wrong-wire-type"


class Differential(Scenario):
    def setUp(self):
        super().setUp()
        self.kubo = self.start(PluginKubo(self.folder))
        # The recorded cases come from many peers of one address.
        self.node = self.start(Mexport(self.folder / "node", options=["--no-limits"]))
        self.monitors = (self.kubo, self.node)

    def wait_both(self, what, condition):
        self.eventually(f"{what} at both", lambda: all(condition(monitor) for monitor in self.monitors), PATIENCE)

    def compare(self):
        """What `mexport compare` says of kubo's record (a) and the node's (b)."""
        for monitor in self.monitors:
            monitor.stop()
        done = subprocess.run([BINARY, "compare", "--json", "--list", "1000", self.kubo.traces, self.node.traces],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def assert_same(self, told, row, count):
        found = {name: number for name, number in told[row].items() if name != "complete" and number}
        self.assertEqual(found, {"both": count} if count else {}, row)

    def test_the_recorded_cases_of_the_reference(self):
        process = self.start(GoPeer(self.folder))
        sent = {}
        for case in golden.cases():
            host, _ = golden.send_to_all(process, self.monitors, case)
            sent[host.peer] = case
        time.sleep(1)  # until what was sent last has been read
        for case in sent.values():
            process.ask("shut", host=case.name)
        self.wait_both("all connections that ended", lambda monitor: len(
            [e for e in monitor.events("connection_event") if e["connection_event"]["connection_event_type"] == DISCONNECTED])
            == len(sent))
        told = self.compare()
        self.assertEqual({(example["only"], sent[example["event"]["peer"]].name) for example in told["examples"]},
                         {("a", ONLY_KUBO_READS)})
        events = sum(len(case.events) for case in sent.values() if case.name != ONLY_KUBO_READS)
        self.assertEqual((told["messages"]["both"], told["messages"]["only_b"]), (events, 0))
        for row in ("connected", "disconnected", "peers"):
            self.assert_same(told, row, len(sent))
        for row in ("cancels", "blocks", "haves", "dont_haves"):
            self.assert_same(told, row, told[row]["both"])
            self.assertGreater(told[row]["both"], 0)

    def test_real_peers(self):
        kubo, helia = self.start(Kubo(self.folder)), self.start(Helia(self.folder))
        for monitor in self.monitors:
            kubo.connect(monitor.addr)
            helia.connect(monitor.addr)
        cids, of_helia = [unknown_cid() for _ in range(20)], unknown_cid()
        gets = [self.start(kubo.start_get(cid)) for cid in cids]
        helia.ask("want", cid=of_helia)

        def has(cancel, wanted):
            return lambda monitor: wanted <= {
                entry["Cid"]["/"] for event in monitor.events("bitswap_message")
                for entry in event["bitswap_message"]["wantlist_entries"] if entry["Cancel"] == cancel}
        self.wait_both("all wants", has(False, {*cids, of_helia}))
        for get in gets:
            get.end()
        self.wait_both("all CANCELs", has(True, set(cids)))
        told = self.compare()
        # How kubo's queue for each peer cuts them into messages is a matter of moments.
        self.assert_same(told, "wants", 21)
        self.assert_same(told, "cancels", 20)
        self.assert_same(told, "cids", 21)
        for row in ("connected", "disconnected", "peers"):
            self.assert_same(told, row, 2)


if __name__ == "__main__":
    unittest.main()
