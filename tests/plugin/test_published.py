#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What kubo with the plugin publishes to a real RabbitMQ: each recorded case of the reference, sent by a real peer, and
what comes while the broker is away."""

import time
import unittest

import golden
from outage import MONITOR, BrokerScenario
from peers import GoPeer
from plugin import PluginKubo
from test_golden_deliveries import KeepingConsumer

PATIENCE = 60
AWAY = 30
# kubo's protobuf passes over fields of a wrong wire type; the reference's refused the message.
READ_NOW = {"wrong-wire-type"}


class PluginScenario(BrokerScenario):
    def monitor(self):
        return self.start(PluginKubo(self.folder, MonitorName=MONITOR, AMQPServerAddress=self.rabbit.address()))


class Published(PluginScenario):
    maxDiff = 4000

    def test_every_case_of_the_reference(self):
        consumer = self.consumer(kind=KeepingConsumer)
        monitor = self.monitor()
        process = self.start(GoPeer(self.folder))
        ran = [(case, golden.send(process, monitor, case)[0])
               for case in golden.cases() if case.name not in READ_NOW]
        kinds = (("bitswap_message", "events"), ("connection_event", "connection_events"))

        def arrived(kind, recorded):
            return all(len(consumer.of(host.peer, kind)) >= len(getattr(case, recorded)) for case, host in ran)

        self.eventually("all messages", lambda: arrived(*kinds[0]), PATIENCE)
        for _, host in ran:
            host.ask("shut")
        self.eventually("all connections", lambda: arrived(*kinds[1]), PATIENCE)
        monitor.stop()
        for case, host in ran:
            for kind, recorded in kinds:
                with self.subTest(case.name, kind=kind):
                    self.assertEqual([golden.comparable(event) for event in consumer.of(host.peer, kind)],
                                     [golden.comparable(event) for event in getattr(case, recorded)])


class Outage(PluginScenario):
    def test_nothing_is_lost(self):
        consumer = self.consumer()
        monitor = self.monitor()
        peer = self.peer(monitor)
        peer.send(100)
        self.wait_all(consumer, range(peer.next), PATIENCE)
        before = consumer.sessions
        self.rabbit.stop()
        for _ in range(AWAY):
            peer.send(20)
            time.sleep(1)
        self.rabbit.start()
        consumer.wait_bound(before)
        peer.send(100)
        self.wait_all(consumer, range(peer.next), PATIENCE)
        found = monitor.metrics()
        self.assertEqual({series: value for series, value in found.items() if "_lost_" in series and value}, {})
        self.assertEqual(found['plugin_metric_export_wiretap_processed_events{dropped="true"}'], 0)
        monitor.stop()
        self.assert_no_holes(consumer)


if __name__ == "__main__":
    unittest.main()
