#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each recorded case, sent to the running node by a real peer, comes from the broker as it came from the reference."""

import unittest

import golden
from consumer import Consumer
from outage import BrokerScenario
from peers import GoPeer

PATIENCE = 60


class KeepingConsumer(Consumer):
    """Keeps the events themselves, whose CIDs are no numbers."""

    def __init__(self, *arguments, **settings):
        self.events = []
        super().__init__(*arguments, **settings)

    def _keep(self, events):
        self.events += events

    def of(self, peer, kind):
        """The events of that kind, in the order in which they came."""
        self.check()
        return [event for event in list(self.events) if event["peer"] == peer and kind in event]


class GoldenDeliveries(BrokerScenario):
    maxDiff = 4000

    def test_every_case(self):
        consumer = self.consumer(kind=KeepingConsumer)
        node, process = self.node(options=["--no-limits"]), self.start(GoPeer(self.folder))
        ran = [(case, golden.send(process, node, case)[0]) for case in golden.cases()]
        wanted = sum(len(case.events) for case, _ in ran)

        def messages():
            return [event for _, host in ran for event in consumer.of(host.peer, "bitswap_message")]
        self.eventually(f"{wanted} messages", lambda: len(messages()) >= wanted, PATIENCE)
        for _, host in ran:
            host.ask("shut")
        for case, host in ran:
            self.eventually(
                f"end of {case.name}",
                lambda case=case, host=host:
                    len(consumer.of(host.peer, "connection_event")) >= len(case.connection_events), PATIENCE)
        self.assert_nothing_lost(self.stop_and_count(node))
        for case, host in ran:
            for kind, recorded in (("bitswap_message", case.events), ("connection_event", case.connection_events)):
                with self.subTest(case.name, kind=kind):
                    self.assertEqual([golden.comparable(event) for event in consumer.of(host.peer, kind)],
                                     [golden.comparable(event) for event in recorded])
        self.assertEqual([event for event in consumer.events if "ext" in event], [])


if __name__ == "__main__":
    unittest.main()
