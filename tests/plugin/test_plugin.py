#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real kubo with the plugin, and a second kubo as its peer."""

import json
import os
import shutil
import subprocess
import unittest

from cids import unknown_cid
from mexport import CONNECTED, DISCONNECTED, WANT_BLOCK, WANT_HAVE
from peers import Kubo, binaries
from plugin import PluginKubo, built, get
from program import Failure
from scenario import BITSWAP_PROTOCOLS, Scenario

HAVE, DONT_HAVE = 0, 1
ALWAYS = {  # of the reference; the two counters of the wiretap come with a broker
    "plugin_metric_export_peers_supported_protocols", "plugin_metric_export_peers_by_agent_version",
    "plugin_metric_export_open_streams", "plugin_metric_export_bitswap_senders",
    "plugin_metric_export_wiretap_peers", "plugin_metric_export_wiretap_connections"}


def kinds(events):
    return [event["connection_event"]["connection_event_type"] for event in events]


class PluginScenario(Scenario):
    def monitor(self, **more):
        return self.start(PluginKubo(self.folder, **more))

    def peer_of(self, monitor):
        peer = self.start(Kubo(self.folder))
        peer.connect(monitor.addr)
        monitor.wait_event("connection_event", peer.peer)
        return peer

    def put(self, kubo, text):
        """The CID of a block that this kubo has."""
        file = self.folder / "block"
        file.write_text(text)
        return kubo.ipfs("block", "put", str(file)).strip()


class Recorded(PluginScenario):
    def test_wants_cancels_and_the_connection(self):
        monitor = self.monitor()
        peer = self.peer_of(monitor)
        cid = unknown_cid()
        wanting = self.start(peer.start_get(cid))
        entry = monitor.wait_entry(peer.peer, cid)
        self.assertIn(entry["WantType"], (WANT_BLOCK, WANT_HAVE))
        wanting.end()
        monitor.wait_entry(peer.peer, cid, cancel=True)
        told = monitor.wait_event("identify_event", peer.peer)["identify_event"]
        self.assertTrue(told["agent_version"].startswith("kubo/0.43.0"), told)
        self.assertLessEqual(set(BITSWAP_PROTOCOLS), set(told["protocols"]))
        peer.ipfs("swarm", "disconnect", monitor.addr)
        monitor.wait_event("connection_event", peer.peer, lambda e: kinds([e]) == [DISCONNECTED])
        opened, closed = monitor.events("connection_event", peer.peer)
        self.assertEqual(kinds([opened, closed]), [CONNECTED, DISCONNECTED])
        self.assertEqual((opened["ext"]["direction"], opened["ext"]["transport"]), ("inbound", "tcp"))
        monitor.stop()

    def test_blocks_and_presences(self):
        monitor = self.monitor()
        peer = self.peer_of(monitor)
        cid = self.put(peer, "theirs")
        self.assertEqual(monitor.ipfs("block", "get", cid), "theirs")
        event = monitor.wait_event("bitswap_message", peer.peer, lambda e: e["bitswap_message"]["blocks"])
        self.assertIn({"/": cid}, event["bitswap_message"]["blocks"])
        monitor.stop()

    def test_a_clean_stop_writes_what_came_last(self):
        monitor = self.monitor()
        peer = self.peer_of(monitor)
        wanted = [unknown_cid() for _ in range(20)]
        for cid in wanted:
            self.start(peer.start_get(cid))
        self.eventually("wants at the monitor", lambda: set(wanted) <= set(
            monitor.ipfs("bitswap", "wantlist", "--peer", peer.peer).split()))
        monitor.stop()
        seen = {entry["Cid"]["/"] for event in monitor.events("bitswap_message", peer.peer)
                for entry in event["bitswap_message"]["wantlist_entries"]}
        self.assertLessEqual(set(wanted), seen)
        self.assertEqual(kinds(monitor.events("connection_event", peer.peer)), [CONNECTED, DISCONNECTED])


class Served(PluginScenario):
    def test_sample_peer_metadata(self):
        monitor = self.monitor()
        peer = self.peer_of(monitor)

        def identified():
            told = json.loads(get(f"{monitor.api}/metric_plugin/v1/sample_peer_metadata?only_connected=true"))["result"]
            return [entry for entry in told["peer_metadata"] if entry["protocols"]]

        self.eventually("an identified peer", identified)
        entry, = identified()
        itself = json.loads(peer.ipfs("id"))
        self.assertEqual((entry["peer_id"], entry["connectedness"]), (peer.peer, 1))
        self.assertEqual(entry["agent_version"], itself["AgentVersion"])
        self.assertLessEqual(set(BITSWAP_PROTOCOLS), set(entry["protocols"]))
        address, = entry["connected_multiaddresses"]
        self.assertRegex(address, r"\A/ip4/127\.0\.0\.1/tcp/\d+\Z")

    def test_metrics_stand_among_those_of_kubo(self):
        monitor = self.monitor()
        peer = self.peer_of(monitor)
        self.start(peer.start_get(unknown_cid()))
        bitswap = 'plugin_metric_export_peers_supported_protocols{protocol="/ipfs/bitswap/1.2.0"}'
        self.eventually("the peer's protocols", lambda: monitor.metrics().get(bitswap) == 1)
        stream = 'plugin_metric_export_open_streams{direction="inbound",protocol="/ipfs/bitswap/1.2.0"}'
        self.eventually("the peer's stream", lambda: monitor.metrics().get(stream) == 1)
        found = monitor.metrics()
        names = {series.split("{")[0] for series in found}
        self.assertLessEqual(ALWAYS, names)
        self.assertIn("ipfs_p2p_peers_total", names)
        self.assertEqual(found["mexport_kubo_plugin_panics_total"], 0)
        self.assertEqual({value for series, value in found.items() if "plugin_lost_records" in series}, {0})

    def test_the_log_is_kubos(self):
        monitor = self.monitor()
        self.assertIn("metric-export", monitor.ipfs("log", "ls").split())
        self.assertIn("Changed log level", monitor.ipfs("log", "level", "metric-export", "info"))
        monitor.stop()
        self.assertIn("metric-export", monitor.log.read_text())


class Asked(PluginScenario):
    def test_the_probe_reaches_the_peer(self):
        monitor = self.monitor(EnableBitswapDiscoveryProbe=True)
        peer = self.peer_of(monitor)
        there, missing = self.put(peer, "there" * 1000), unknown_cid()  # a small block would come instead of a HAVE
        self.eventually("a peer to ask", lambda: peer.peer in monitor.ask("broadcast_want", there))
        status = monitor.ask("broadcast_want", there, missing)[peer.peer]
        self.assertNotIn("error", status)
        self.assertEqual(status["request_type_sent"], WANT_HAVE)
        monitor.wait_presence(peer.peer, there, HAVE)
        monitor.wait_presence(peer.peer, missing, DONT_HAVE)
        wantlist = ("bitswap", "wantlist", "--peer", monitor.peer)
        self.assertIn(missing, peer.ipfs(*wantlist))
        cancelled = monitor.ask("broadcast_cancel", there, missing)[peer.peer]
        self.assertNotIn("error", cancelled)
        self.eventually("no want left", lambda: missing not in peer.ipfs(*wantlist))
        monitor.stop()


class Started(PluginScenario):
    def test_a_wrong_section_keeps_the_daemon_from_starting(self):
        with self.assertRaises(Failure) as refused:
            self.monitor(MonitorName="with.dot")
        self.assertIn("MonitorName", str(refused.exception))

    def test_other_commands_start_no_monitor(self):
        repo = self.folder / "repo"
        environment = {**os.environ, "IPFS_PATH": str(repo), "IPFS_TELEMETRY": "off"}
        for command in (["init", "--profile=test", "--empty-repo"], ["id"], ["repo", "stat"]):
            done = subprocess.run([built() / "preloaded" / "ipfs", *command], env=environment, capture_output=True, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((repo / "metric-export").exists())


class OldKubo(PluginScenario):
    def test_kubo_0_36_is_a_monitor_too(self):
        monitor = self.monitor(binary=built("0.36.0") / "preloaded" / "ipfs")
        peer = self.peer_of(monitor)
        cid = unknown_cid()
        self.start(peer.start_get(cid))
        monitor.wait_entry(peer.peer, cid)
        self.assertIn("plugin_metric_export_peers_by_agent_version", {s.split("{")[0] for s in monitor.metrics()})
        monitor.stop()


class Loaded(PluginScenario):
    """mexport.so from the repository."""

    def put_object(self, repo):
        (repo / "plugins").mkdir(parents=True)
        copy = shutil.copy(built() / "mexport.so", repo / "plugins" / "mexport.so")
        os.chmod(copy, 0o755)

    def test_the_ipfs_built_beside_it_loads_it(self):
        monitor = self.monitor(binary=self.with_object())
        peer = self.peer_of(monitor)
        cid = unknown_cid()
        self.start(peer.start_get(cid))
        monitor.wait_entry(peer.peer, cid)
        monitor.stop()

    def with_object(self):
        """An ipfs that puts the object into each repository it finds."""
        script = self.folder / "ipfs"
        script.write_text(f'#!/bin/sh\nmkdir -p "$IPFS_PATH/plugins"\n[ -e "$IPFS_PATH/plugins/mexport.so" ] || '
                          f'install -m 755 "{built()}/mexport.so" "$IPFS_PATH/plugins/"\nexec "{built()}/ipfs" "$@"\n')
        script.chmod(0o755)
        return script

    def test_another_ipfs_refuses_it(self):
        repo = self.folder / "repo"
        self.put_object(repo)
        done = subprocess.run([binaries() / "ipfs", "id"], env={**os.environ, "IPFS_PATH": str(repo)}, capture_output=True,
                              text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, "Error: error loading plugins: loading plugin .*mexport.so: ")


if __name__ == "__main__":
    unittest.main()
