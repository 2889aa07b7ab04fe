# SPDX-License-Identifier: MIT
"""What of people is recorded: Privacy, Exclude, Contact."""

import re
import stat

from support import CliTest, Node, events_of, kind_of, wait_for

SECTION = {"PopulatePrometheusInterval": 10, "AgentVersionCutOff": 20}
PEER_ID = re.compile(r"12D3Koo\w+")
IP = re.compile(r"/ip[46]/([^/\"]+)")


class Privacy(CliTest):
    def monitor(self, **keys):
        if not (self.data / "config").exists():
            self.check("init")
        self.configure(Plugins={"Plugins": {"metric-export-plugin": {"Config": {**SECTION, **keys}}}})

    def demo(self, name, *arguments):
        """Records a demo of six peers; returns the trace's text and the log."""
        traces = self.data / "traces" / name
        node = Node(self, "--demo", "6", "--monitor-name", name, *arguments)
        wait_for(lambda: len(self.text(traces, "--kind", "identify_event").splitlines()) >= 6, "six peers")
        wait_for(lambda: self.text(traces, "--kind", "bitswap_message"), "a message")
        log = "\n".join(node.stop())
        self.check("trace", "verify", traces)
        return self.text(traces), log

    def text(self, traces, *arguments):
        return self.check("trace", "cat", *arguments, traces)

    def run_info(self, text):
        return next(event["run_info"] for event in events_of(text) if kind_of(event) == "run_info")

    def test_the_log_hides_what_traces_hide_at_each_level(self):
        self.monitor(Privacy={"Addresses": "none", "Peers": "keyed"})
        text, log = self.demo("closed", "--log-level", "node=debug")
        ended = [line for line in log.splitlines() if " ended: " in line]
        self.assertTrue(ended)
        for line in ended:
            self.assertNotRegex(line, PEER_ID)
            self.assertNotIn("127.0.0.1", line)
            self.assertIn(re.search(r"Qm\w{44}", line)[0], text)

    def test_by_default_all_is_recorded_and_said(self):
        text, log = self.demo("open")
        self.assertEqual(len(set(PEER_ID.findall(text))), 7)
        self.assertEqual(set(IP.findall(text)), {"127.0.0.1"})
        self.assertEqual(self.run_info(text)["privacy"],
                         {"addresses": "full", "peers": "full", "excluded_peers": 0, "excluded_subnets": 0})
        self.assertIn("personal data", log)
        self.assertIn("addresses (full), peer ids (full)", log)

    def test_nothing_that_names_a_peer_reaches_the_disk(self):
        self.monitor(Privacy={"Addresses": "none", "Peers": "keyed"})
        text, log = self.demo("closed")
        self.assertEqual(PEER_ID.findall(text), [])
        self.assertEqual(set(IP.findall(text)), {"0.0.0.0"})
        self.assertNotIn("127.0.0.1", text)
        self.assertEqual(set(re.findall(r"/tcp/(\d+)", text)), {"0"})
        self.assertNotIn("record_sequence", text)
        self.assertIn("addresses (none), peer ids (keyed, key ", log)
        # Of the log only our own id, and of that just where the run begins.
        self.assertLessEqual(set(PEER_ID.findall(log)), {self.check("id").strip()})
        key = self.data / "privacy.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        for file in (self.data / "traces").rglob("*"):
            if file.is_file():
                self.assertNotIn(key.read_bytes(), file.read_bytes())

    def test_prefixes_keep_the_network(self):
        self.monitor(Privacy={"Addresses": "prefix"})
        text, _ = self.demo("near")
        self.assertEqual(set(IP.findall(text)), {"127.0.0.0"})
        self.assertEqual(set(re.findall(r"/tcp/(\d+)", text)), {"0"})
        self.assertEqual(len(set(PEER_ID.findall(text))), 7)

    def test_one_key_links_runs_and_another_does_not(self):
        self.monitor(Privacy={"Peers": "keyed"})
        first = self.run_info(self.demo("one")[0])
        again = self.run_info(self.demo("two")[0])
        (self.data / "privacy.key").unlink()
        other = self.run_info(self.demo("three")[0])
        # The node itself is a peer that all three runs have.
        self.assertEqual(first["peer_ids"], again["peer_ids"])
        self.assertEqual(first["privacy"]["key_id"], again["privacy"]["key_id"])
        self.assertNotEqual(first["peer_ids"], other["peer_ids"])
        self.assertNotEqual(first["privacy"]["key_id"], other["privacy"]["key_id"])
        self.assertRegex(other["peer_ids"][0], r"\AQm\w{44}\Z")

    def test_what_is_excluded_is_counted_and_not_recorded(self):
        observer = self.observer()
        self.monitor(Exclude={"Subnets": ["127.0.0.0/8"]})
        node = Node(self, "--demo", "3", "--monitor-name", "ex", "--peer", observer.listening[0])
        # The observer hears of it, so that it was there and is served as ever.
        seen = self.root / "observer" / "traces" / "obs"
        wait_for(lambda: self.text(seen, "--kind", "identify_event"), "the observer's record")
        log = "\n".join(node.stop())
        kinds = {kind_of(event) for event in events_of(self.text(self.data / "traces" / "ex"))}
        self.assertLessEqual(kinds, {"run_info", "heartbeat"})
        self.assertRegex(log, r"excluded_connections [1-4]\b")
        self.assertIn("0 peers and 1 subnets are excluded", log)

    def test_a_contact_stands_in_the_agent_version(self):
        observer = self.observer()
        self.monitor(Contact="https://example.org/monitor")
        text, _ = self.demo("known", "--peer", observer.listening[0])
        self.assertEqual(self.run_info(text)["contact"], "https://example.org/monitor")
        seen = events_of(self.text(self.root / "observer" / "traces" / "obs", "--kind", "identify_event"))
        agents = {event["identify_event"].get("agent_version") for event in seen}
        version = self.check("version").split()[-1]
        self.assertEqual(agents, {f"mexport/{version} (+https://example.org/monitor)"})

    def observer(self):
        """Another node that records who connects to it."""
        other = self.root / "observer"
        self.check("init", "--data-dir", other)
        path = other / "config"
        path.write_text(path.read_text().replace('"auto"', ""))
        return Node(self, "--data-dir", str(other), "--listen", "/ip4/127.0.0.1/tcp/0", "--monitor-name", "obs")

    def test_a_key_file_that_is_none(self):
        self.monitor(Privacy={"Peers": "keyed"})
        (self.data / "privacy.key").write_bytes(b"short")
        line = self.refused("run", "--log-level", "off", "--listen", "/ip4/127.0.0.1/tcp/0", "--monitor-name", "mon")
        self.assertIn(str(self.data / "privacy.key"), line)
        self.assertIn("5 bytes", line)

    def test_bad_values(self):
        self.monitor(Privacy={"Addresses": "some"})
        self.assertIn("Privacy.Addresses", self.refused("run"))
        self.monitor(Exclude={"Peers": ["me"]})
        self.assertIn("Exclude.Peers[0]", self.refused("run"))
        self.monitor(Contact="a b")
        self.assertIn("Contact", self.refused("run"))
