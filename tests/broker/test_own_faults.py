#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What becomes of the events when the fault is on the node's side: it is killed, its disk is full, its bounds are reached."""

import os
import shutil
import signal
import subprocess
import time
import unittest
from pathlib import Path

from outage import BrokerScenario
from strict import CONNECTIONS, MESSAGES

PATIENCE = 60
RATE = 400
FILL = b"x" * (1 << 16)


def total(ranges):
    return sum(last - first + 1 for _, first, last in ranges)


def told_gaps(node, reason):
    """What the traces tell of messages that the broker did not get: (run, from, to)."""
    gaps = [event["gap"] for event in node.events("gap") if event["ext"].get("sink") == "amqp"]
    return [(gap["run_id"], gap["from"], gap["to"]) for gap in gaps
            if (gap["kind"], gap["reason"]) == ("bitswap_message", reason)]


class OwnFaults(BrokerScenario):
    def test_killed_while_the_broker_is_away(self):
        proxy, consumer = self.away(), self.consumer()
        node = self.node(proxy)
        peer = self.peer(node)
        early = peer.send(300)
        time.sleep(1)
        os.kill(node.process.pid, signal.SIGKILL)
        node.process.wait()
        again = self.node(proxy)
        peer.connect(again)
        late = peer.send(100)
        proxy.listen()
        self.wait_all(consumer, [*early, *late], PATIENCE)
        peer.kill()
        self.assert_nothing_lost(self.stop_and_count(again))
        self.assert_no_holes(consumer)

    def test_killed_under_load_it_names_where_it_broke_off(self):
        consumer = self.consumer()
        node = self.node()
        load = self.load(node, RATE, 60)
        started = time.monotonic()
        self.eventually("flow of messages", lambda: consumer.count() > RATE, PATIENCE)
        self.rabbit.suspend()
        time.sleep(1.5)
        killed = time.monotonic()
        os.kill(node.process.pid, signal.SIGKILL)
        node.process.wait()
        load.kill()
        self.rabbit.resume()
        again = self.node()
        peer = self.peer(again)
        peer.next = 10**9
        self.wait_all_of(consumer, peer.send(10))
        sure = range(int((killed - started - 1) * RATE))  # 500 ms, and as much for a machine that is busy
        self.wait_all_of(consumer, sure)
        self.assert_no_holes(consumer)
        first_run, second_run = consumer.runs_in_order()
        for kind in (MESSAGES, CONNECTIONS):
            (run, earlier, last), = consumer.told_previous(kind)
            self.assertEqual((run, earlier), (second_run, first_run))
            # What the broker took after the node's last note of it was confirmed to nobody.
            self.assertLessEqual(last, consumer.ranges(kind, first_run)[-1][1])
            self.assertGreaterEqual(last, RATE if kind == MESSAGES else 1)

    def wait_all_of(self, consumer, sent):
        self.eventually(f"{len(sent)} numbers", lambda: consumer.has(sent), PATIENCE)

    def test_a_full_spool_says_what_it_lost(self):
        proxy, consumer = self.away(), self.consumer()
        node = self.node(proxy, Spool={"MaxBytes": "1MiB"})
        load = self.load(node, 2000, 5, entries=30, connections=1)  # one: in the order of the numbers
        sent = load.numbers()
        proxy.listen()
        self.eventually("newest", lambda: consumer.has(sent[-1:]), PATIENCE)
        load.kill()
        counters = self.stop_and_count(node)
        missing = set(sent) - consumer.numbers
        self.assertTrue(missing)
        self.assertEqual(len(missing), max(missing) - min(missing) + 1, "more than one piece is missing")
        self.assertLess(max(missing), sent[-1])
        told = consumer.told_missing(MESSAGES)
        self.assertEqual(total(told), len(missing))
        self.assertEqual(counters["lost_spool_full"], total(told) + total(consumer.told_missing(CONNECTIONS)))
        self.assert_explained(consumer)

    def assert_explained(self, consumer):
        """Each hole in the numbers, and at their begin, is one that a header names."""
        run, = consumer.runs()
        for kind in (MESSAGES, CONNECTIONS):
            holes = consumer.holes(kind, run)
            first = min(consumer.ranges(kind, run))[0]
            if first > 1:
                holes = [(1, first - 1), *holes]
            self.assertEqual([(begin, end) for _, begin, end in consumer.told_missing(kind)], holes)

    def test_what_nothing_is_bound_for_is_counted(self):
        node = self.node()
        peer = self.peer(node)
        self.wait_log(node, "connected to amqp://")
        lost = peer.send(100)
        time.sleep(2)  # at live time it is not held
        consumer = self.consumer()
        kept = peer.send(100)
        self.wait_all(consumer, kept, PATIENCE)
        told = consumer.told_missing(MESSAGES)
        self.assertEqual(total(told), len(lost))
        self.eventually("gaps in the trace", lambda: total(told_gaps(node, "unrouted")) == len(lost))
        peer.kill()
        counters = self.stop_and_count(node)
        self.assertEqual(counters["lost_unrouted"], len(lost) + total(consumer.told_missing(CONNECTIONS)))

    def test_a_clean_stop_while_the_broker_is_slow(self):
        proxy = self.proxy()
        consumer = self.consumer()
        node = self.node(proxy)
        load = self.load(node, RATE, 3)
        self.eventually("flow of messages", lambda: consumer.count() > RATE / 4, PATIENCE)
        proxy.slow_down(2000)
        sent = load.numbers()
        self.wait_heard(node, sent)
        load.kill()
        begin = time.monotonic()
        self.assert_nothing_lost(self.stop_and_count(node))
        self.assertLess(time.monotonic() - begin, 10)
        self.assertFalse(consumer.has(sent), "the broker was not slow")
        proxy.slow_down(None)
        again = self.node(proxy)
        self.wait_all(consumer, sent, PATIENCE)
        self.assert_nothing_lost(self.stop_and_count(again))
        self.assert_no_holes(consumer)

    def small_disk(self):
        """A file system of its own, which takes a mount namespace and so root: (folder, command to run within)."""
        disk = self.folder / "disk"
        disk.mkdir()
        if not shutil.which("unshare") or not shutil.which("nsenter"):
            raise unittest.SkipTest("no unshare and nsenter")
        holder = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c",
             'mount -t tmpfs -o size=72m tmpfs "$0" && echo mounted && exec sleep 300', str(disk)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.stdout.close)
        self.addCleanup(holder.kill)
        if holder.stdout.readline() != "mounted\n":
            raise unittest.SkipTest("may not mount a file system")
        self.mounted = Path(f"/proc/{holder.pid}/root{disk}")
        return {"within": ["nsenter", "--mount", f"--target={holder.pid}"], "Spool": {"Directory": str(disk)}}

    def fill(self):
        """Not a byte is left."""
        with (self.mounted / "filler").open("wb", buffering=0) as file:
            try:
                while file.write(FILL):
                    pass
            except OSError:
                pass

    def test_a_disk_that_is_full_for_a_while(self):
        proxy, consumer = self.away(), self.consumer()
        node = self.node(proxy, **self.small_disk())
        peer = self.peer(node)
        early = peer.send(100)
        time.sleep(1)
        self.fill()
        meanwhile = peer.send(100)
        self.wait_log(node, "the spool fails: disk full")
        (self.mounted / "filler").unlink()
        self.wait_log(node, "the spool is being written again")
        late = peer.send(100)
        time.sleep(1)
        proxy.listen()
        # What memory held meanwhile is not lost either.
        self.wait_all(consumer, [*early, *meanwhile, *late], PATIENCE)
        peer.kill()
        self.assert_nothing_lost(self.stop_and_count(node))
        self.assert_no_holes(consumer)

    def test_a_disk_that_is_full_to_the_end(self):
        proxy, consumer = self.away(), self.consumer()
        disk = self.small_disk()
        node = self.node(proxy, **disk)
        peer = self.peer(node)
        early = peer.send(100)
        time.sleep(1)
        self.fill()
        lost = peer.send(100)
        self.wait_log(node, "the spool fails: disk full")
        peer.kill()
        counters = self.stop_and_count(node)
        self.assertGreaterEqual(counters["lost_disk_error"], len(lost))
        proxy.listen()
        (self.mounted / "filler").unlink()
        again = self.node(proxy, **disk)
        self.wait_all(consumer, early, PATIENCE)
        self.assert_nothing_lost(self.stop_and_count(again))


if __name__ == "__main__":
    unittest.main()
