#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real Prometheus asks a node that a kubo and a go-libp2p peer talk to, and that publishes to a real RabbitMQ."""

import math
import unittest
import urllib.request
from pathlib import Path

from outage import BrokerScenario
from peers import Kubo
from prometheus import Prometheus, lint

PATIENCE = 60
MESSAGES = 300
QUERIES = Path(__file__).resolve().parents[1] / "vectors" / "dashboard_queries.txt"
JOBS = {"mexport": "/metrics", "kubo": "/debug/metrics/prometheus"}


def dashboard_queries():
    return [line for line in QUERIES.read_text().splitlines() if line and not line.startswith("#")]


class Scraped(BrokerScenario):
    def setUp(self):
        super().setUp()
        self.bound = self.consumer()
        self.running = self.node(PopulatePrometheusInterval=1)
        server = self.start(Kubo(self.folder, {"Routing": {"Type": "dhtserver"}}))
        server.connect(self.running.addr)
        self.running.wait_event("identify_event", server.peer)
        self.source = self.peer(self.running)
        self.source.send(MESSAGES)
        target = self.running.api.removeprefix("http://")
        self.prometheus = self.start(
            Prometheus(self.folder / "prometheus", {job: (target, path) for job, path in JOBS.items()}))

    def value(self, expression):
        """Of the one series of the job `mexport` that answers; None without one."""
        found = [value for labels, value in self.prometheus.query(expression) if labels["job"] == "mexport"]
        return found[0] if len(found) == 1 else None

    def test_every_query_of_the_dashboards_answers(self):
        self.eventually("both targets up", lambda: self.prometheus.targets() == {job: ("up", "") for job in JOBS}, PATIENCE)
        for query in dashboard_queries():
            with self.subTest(query):
                def answers(query=query):
                    self.source.send(1)  # what is asked over the last seconds needs something to tell
                    found = self.prometheus.query(query)
                    return found and all(math.isfinite(value) for _, value in found)
                self.eventually(f"answer to {query}", answers, PATIENCE)

    def test_values_are_those_of_what_was_sent(self):
        for expression, expected in (
                ('mexport_bitswap_wantlist_entries_total{type="want_have",send_dont_have="false"}', MESSAGES),
                ('mexport_sink_events_total{sink="amqp",kind="bitswap_message"}', MESSAGES),
                ('mexport_sink_events_total{sink="trace",kind="bitswap_message"}', MESSAGES),
                ('mexport_connections{direction="inbound"}', 2),
                ('ipfs_p2p_peers_total{transport="/ip4/tcp"}', 2),
                ('plugin_metric_export_peers_supported_protocols{protocol="/ipfs/kad/1.0.0"}', 1),
                ('plugin_metric_export_wiretap_processed_events{dropped="true"}', 0)):
            with self.subTest(expression):
                self.eventually(f"{expected} as {expression}",
                                lambda e=expression, v=expected: self.value(e) == v, PATIENCE)

    def test_promtool_accepts_the_page(self):
        for path in JOBS.values():
            with urllib.request.urlopen(self.running.api + path, timeout=PATIENCE) as answer:
                status, lines = lint(answer.read().decode())
            # 3: it reads the page, and would name families otherwise; the reference's names are as they are.
            self.assertIn(status, (0, 3), lines)
            self.assertEqual([line for line in lines if not line.startswith(("plugin_metric_export_", "ipfs_"))], [])


if __name__ == "__main__":
    unittest.main()
