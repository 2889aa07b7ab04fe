#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The stack of deploy/local-stack: it runs, every query of every board answers, and it leaves nothing behind."""

import gzip
import json
import math
import os
import shutil
import signal
import socket
import tempfile
import unittest
from pathlib import Path

import pika
from boards import ALL_FOREIGN, all_asked, chosen_from
from local_stack import LocalStack
from ports import free_port
from program import wait_until

PATIENCE = 90
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
UNLESS_LOST = {"mexport_events_lost_total"}  # has no series for what never happened
SERVICES = {"epmd", "rabbitmq", "monitor1", "monitor2", "prometheus"}


class Consumer:
    """Binds to a monitor's messages as the reference's client does."""

    def __init__(self, url, monitor):
        self._connection = pika.BlockingConnection(pika.URLParameters(url))
        self._channel = self._connection.channel()
        self._channel.exchange_declare("ipfs.passive_monitoring", "topic")
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        for kind in ("bitswap_messages", "conn_events"):
            self._channel.queue_bind(self._queue, "ipfs.passive_monitoring", f"monitor.{monitor}.{kind}")

    def take(self):
        """The events of what lies in the queue."""
        events = []
        while True:
            method, _, body = self._channel.basic_get(self._queue, auto_ack=True)
            if method is None:
                return events
            events += json.loads(gzip.decompress(body))

    def publish(self, body):
        """To its own queue."""
        self._channel.basic_publish("", self._queue, body)

    def waiting(self):
        return self._channel.queue_declare(self._queue, passive=True).method.message_count

    def close(self):
        self._connection.close()


def processes_below(folder):
    """Command lines that name a folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if str(folder) in line:
                found.append(line)
    return found


class Running(unittest.TestCase):
    """One stack for all tests: starting it takes some seconds."""

    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="mexport-stack-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.stack = LocalStack(cls.folder / "state")
        cls.addClassCleanup(lambda: cls.stack.run("down", "--purge"))
        cls.said = cls.stack.up()
        cls.consumers = [Consumer(cls.stack.broker, f"monitor{number}") for number in (1, 2)]
        for consumer in cls.consumers:
            cls.addClassCleanup(consumer.close)
        wait_until("monitors that are connected", lambda: cls.stack.broadcast(1, CID) and cls.stack.broadcast(2, CID), PATIENCE)
        wait_until("targets that are up", cls.all_scraped, PATIENCE)

    @classmethod
    def all_scraped(cls):
        targets = cls.stack.prometheus("targets")["activeTargets"]
        return len(targets) == 4 and {target["health"] for target in targets} == {"up"}

    def test_all_are_well_and_up_changes_nothing(self):
        for service in SERVICES:
            self.assertRegex(self.said, rf"(?m)^{service} +healthy ")
        before = self.stack.pids()
        self.assertEqual(set(before), SERVICES)
        self.assertNotIn("started", self.stack.up())
        self.assertEqual(self.stack.pids(), before)

    def test_what_has_died_is_seen_and_started_again(self):
        os.kill(self.stack.pids()["prometheus"], signal.SIGKILL)
        told = wait_until("end of it", lambda: (done := self.stack.run("status")).returncode == 1 and done.stdout, PATIENCE)
        self.assertRegex(told, r"(?m)^prometheus +stopped ")
        self.assertIn("prometheus: started", self.stack.up())

    def test_running_stack_keeps_its_ports(self):
        done = self.stack.run("up", "--no-install", "--port-base", self.stack.port_base + 100)
        self.assertEqual(done.returncode, 1)
        self.assertIn("`down` first", done.stderr)

    def test_what_one_monitor_asks_the_other_publishes(self):
        def wanted():
            self.stack.broadcast(1, CID)
            entries = [entry for event in self.consumers[1].take() if "bitswap_message" in event
                       for entry in event["bitswap_message"]["wantlist_entries"]]
            return [entry for entry in entries if entry["Cid"]["/"] == CID]
        wait_until("event of monitor2", wanted, PATIENCE)

    def test_queues_are_bounded_by_policy(self):
        bound = Consumer(self.stack.broker, "nobody")
        self.addCleanup(bound.close)
        for _ in range(1100):
            bound.publish(b"x")
        self.assertEqual(bound.waiting(), 1000)

    def test_every_query_of_the_boards_answers(self):
        open_ones = [asked for asked in all_asked() if not asked.names & ALL_FOREIGN]

        def unanswered():
            self.stack.broadcast(1, CID)
            self.stack.broadcast(2, CID)
            for consumer in self.consumers:
                consumer.take()
            open_ones[:] = [asked for asked in open_ones if not any(map(math.isfinite, self.stack.values(asked.expression)))]
            return not open_ones
        try:
            wait_until("answers", unanswered, PATIENCE, pause=1.0)
        except AssertionError:
            self.fail("no answer to:\n" + "\n".join(map(str, open_ones)))

    def test_every_query_is_well_formed_and_its_series_are_known(self):
        known = set(self.stack.prometheus("label/__name__/values"))
        for asked in all_asked():
            with self.subTest(str(asked)):
                self.stack.values(asked.expression)
        unknown = {name for asked in all_asked() for name in asked.names} - known - ALL_FOREIGN - UNLESS_LOST
        self.assertEqual(unknown, set())
        for board, series, label in chosen_from():
            with self.subTest(board=board, series=series):
                self.assertTrue(series in ALL_FOREIGN or self.stack.prometheus(f"label/{label}/values", **{"match[]": series}))


class Ending(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mexport-stack-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.stack = LocalStack(self.folder / "state")
        self.addCleanup(lambda: self.stack.run("down", "--purge"))

    def test_nothing_runs_after_down_and_nothing_is_left_after_purge(self):
        self.stack.up()
        done = self.stack.run("down")
        self.assertEqual(done.returncode, 0, done.stderr)
        for service in SERVICES:
            self.assertIn(f"{service}: stopped", done.stdout)
        self.assertIn("left: ", done.stdout)
        self.assertEqual(processes_below(self.folder), [])
        for offset in (1, 2, 11, 12, 20, 21, 22, 23, 30):
            with self.subTest(offset=offset), socket.create_server(("127.0.0.1", self.stack.port_base + offset)):
                pass
        self.assertIn("removed", self.stack.run("down", "--purge").stdout)
        self.assertEqual(list(self.folder.iterdir()), [])
        self.assertEqual(self.stack.run("status").returncode, 1)

    def test_port_in_use_is_named_and_nothing_is_started(self):
        base = free_port() - 30
        with socket.create_server(("127.0.0.1", base + 30)):
            done = self.stack.run("up", "--no-install", "--port-base", base)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"port {base + 30} (prometheus) cannot be listened on", done.stderr)
        self.assertEqual(processes_below(self.folder), [])

    def test_folder_of_somebody_else_is_left_alone(self):
        self.stack.folder.mkdir()
        (self.stack.folder / "thesis.tex").write_text("…")
        self.assertIn("neither empty nor a stack's", self.stack.run("up", "--no-install").stderr)
        self.stack.run("down", "--purge")
        self.assertTrue((self.stack.folder / "thesis.tex").exists())

    def test_pid_of_somebody_else_is_left_alone(self):
        self.stack.folder.joinpath("run").mkdir(parents=True)
        (self.stack.folder / "stack.json").write_text(json.dumps({"port_base": free_port(), "mexport": "/none"}))
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        record = {"pid": os.getpid(), "started": 1, "boot": boot}
        (self.stack.folder / "run" / "prometheus.pid.json").write_text(json.dumps(record))
        self.assertIn("prometheus: had ended before", self.stack.run("down").stdout)


if __name__ == "__main__":
    unittest.main()
