#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each recorded case, sent to the running node, gives what it gave the reference exporter."""

import time
import unittest

import golden
from peers import GoPeer
from scenario import Scenario
from wire import dont_haves

SETTLE = 2.0  # for what must not happen: a reset, an answer, an event


class Golden(Scenario):
    def test_the_cases_are_there(self):
        self.assertGreaterEqual(len(list(golden.cases())), 91)
        names = {case.name for case in golden.cases()}
        self.assertLessEqual(set(golden.DIFFERENCES), names)

    def test_every_case(self):
        node, process = self.mexport(options=["--no-limits"]), self.start(GoPeer(self.folder))
        ran = [(case, *golden.send(process, node, case)) for case in golden.cases()]
        events = sum(len(case.events) for case, _, _ in ran)
        self.eventually("events", lambda: len(node.events("bitswap_message")) >= events, timeout=60)
        time.sleep(SETTLE)
        for case, go, stream in ran:
            with self.subTest(case.name, part="stream and answer"):
                self.assertEqual(stream.state()["state"], case.stream)
                self.assertEqual(len(go.ask("connections", peer=node.peer)["connections"]), 1, "connection kept")
                answered = list(dont_haves(bytes.fromhex(text) for text in go.answers()))
                self.assertEqual(len(answered), len(set(answered)), "each answered once")
                self.assertEqual(set(answered), case.answers)
            go.ask("shut")
        node.stop()
        trace = node.events()
        for case, go, _ in ran:
            seen = [event for event in trace if event.get("peer") == go.peer]
            with self.subTest(case.name, part="events"):
                self.compare([e for e in seen if "bitswap_message" in e], case.events)
                self.compare([e for e in seen if "connection_event" in e], case.connection_events)

    def compare(self, found, wanted):
        self.maxDiff = 4000
        self.assertEqual([golden.comparable(event) for event in found], [golden.comparable(event) for event in wanted])


if __name__ == "__main__":
    unittest.main()
