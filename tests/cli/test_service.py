# SPDX-License-Identifier: MIT
"""run below a service manager: what sd_notify(3) asks of it."""

import socket
import unittest

from support import PATIENCE, CliTest


class Service(CliTest):
    def manager(self, address):
        """A socket to be told at."""
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(address)
        manager.settimeout(PATIENCE)
        self.env["NOTIFY_SOCKET"] = address.replace("\0", "@")
        return manager

    def told(self, manager):
        return manager.recv(4096).decode()

    def test_is_told_of_start_and_stop(self):
        manager = self.manager(str(self.root / "notify"))
        node = self.node()
        self.assertEqual(self.told(manager), "READY=1")
        node.stop()
        self.assertEqual(self.told(manager), "STOPPING=1")

    def test_feeds_the_watchdog_through_an_abstract_socket(self):
        manager = self.manager(f"\0{self.root}")
        self.env["WATCHDOG_USEC"] = "300000"
        node = self.node()
        self.assertEqual([self.told(manager) for _ in range(6)], ["READY=1"] + 5 * ["WATCHDOG=1"])
        node.stop()

    def test_manager_that_is_gone_is_named_and_the_node_runs(self):
        self.env["NOTIFY_SOCKET"] = str(self.root / "gone")
        log = "\n".join(self.node().stop())
        self.assertIn(f'the service manager at {self.root}/gone cannot be told "READY=1": No such file', log)


if __name__ == "__main__":
    unittest.main()
