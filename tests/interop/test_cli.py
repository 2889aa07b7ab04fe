#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The program as scripts and operators meet it: its files, its refusals, its stop. No foreign peers."""

import json
import os
import signal
import socket
import stat
import subprocess
import time
import unittest

from mexport import BINARY, Mexport
from program import Program
from scenario import Scenario

REFUSED = 2


class Cli(Scenario):
    def call(self, *arguments, timeout=30):
        return subprocess.run([str(part) for part in (BINARY, *arguments)], capture_output=True, text=True,
                              timeout=timeout, env={**os.environ, "MEXPORT_PATH": str(self.folder / "home")})

    def assert_refused(self, done, *words):
        """One clear line, exit code 2."""
        self.assertEqual(done.returncode, REFUSED, done.stderr)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, lines)
        for word in words:
            self.assertIn(word, lines[0])

    def run_with(self, document, *options):
        config = self.folder / "config.json"
        config.write_text(document if isinstance(document, str) else json.dumps(document))
        return self.call("run", "--config", config, "--listen", "/ip4/127.0.0.1/tcp/0", *options)

    def mode(self, path):
        return stat.S_IMODE(path.stat().st_mode)


class Files(Cli):
    def test_init_makes_a_private_directory(self):
        self.assertEqual(self.call("init").returncode, 0)
        home = self.folder / "home"
        self.assertEqual((self.mode(home), self.mode(home / "config")), (0o700, 0o600))
        peer = self.call("id").stdout.strip()
        self.assertTrue(peer.startswith("12D3KooW"))
        self.assertEqual(json.loads((home / "config").read_text())["Identity"]["PeerID"], peer)
        self.assertNotIn(json.loads((home / "config").read_text())["Identity"]["PrivKey"],
                         self.call("config", "show").stdout)
        self.assert_refused(self.call("init"), str(home))

    def test_run_keeps_its_identity_and_prints_only_the_fixed_lines(self):
        def once():
            program = self.start(Program("mexport", [
                BINARY, "run", "--data-dir", self.folder / "home", "--listen", "/ip4/127.0.0.1/tcp/0",
                "--config", self.config], self.folder / "mexport.log"))
            lines = [program.line(), program.line()]
            self.assertRegex(lines[0], r"^listening on /ip4/127\.0\.0\.1/tcp/[1-9]\d*/p2p/12D3KooW\w+$")
            self.assertEqual(lines[1], "ready")
            self.assertEqual(program.end(), 0)
            self.assertIsNone(program.lines.get(timeout=5))
            return lines[0].rsplit("/", 1)[1]

        self.config = self.folder / "config.json"
        self.config.write_text('{"Bootstrap": []}')
        first = once()
        self.assertIn("personal data", (self.folder / "mexport.log").read_text())
        self.assertEqual(first, once())
        self.assertNotIn("personal data", (self.folder / "mexport.log").read_text())

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

    def test_sighup_goes_on_and_a_second_sigterm_ends_at_once(self):
        node = self.mexport()
        node.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        self.assertIsNone(node.process.poll())
        node.process.send_signal(signal.SIGTERM)
        node.process.send_signal(signal.SIGTERM)
        started = time.monotonic()
        node.process.wait(10)
        self.assertLess(time.monotonic() - started, 5)


class Refusals(Cli):
    def test_a_document_that_is_no_json(self):
        self.assert_refused(self.run_with("{"), "JSON")
        self.assertFalse((self.folder / "home").exists(), "nothing half-made")

    def test_a_wrong_type_names_the_key(self):
        document = {"Addresses": {"Swarm": "not a list"}}
        self.assert_refused(self.run_with(document), "Addresses.Swarm", "not a list")

    def test_an_unknown_key_of_ours(self):
        self.assert_refused(self.run_with({"Mexport": {"NoSuchKey": 1}}), "Mexport.NoSuchKey")

    def test_an_unreadable_identity(self):
        self.assert_refused(self.run_with({"Identity": {"PeerID": "12D3KooWQ", "PrivKey": "AAAA"}}), "Identity")

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            config = self.folder / "config.json"
            config.write_text('{"Bootstrap": []}')
            done = self.call("run", "--config", config, "--listen", f"/ip4/127.0.0.1/tcp/{port}")
        self.assert_refused(done_without_logs(done), str(port))

    def test_a_port_of_our_own_other_process(self):
        node = self.mexport()
        config = self.folder / "config.json"
        config.write_text('{"Bootstrap": []}')
        done = self.call("run", "--config", config, "--listen", f"/ip4/127.0.0.1/tcp/{node.port}")
        self.assert_refused(done_without_logs(done), str(node.port))
        node.stop()

    def test_a_data_directory_in_use(self):
        node = self.mexport()
        done = self.call("run", "--data-dir", node.data, "--listen", "/ip4/127.0.0.1/tcp/0")
        self.assert_refused(done, str(node.data))
        node.stop()

    def test_a_directory_that_cannot_be_made(self):
        (self.folder / "file").write_text("")
        done = self.call("run", "--data-dir", self.folder / "file" / "home", "--listen", "/ip4/127.0.0.1/tcp/0")
        self.assert_refused(done, "file/home")

    def test_wrong_usage(self):
        for arguments in (["no-such-command"], ["run", "--no-such-option"], ["run", "--listen", "127.0.0.1:4001"]):
            with self.subTest(arguments):
                self.assertEqual(self.call(*arguments).returncode, REFUSED)


def done_without_logs(done):
    """Leaves the complaint: what was logged before it, each with its time, is no part of it."""
    done.stderr = "".join(line for line in done.stderr.splitlines(True) if line.startswith("mexport:"))
    return done


class Demo(Cli):
    def test_events_within_a_second_of_ready(self):
        traces = self.folder / "traces"
        program = self.start(Program("mexport", [
            BINARY, "run", "--demo", "10", "--data-dir", self.folder / "home", "--trace-dir", traces],
            self.folder / "mexport.log"))
        while program.line() != "ready":
            pass
        ready = time.monotonic()

        def wants():
            done = self.call("trace", "cat", "--kind", "bitswap_message", traces)
            return done.returncode == 0 and done.stdout

        self.eventually("events", wants)
        self.assertLess(time.monotonic() - ready, 3, "an event within a second, in a file a second later")
        self.assertEqual(program.end(), 0)
        self.assertEqual(self.call("trace", "verify", traces).returncode, 0)
        stat_text = self.call("trace", "stat", traces).stdout
        self.assertIn("bitswap_message", stat_text)


if __name__ == "__main__":
    unittest.main()
