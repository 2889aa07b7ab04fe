#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a node leaves behind that is killed. No foreign peers."""

import os
import signal
import socket
import time
import unittest

from mexport import Mexport
from scenario import Scenario


class Crash(Scenario):
    def test_a_kill_costs_at_most_a_second(self):
        node = self.mexport()
        with socket.create_connection(("127.0.0.1", node.port)):
            time.sleep(1.5)
        self.assertTrue(node.events("run_info"))
        os.kill(node.process.pid, signal.SIGKILL)
        node.process.wait()
        self.assertTrue(node.events("run_info"), "trace cat reads what a crash left")
        again = self.start(Mexport(node.folder))
        self.eventually("leftover completed", lambda: list(node.traces.rglob("*_UTC.json.gz")))
        again.stop()
        self.assertEqual(len(again.events("run_info")), 2)
        self.assertEqual(list(node.traces.rglob("*.tmp")), [])


if __name__ == "__main__":
    unittest.main()
