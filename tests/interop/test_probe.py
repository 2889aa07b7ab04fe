#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The discovery probe asks real peers: what they are sent, what they answer, and that nothing of ours stays with them."""

import csv
import io
import json
import os
import signal
import subprocess
import threading
import unittest
import urllib.error
import urllib.request
from datetime import datetime

from cids import unknown_cid
from mexport import BINARY, OFFERED, Mexport
from peers import GoPeer, Helia, Kubo
from scenario import BITSWAP_PROTOCOLS, Scenario
from wire import fields

HAVE, DONT_HAVE = 0, 1
PROBE = {"Plugins": {"Plugins": {"metric-export-plugin": {"Config": {"EnableBitswapDiscoveryProbe": True}}}}}
PRIORITY = 2147483647
# Of a wantlist's entry: BITSWAP.md.
CID, ENTRY_PRIORITY, CANCEL, WANT_TYPE, SEND_DONT_HAVE = 1, 2, 3, 4, 5


def seconds_of(timestamp):
    whole, _, fraction = timestamp.rstrip("Z").partition(".")
    return datetime.fromisoformat(whole).timestamp() + float(f"0.{fraction or 0}")


class ProbeScenario(Scenario):
    def probe(self, node, method, *cids, **more):
        """The entries of a broadcast's answer by peer."""
        body = {"cids": [{"/": cid} for cid in cids], **more}
        request = urllib.request.Request(f"{node.api}/metric_plugin/v1/{method}", json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            told = json.load(answer)
        self.assertEqual(told["status"], 200)
        peers = {entry["peer"]: entry for entry in told["result"]["peers"]}
        self.assertEqual(len(peers), len(told["result"]["peers"]), "each peer once")
        return peers

    def probe_until(self, node, peers, method, *cids, **more):
        """The same, repeated until all these peers are asked: one may be a second after its connection."""
        found = {}

        def asked():
            found.update(self.probe(node, method, *cids, **more))
            return set(peers) <= set(found)

        self.eventually("asked peers", asked)
        return found

    def assert_sent(self, status, want_type=None):
        self.assertNotIn("error", status)
        self.assertGreaterEqual(status["send_duration_millis"], 0)
        self.assertEqual(status.get("request_type_sent"), want_type)

    def wait_presence(self, node, peer, cid, kind):
        def says(event):
            presences = event["bitswap_message"]["block_presences"]
            return {"cid": {"/": cid}, "block_presence_type": kind} in presences
        event = node.wait_event("bitswap_message", peer, says)
        self.assertIn(self.request_of(node, peer, cid), event["ext"]["answer_to"])

    def request_of(self, node, peer, cid, cancel=False):
        """The number of the last request whose message to the peer has that CID."""
        def has(event):
            entries = event["bitswap_sent"]["wantlist_entries"]
            return any(entry["Cid"]["/"] == cid and entry["Cancel"] == cancel for entry in entries)
        node.wait_event("bitswap_sent", peer, has)
        return [event for event in node.events("bitswap_sent", peer) if has(event)][-1]["bitswap_sent"]["request"]


class Waiting(threading.Thread):
    """A request whose answer comes later: (status, JSON)."""

    def __init__(self, url, body):
        super().__init__(daemon=True)
        self.request = urllib.request.Request(url, json.dumps(body).encode())
        self.answer = None
        self.start()

    def run(self):
        try:
            with urllib.request.urlopen(self.request, timeout=60) as answer:
                self.answer = (answer.status, json.load(answer))
        except urllib.error.HTTPError as error:
            self.answer = (error.code, json.load(error))


class KuboIsAsked(ProbeScenario):
    CONFIG, SECURITY, RELEASE = PROBE, "noise", ()

    def setUp(self):
        super().setUp()
        self.node = self.mexport(config=self.CONFIG)
        self.kubo = self.start(Kubo(self.folder, release=self.RELEASE))
        self.kubo.connect(self.node.addr)
        self.node.wait_event("identify_event", self.kubo.peer)
        opened = self.node.wait_event("connection_event", self.kubo.peer)
        self.assertEqual(opened["ext"]["security"], self.SECURITY)
        path = self.folder / "block"
        path.write_bytes(os.urandom(4096))  # kubo answers a want-have for a small one by the block itself
        self.known = self.kubo.ipfs("block", "put", "--cid-codec", "raw", str(path)).strip()

    def wanted_of_us(self):
        return self.kubo.ipfs("bitswap", "wantlist", "--peer", self.node.peer).split()

    def test_who_has_it_is_heard_and_the_cancel_arrives(self):
        missing = unknown_cid()
        peers = self.probe_until(self.node, [self.kubo.peer], "broadcast_want", self.known, missing)
        self.assertEqual(list(peers), [self.kubo.peer])
        self.assert_sent(peers[self.kubo.peer], want_type=1)
        self.wait_presence(self.node, self.kubo.peer, self.known, HAVE)
        self.wait_presence(self.node, self.kubo.peer, missing, DONT_HAVE)
        self.eventually("our want at kubo", lambda: missing in self.wanted_of_us())
        self.assert_sent(self.probe(self.node, "broadcast_cancel", self.known, missing)[self.kubo.peer])
        self.assertGreater(self.request_of(self.node, self.kubo.peer, missing, cancel=True),
                           self.request_of(self.node, self.kubo.peer, missing))
        self.eventually("no want of ours at kubo", lambda: not self.wanted_of_us())
        self.assertIn(self.node.peer, self.kubo.ipfs("swarm", "peers"))
        self.node.stop()

    def test_answers_are_told_as_they_come(self):
        missing = unknown_cid()
        self.probe_until(self.node, [self.kubo.peer], "broadcast_cancel", missing)
        ask = {"cids": [self.known, missing], "peers": [self.kubo.peer], "agent": "kubo/", "seconds": 1}
        request = urllib.request.Request(f"{self.node.api}/api/v1/probe", json.dumps(ask).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            *lines, last = [json.loads(line) for line in answer if line.strip()]
        said = {line["cid"]: line["answer"] for line in lines}
        self.assertEqual(said, {self.known: "have", missing: "dont_have"})
        summary = last["summary"]
        self.assertEqual([summary[key] for key in ("state", "peers_asked", "peers_failed", "peers_silent")],
                         ["done", 1, 0, 0])
        counts = {entry["cid"]: (entry["have"], entry["dont_have"]) for entry in summary["cids"]}
        self.assertEqual(counts, {self.known: (1, 0), missing: (0, 1)})
        self.eventually("no want of ours at kubo", lambda: not self.wanted_of_us())
        ask["agent"] = "helia/"
        with urllib.request.urlopen(f"{self.node.api}/api/v1/probe", timeout=60) as answer:
            self.assertEqual(json.load(answer)["requests"][-1]["have"], 1)
        request = urllib.request.Request(f"{self.node.api}/api/v1/probe", json.dumps(ask).encode())
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.assertEqual(json.load(answer)["summary"]["peers_asked"], 0)
        self.node.stop()

    def test_the_command_says_who_has_it(self):
        missing = unknown_cid()
        self.probe_until(self.node, [self.kubo.peer], "broadcast_cancel", missing)
        command = [BINARY, "probe", "--data-dir", self.node.data, "--api", self.node.api.removeprefix("http://"),
                   "--agent", "kubo/", "--cancel-after"]
        done = subprocess.run([*command, "1", "--csv", self.known, missing], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = {row["cid"]: (row["peer"], row["answer"]) for row in csv.DictReader(io.StringIO(done.stdout))}
        self.assertEqual(rows, {self.known: (self.kubo.peer, "have"), missing: (self.kubo.peer, "dont_have")})
        self.assertIn("1 peers asked: 0 failed, 0 silent", done.stderr)
        self.eventually("no want of ours at kubo", lambda: not self.wanted_of_us())
        asking = subprocess.Popen([*command, "3600", "--verbose", missing], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True)
        self.assertIn("dont_have", asking.stdout.readline())
        asking.send_signal(signal.SIGINT)
        asking.communicate(timeout=20)
        self.assertEqual(asking.returncode, 130)
        self.node.stop()
        self.eventually("no want of ours at kubo", lambda: not self.wanted_of_us())

    def test_a_want_is_cancelled_by_itself(self):
        missing = unknown_cid()
        peers = self.probe_until(self.node, [self.kubo.peer], "broadcast_want_cancel", missing, missing,
                                 seconds_before_cancel=1)
        entry = peers[self.kubo.peer]
        self.assert_sent(entry["want_status"], want_type=1)
        self.assert_sent(entry["cancel_status"])
        apart = (seconds_of(entry["cancel_status"]["timestamp_before_send"])
                 - seconds_of(entry["want_status"]["timestamp_before_send"]))
        self.assertGreaterEqual(apart, 0.999)
        self.wait_presence(self.node, self.kubo.peer, missing, DONT_HAVE)
        self.eventually("no want of ours at kubo", lambda: not self.wanted_of_us())
        self.node.stop()

    def test_a_stop_answers_and_takes_our_want_back(self):
        missing = unknown_cid()
        self.probe_until(self.node, [self.kubo.peer], "broadcast_cancel", missing)
        waiting = Waiting(f"{self.node.api}/metric_plugin/v1/broadcast_want_cancel",
                          {"cids": [{"/": missing}], "seconds_before_cancel": 3600})
        self.eventually("our want at kubo", lambda: missing in self.wanted_of_us())
        self.node.stop()
        waiting.join(20)
        self.assertEqual(waiting.answer, (503, {"status": 503, "error": "server closing"}))
        self.eventually("no want of ours at kubo", lambda: not self.wanted_of_us())


class KuboIsAskedOverTls(KuboIsAsked):
    CONFIG, SECURITY = {**PROBE, **OFFERED}, "tls"


class OldKuboIsAsked(KuboIsAsked):
    RELEASE = ("kubo-0.36",)

    def test_it_is_old(self):
        self.assertIn("kubo/0.36", self.node.wait_event("identify_event", self.kubo.peer)["identify_event"]["agent_version"])


class EachVersionIsAskedInItsForm(ProbeScenario):
    def test_go_libp2p_hosts_of_all_versions(self):
        node = self.mexport(config=PROBE)
        process = self.start(GoPeer(self.folder))
        hosts = {}
        for number, protocol in enumerate(BITSWAP_PROTOCOLS):
            host = hosts[protocol] = process.host(f"host{number}", bitswap=[protocol])
            host.connect(node.addr)
            node.wait_event("identify_event", host.peer)
        process.host("deaf", bitswap=["none"]).connect(node.addr)
        cid = unknown_cid()
        peers = self.probe_until(node, [host.peer for host in hosts.values()], "broadcast_want", cid)
        self.assertEqual(set(peers), {host.peer for host in hosts.values()}, "who speaks no Bitswap is not asked")
        cancelled = self.probe(node, "broadcast_cancel", cid)
        for protocol, host in hosts.items():
            newest = protocol == BITSWAP_PROTOCOLS[0]
            self.assert_sent(peers[host.peer], want_type=1 if newest else 0)
            self.assert_sent(cancelled[host.peer])
            self.eventually("CANCEL", lambda host=host: CANCEL in self.entry_of(host.answers()[-1]))
            want, cancel = [self.entry_of(message) for message in (host.answers()[0], host.answers()[-1])]
            self.assertEqual(want[ENTRY_PRIORITY], PRIORITY)
            self.assertEqual((want.get(WANT_TYPE), want.get(SEND_DONT_HAVE)), (1, 1) if newest else (None, None))
            self.assertEqual(set(cancel), {CID, CANCEL})
            self.assertEqual(cancel[CID], want[CID])
            event = host.wait_event("message")
            self.assertEqual(event["protocol"], protocol)
        node.stop()

    def entry_of(self, message):
        wantlist = dict(fields(bytes.fromhex(message)))[1]
        entries = [dict(fields(value)) for number, value in fields(wantlist) if number == 1]
        self.assertEqual(len(entries), 1)
        return entries[0]


class OthersAreAsked(ProbeScenario):
    def test_helia_says_that_it_lacks_it(self):
        node, helia = self.mexport(config=PROBE), self.start(Helia(self.folder))
        helia.connect(node.addr)
        node.wait_event("identify_event", helia.peer)
        missing = unknown_cid()
        self.assert_sent(self.probe_until(node, [helia.peer], "broadcast_want", missing)[helia.peer], want_type=1)
        self.wait_presence(node, helia.peer, missing, DONT_HAVE)
        node.stop()

    def test_two_monitors_ask_each_other(self):
        one = self.mexport(config=PROBE)
        other = self.start(Mexport(self.folder / "other", peers=[one.addr], config=PROBE))
        one.wait_event("identify_event", other.peer)
        other.wait_event("identify_event", one.peer)
        for asker, asked in ((one, other), (other, one)):
            missing = unknown_cid()
            self.probe_until(asker, [asked.peer], "broadcast_want_cancel", missing)
            _, want = asked.wait_want(asker.peer, missing)
            self.assertEqual((want["Priority"], want["WantType"], want["SendDontHave"]), (PRIORITY, 1, True))
            asked.wait_want(asker.peer, missing, cancel=True)
        other.stop()
        one.stop()

    def test_one_that_left_is_not_asked(self):
        node, process = self.mexport(config=PROBE), self.start(GoPeer(self.folder))
        host = process.host()
        host.connect(node.addr)
        self.probe_until(node, [host.peer], "broadcast_want", unknown_cid())
        host.ask("shut")
        self.eventually("nobody is asked", lambda: not self.probe(node, "broadcast_want", unknown_cid()))
        node.stop()


if __name__ == "__main__":
    unittest.main()
