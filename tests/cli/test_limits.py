# SPDX-License-Identifier: MIT
"""run: limits, seen by those whom they keep out and by those whom they let in."""

import os
import re
import resource
import socket

from support import CliTest, wait_for

HEADER = b"\x13/multistream/1.0.0\n"


class Limits(CliTest):
    def start(self, *arguments, limits={}, **options):
        self.check("init")
        self.configure(Mexport={"Shards": 2, "Limits": limits})
        node = self.node("--no-limits", *arguments, **options)
        self.port = int(re.search(r"/tcp/(\d+)", node.listening[0])[1])
        return node

    def knock(self):
        """A connection that the node has taken in, or None."""
        client = None
        try:
            client = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.addCleanup(client.close)
            if client.recv(len(HEADER)) == HEADER:
                return client
        except ConnectionResetError:
            if client:
                client.close()
        return None

    def test_open_files_decide_how_many_connections(self):
        log = self.start(open_files=(300, 2000)).stop()
        told = next(line for line in log if "open files" in line)
        self.assertRegex(told, r"info .*open files: 300 at start, 2000 now, 328 kept .* at most 1672 connections")

    def test_more_than_there_is_room_for_is_said(self):
        log = self.start(limits={"MaxConnections": 1900}, open_files=(300, 2000)).stop()
        self.assertTrue([line for line in log if "warn" in line and "1900 are asked for" in line], log)

    def test_who_comes_when_all_places_are_taken_is_reset_until_one_leaves(self):
        node = self.start(limits={"MaxConnections": 5})
        inside = [self.knock() for _ in range(5)]
        self.assertNotIn(None, inside)
        for _ in range(20):
            self.assertIsNone(self.knock())
        inside.pop().close()
        self.assertTrue(wait_for(self.knock, "a place"))
        counted = next(line for line in reversed(node.stop()) if "counted:" in line)
        self.assertGreaterEqual(int(re.search(r"refused_total (\d+)", counted)[1]), 20)

    def test_without_descriptors_they_wait_and_get_in_later(self):
        node = self.start()
        inside = self.knock()
        pid = node.process.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        highest = max(map(int, os.listdir(f"/proc/{pid}/fd")))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (1 + highest, before[1]))
        waiting = [socket.create_connection(("127.0.0.1", self.port), timeout=60) for _ in range(50)]
        for client in waiting:
            self.addCleanup(client.close)
        node.log.until(lambda line: "new connections have to wait" in line)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        for client in waiting:
            self.assertEqual(client.recv(len(HEADER)), HEADER)
        self.assertTrue(inside)
        self.assertTrue(self.knock())
        log = node.stop()
        self.assertEqual(len([line for line in log if "have to wait" in line]), 1)
        counted = next(line for line in reversed(log) if "counted:" in line)
        self.assertRegex(counted, r"listener_out_of_descriptors \d+")

    def test_who_speaks_something_else_is_gone_at_once(self):
        node = self.start()
        client = self.knock()
        client.sendall(b"G")
        client.settimeout(5)  # half of what silence is given
        try:
            self.assertEqual(client.recv(1), b"")
        except ConnectionResetError:
            pass
        node.stop()
