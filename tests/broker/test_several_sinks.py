#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several brokers at once: each gets everything, and one that stalls or refuses delays no other."""

import json
import subprocess
import time
import unittest
import urllib.request

from mexport import BINARY
from outage import MONITOR, BrokerScenario

PATIENCE = 60
SOON = 5  # s; a sink on its own takes 250 ms


class SeveralSinks(BrokerScenario):
    def setUp(self):
        super().setUp()
        for vhost in ("stalls", "refuses"):
            self.rabbit.ctl("add_vhost", vhost)
            self.addCleanup(self.rabbit.ctl, "delete_vhost", vhost)
            self.rabbit.ctl("set_permissions", "-p", vhost, "guest", ".*", ".*", ".*")

    def node_with(self, proxy):
        return self.node(Sinks=[
            {"Kind": "amqp", "Name": "stalls", "Servers": [self.rabbit.address(port=proxy.port, vhost="stalls")]},
            {"Kind": "amqp", "Name": "refuses", "Servers": [self.rabbit.address(password="wrong", vhost="refuses")]},
            {"Kind": "traces", "Name": "archive", "Directory": str(self.folder / "archive")}])

    def status(self, node):
        with urllib.request.urlopen(f"{node.api}/api/v1/status", timeout=PATIENCE) as answer:
            return json.load(answer)

    def test_one_that_stalls_delays_no_other(self):
        proxy = self.proxy()
        consumer, late = self.consumer(), self.consumer(vhost="stalls")
        node = self.node_with(proxy)
        self.wait_log(node, "/stalls\n")  # connected
        proxy.slow_down(1)  # a byte each second: neither side sees an end
        peer = self.peer(node)
        begin = time.monotonic()
        sent = list(peer.send(500))
        self.wait_all(consumer, sent, PATIENCE)
        self.assertLess(time.monotonic() - begin, SOON)
        self.assertEqual(late.count(), 0)
        self.wait_log(node, "no connection to amqp://guest:(hidden)@127.0.0.1")
        self.wait_heard(node, sent)
        archived = subprocess.run([BINARY, "trace", "cat", self.folder / "archive"], capture_output=True, text=True,
                                  check=True, timeout=PATIENCE).stdout
        self.assertGreaterEqual(archived.count('"bitswap_message":'), len(sent))
        status = self.status(node)
        self.assertEqual(status["losses"], {})
        self.assertEqual([sink["name"] for sink in status["sinks"]],
                         ["trace", "archive", "amqp", "stalls", "refuses", "peerstore", "live"])
        self.assertGreater(status["spool"]["batches"], 0)

        proxy.slow_down(None)
        proxy.cut()
        self.wait_all(late, sent, PATIENCE)
        peer.kill()
        self.assert_nothing_lost(self.stop_and_count(node))
        self.assert_nothing_lost(self.counted(node, "stalls"))
        self.assert_nothing_lost(self.counted(node, "refuses"))
        self.assertEqual({path.name for path in (node.data / "spool").glob("*.sqlite")},
                         {"amqp.sqlite", "stalls.sqlite", "refuses.sqlite"})


if __name__ == "__main__":
    unittest.main()
