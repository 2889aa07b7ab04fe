#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The discovery probe asks peers that stop, do not read, or leave, beside one that is well: each is told of, and the
good one is not kept waiting."""

import os
import signal
import time
import unittest

from cids import raw_cid, unknown_cid
from peers import GoPeer
from scenario import BITSWAP_PROTOCOLS
from test_probe import PROBE, ProbeScenario, Waiting

# So that they are there as long as they are silent.
PATIENT = {**PROBE, "Mexport": {"Limits": {"KeepAliveInterval": 600_000}}}
READY = 1.5  # a peer is asked from a second after it connected on
TIMEOUT = 30  # of the probe, for a message to be out
MANY = 4096  # CIDs: a message of 190 KB
REQUESTS = 8  # as many at a time as may be: more than a stream's window and what sockets take


class SomeAreFaulty(ProbeScenario):
    def setUp(self):
        super().setUp()
        self.node = self.mexport(config=PATIENT)
        self.good = self.host("good")

    def host(self, name):
        """In a process of its own."""
        folder = self.folder / name
        folder.mkdir()
        host = self.start(GoPeer(folder)).host(name, bitswap=BITSWAP_PROTOCOLS[:1])
        host.connect(self.node.addr)
        self.node.wait_event("identify_event", host.peer)
        return host

    def freeze(self, host):
        process = host.process.process
        process.send_signal(signal.SIGSTOP)
        self.addCleanup(process.send_signal, signal.SIGCONT)

    def begin(self, method, cids, **more):
        return Waiting(f"{self.node.api}/metric_plugin/v1/{method}", {"cids": [{"/": cid} for cid in cids], **more})

    def entries(self, request):
        request.join(2 * TIMEOUT)
        status, answer = request.answer
        self.assertEqual(status, 200)
        return {entry["peer"]: entry for entry in answer["result"]["peers"]}

    def assert_good(self, entry):
        self.assert_sent(entry, want_type=1)
        self.assertLess(entry["send_duration_millis"], TIMEOUT * 1000 / 3)

    def test_who_never_answers_and_who_never_reads(self):
        deaf, silent = self.host("deaf"), self.host("silent")
        self.freeze(silent)  # before it hears of any stream of ours
        time.sleep(READY)
        first = self.begin("broadcast_want", [unknown_cid()])
        for host in (self.good, deaf):
            self.eventually(f"message at {host.name}", host.answers)
        self.freeze(deaf)  # its stream stands
        requests = [self.begin("broadcast_want", [unknown_cid() for _ in range(MANY)]) for _ in range(REQUESTS - 1)]
        self.eventually("all messages at the good one", lambda: len(self.good.answers()) == REQUESTS, TIMEOUT / 3)
        self.assertEqual([request.answer for request in requests], [None] * len(requests), "others are waited for")
        found = [self.entries(request) for request in (first, *requests)]
        for entries in found:
            self.assert_good(entries[self.good.peer])
            self.assertIn("error", entries[silent.peer])
            self.assertGreaterEqual(entries[silent.peer]["send_duration_millis"], 0)
        self.assertNotIn("error", found[0][deaf.peer])
        self.assertTrue(any("error" in entries[deaf.peer] for entries in found), "more than can be taken")
        self.node.stop()

    def test_who_leaves_between_want_and_cancel(self):
        leaver = self.host("leaver")
        self.probe_until(self.node, [self.good.peer, leaver.peer], "broadcast_cancel", unknown_cid())
        binary, cid = raw_cid(os.urandom(32))
        request = self.begin("broadcast_want_cancel", [cid], seconds_before_cancel=3)
        self.eventually("our want", lambda: any(binary.hex() in message for message in leaver.answers()))
        leaver.ask("shut")
        entries = self.entries(request)
        good, left = entries[self.good.peer], entries[leaver.peer]
        self.assert_good(good["want_status"])
        self.assert_sent(good["cancel_status"])
        self.assert_sent(left["want_status"], want_type=1)
        self.assertIn("error", left["cancel_status"])
        self.node.stop()


if __name__ == "__main__":
    unittest.main()
