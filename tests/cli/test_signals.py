# SPDX-License-Identifier: MIT
"""How a run ends, and how it begins new files."""

import fcntl
import signal
import subprocess
import time

from support import MEXPORT, PATIENCE, CliTest, events_of, kind_of, wait_for

F_SETPIPE_SZ = 1031


class Signals(CliTest):
    def with_peers(self, count):
        """A node that all its demo peers are connected to."""
        node = self.node("--demo", str(count))
        wait_for(lambda: self.mexport("trace", "cat", "--kind", "identify_event", self.traces).stdout.count("\n") == count,
                 f"{count} peers")
        return node

    def test_term_and_int_end_in_order(self):
        for number in [signal.SIGTERM, signal.SIGINT]:
            node = self.node("--demo", "3")
            self.assertEqual(len(list(self.traces.glob("*.tmp"))), 1)
            node.signal(number)
            self.assertEqual(node.wait(), 0)
            self.assertEqual(list(self.traces.glob("*.tmp")), [])
        self.check("trace", "verify", self.traces)

    def test_connections_are_closed_with_the_shutdown_code(self):
        self.with_peers(3).stop()
        closed = [event for event in events_of(self.check("trace", "cat", "--kind", "connection_event", self.traces))
                  if event["connection_event"]["connection_event_type"] == 1]
        self.assertEqual(len(closed), 3)
        for event in closed:
            self.assertEqual(event["ext"]["closed_by"], "local")
            self.assertIn("close_code", event["ext"])

    def test_the_end_is_summed_up(self):
        log = self.with_peers(3).stop()
        self.assertRegex(log[-2], r"\d+ events written, 0 lost")
        self.assertRegex(log[-1], r"counted: .*accepted \d+")

    def test_stopping_takes_less_than_five_seconds(self):
        node = self.node("--demo", "20")
        before = time.monotonic()
        node.stop()
        self.assertLess(time.monotonic() - before, 5)

    def test_a_signal_that_comes_twice_at_once_is_one(self):
        node = self.node("--demo", "3")
        node.signal(signal.SIGTERM)
        node.signal(signal.SIGTERM)
        self.assertEqual(node.wait(), 0)

    def test_a_second_signal_ends_at_once(self):
        """A log that nobody reads keeps the run from ending in order."""
        for number, code in [(signal.SIGTERM, 143), (signal.SIGINT, 130)]:
            self.data = self.root / f"data-{code}"
            self.env["MEXPORT_PATH"] = str(self.data)
            process = subprocess.Popen([MEXPORT, "run", "--demo", "20", "--log-level", "debug"], env=self.env,
                                       text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                fcntl.fcntl(process.stderr, F_SETPIPE_SZ, 4096)
                while process.stdout.readline() != "ready\n":
                    self.assertIsNone(process.poll())
                for _ in range(200):  # each reopening is told in the log
                    process.send_signal(signal.SIGHUP)
                    time.sleep(0.005)
                process.send_signal(signal.SIGTERM)
                time.sleep(1)
                self.assertIsNone(process.poll(), "the log did not hold it up")
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=PATIENCE), code)
            finally:
                process.kill()
                process.wait()
                process.stdout.close()
                process.stderr.close()

    def test_hup_begins_new_trace_files(self):
        node = self.node("--demo", "3")
        self.assertEqual(len(list(self.traces.glob("*.json.gz.tmp"))), 1)
        node.signal(signal.SIGHUP)
        wait_for(lambda: list(self.traces.glob("*.json.gz")) and list(self.traces.glob("*.json.gz.tmp")),
                 "a second file")
        node.stop()
        events = events_of(self.check("trace", "cat", self.traces))
        self.assertEqual([kind_of(event) for event in events].count("run_info"), 2)
        self.check("trace", "verify", self.traces)

    def test_hup_reopens_the_log_file(self):
        log, moved = self.root / "log", self.root / "log.1"
        node = self.node("--log-file", str(log))
        wait_for(lambda: "run " in log.read_text(), "the first log lines")
        log.rename(moved)
        node.signal(signal.SIGHUP)
        wait_for(log.exists, "the new log file")
        node.stop()
        self.assertIn("events written", log.read_text())
        self.assertNotIn("events written", moved.read_text())

    def test_hup_does_not_end_it(self):
        node = self.node()
        for _ in range(5):
            node.signal(signal.SIGHUP)
            time.sleep(0.05)
        self.assertIsNone(node.process.poll())
        node.stop()
