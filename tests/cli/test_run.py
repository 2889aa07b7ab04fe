# SPDX-License-Identifier: MIT
"""run: what it prints, and what keeps it from starting."""

import json
import os
import re
import socket
import subprocess

from support import MEXPORT, CliTest, Node

LOG_LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info |warn |error) \S+ +\S.*")


def port_of(address):
    return int(re.search(r"/tcp/(\d+)", address)[1])


class Run(CliTest):
    def test_stdout_holds_the_addresses_and_ready_alone(self):
        node = self.node("--listen", "/ip4/127.0.0.1/tcp/0")
        node.stop()
        lines = node.out.rest()
        peer = self.check("id").strip()
        self.assertEqual(len(lines), 4)
        for line in lines[:2]:
            self.assertRegex(line, rf"\Alistening on /ip4/127\.0\.0\.1/tcp/[1-9]\d*/p2p/{peer}\Z")
        self.assertNotEqual(lines[0], lines[1])
        self.assertRegex(lines[2], r"\Aapi on http://127\.0\.0\.1:[1-9]\d*\Z")
        self.assertEqual(lines[3], "ready")

    def test_it_accepts_connections_when_ready(self):
        node = self.node()
        socket.create_connection(("127.0.0.1", port_of(node.listening[0])), timeout=10).close()

    def test_the_first_run_makes_directory_and_identity(self):
        node = Node(self, "--listen", "/ip4/127.0.0.1/tcp/0", "--monitor-name", "mon")
        node.stop()
        self.assertIn(self.check("id").strip(), node.listening[0])

    def test_log_lines_have_time_level_and_component(self):
        log = self.node().stop()
        self.assertGreater(len(log), 2)
        for line in log:
            self.assertRegex(line, LOG_LINE)

    def test_levels_by_component(self):
        self.assertEqual(self.node("--log-level", "off").stop(), [])
        log = self.node("--log-level", "off,mexport=info").stop()
        self.assertTrue(log)
        for line in log:
            self.assertEqual(line.split()[2], "mexport")

    def test_the_first_run_says_once_that_it_records_personal_data(self):
        told = lambda log: [line for line in log if "personal data" in line]
        first = told(self.node().stop())
        self.assertEqual(len(first), 1)
        self.assertIn(str(self.traces), first[0])
        self.assertEqual(told(self.node().stop()), [])

    def test_traces_go_where_they_are_told_to(self):
        self.node("--trace-dir", str(self.root / "elsewhere")).stop()
        self.assertEqual(len(list((self.root / "elsewhere" / "mon").glob("*.json.gz"))), 1)
        self.assertFalse((self.data / "traces").exists())

    def test_a_log_file_in_place_of_stderr(self):
        file = self.root / "log"
        self.assertEqual(self.node("--log-file", str(file)).stop(), [])
        for line in file.read_text().splitlines():
            self.assertRegex(line, LOG_LINE)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)


class Refusals(CliTest):
    """One line, exit code 2, nothing half-made."""

    def setUp(self):
        super().setUp()
        self.check("init")

    def refused_run(self, *arguments):
        # What is logged before the failure stays out of the way; the failure itself is no log line.
        return self.refused("run", "--log-level", "off", "--monitor-name", "mon", "--no-api",
                            "--listen", "/ip4/127.0.0.1/tcp/0", *arguments)

    def test_a_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"/ip4/127.0.0.1/tcp/{taken.getsockname()[1]}"
            line = self.refused("run", "--log-level", "off", "--no-api", "--listen", address)
        self.assertIn(address, line)
        self.assertIn("in use", line)
        self.assertEqual(list(self.data.glob("traces/*/*")), [])

    def test_a_port_in_use_by_another_of_us(self):
        node = self.node()
        other = self.root / "other"
        self.check("init", "--data-dir", other)
        port = port_of(node.listening[0])
        self.assertIn("in use", self.refused("run", "--log-level", "off", "--no-api", "--data-dir", other,
                                             "--listen", f"/ip4/127.0.0.1/tcp/{port}"))

    def test_a_data_directory_in_use(self):
        self.node()
        self.assertIn(str(self.data), self.refused_run())

    def test_a_data_directory_that_cannot_be_made(self):
        blocked = self.root / "file"
        blocked.write_text("")
        self.assertIn(str(blocked / "data"), self.refused_run("--data-dir", blocked / "data"))

    def test_a_trace_directory_that_cannot_be_made(self):
        blocked = self.root / "file"
        blocked.write_text("")
        self.assertIn(str(blocked / "mon"), self.refused_run("--trace-dir", blocked))

    def test_a_log_file_that_cannot_be_opened(self):
        self.assertIn("/nowhere/log", self.refused_run("--log-file", "/nowhere/log"))

    def test_bad_configurations(self):
        for text, name in [("{", "line 1"), ('{"Mexport":{"Shards":-1}}', "Mexport.Shards"),
                           ('{\n "a": b}', "bad: found syntax error at line 2, column 7"),
                           ('{"Identity":{"PrivKey":"?"}}', "Identity.PrivKey"), ("[]", "object")]:
            with self.subTest(text=text):
                file = self.root / "bad"
                file.write_text(text)
                self.assertIn(name, self.refused_run("--config", file))

    def test_a_config_that_is_not_there(self):
        self.assertIn("/nowhere/config", self.refused_run("--config", "/nowhere/config"))

    def test_a_bad_identity_in_the_data_directory_stays_as_it_is(self):
        self.configure(Identity={"PeerID": "", "PrivKey": "AAAA"})
        before = (self.data / "config").read_bytes()
        self.assertIn("Identity.PrivKey", self.refused_run())
        self.assertEqual((self.data / "config").read_bytes(), before)

    def test_bad_values_on_the_command_line(self):
        self.assertIn("--listen", self.refused("run", "--listen", "here"))
        self.assertIn("--peer", self.refused_run("--peer", "/ip4/127.0.0.1/tcp/1"))
        self.assertIn("--monitor-name", self.refused("run", "--monitor-name", "a.b"))

    def test_no_home(self):
        env = {key: value for key, value in os.environ.items() if key not in ("HOME", "MEXPORT_PATH")}
        done = subprocess.run([MEXPORT, "run"], env=env, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(len(done.stderr.splitlines()), 1)


class ConfigFile(CliTest):
    def test_config_names_another_document(self):
        self.check("init")
        file = self.root / "mine.json"
        file.write_text(json.dumps({"Addresses": {"Swarm": ["/ip4/127.0.0.1/tcp/0"]}, "Bootstrap": []}))
        node = Node(self, "--config", str(file), "--monitor-name", "mon")
        self.assertEqual(len(node.listening), 1)
        self.assertIn(self.check("id").strip(), node.listening[0])
