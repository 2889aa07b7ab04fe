#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What the HTTP API tells of a real kubo."""

import json
import unittest
import urllib.parse
import urllib.request

from cids import unknown_cid
from peers import Kubo
from scenario import BITSWAP_PROTOCOLS, Scenario

PATIENCE = 30


def get(node, path, **query):
    """The answer's text."""
    url = f"{node.api}{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return answer.read().decode()


class KuboOverHttp(Scenario):
    def setUp(self):
        super().setUp()
        self.node = self.mexport()
        self.kubo = self.start(Kubo(self.folder))
        self.kubo.connect(self.node.addr)
        self.node.wait_event("identify_event", self.kubo.peer)

    def sampled(self, **query):
        """The entries of `sample_peer_metadata` by peer id."""
        answer = json.loads(get(self.node, "/metric_plugin/v1/sample_peer_metadata", **query))
        self.assertEqual(answer["status"], 200)
        return {entry["peer_id"]: entry for entry in answer["result"]["peer_metadata"]}

    def test_sample_peer_metadata_says_what_kubo_says_of_itself(self):
        itself = json.loads(self.kubo.ipfs("id"))
        found = self.sampled(only_connected="true")
        self.assertEqual(list(found), [self.kubo.peer])
        entry = found[self.kubo.peer]
        self.assertEqual(entry["connectedness"], 1)
        self.assertEqual(entry["agent_version"], itself["AgentVersion"])
        self.assertLessEqual(set(BITSWAP_PROTOCOLS), set(entry["protocols"]))
        self.assertLessEqual(set(entry["protocols"]), set(itself["Protocols"]))
        address, = entry["connected_multiaddresses"]
        self.assertRegex(address, r"\A/ip4/127\.0\.0\.1/tcp/\d+\Z")
        self.assertEqual(set(self.sampled()), {self.kubo.peer, self.node.peer})

    def test_who_left_is_remembered_after_a_kill(self):
        itself = json.loads(self.kubo.ipfs("id"))
        connected = self.sampled()[self.kubo.peer]
        listens = {address.rpartition("/p2p/")[0] for address in itself["Addresses"]}
        self.assertTrue(connected["multiaddresses"])
        self.assertLessEqual(set(connected["multiaddresses"]), listens)
        self.kubo.ipfs("swarm", "disconnect", self.node.addr)
        self.eventually("no connected peer", lambda: not self.sampled(only_connected="true"))
        self.node.kill()
        self.kubo.kill()
        self.node = self.mexport()
        entry = self.sampled()[self.kubo.peer]
        self.assertEqual(entry["connectedness"], 0)
        self.assertEqual(entry["agent_version"], itself["AgentVersion"])
        self.assertEqual(entry["multiaddresses"], connected["multiaddresses"])
        self.assertEqual(entry["protocols"], connected["protocols"])
        self.assertIsNone(entry["connected_multiaddresses"])
        self.assertEqual(self.sampled(only_connected="true"), {})

    def test_peers_are_found_by_what_they_run(self):
        page = json.loads(get(self.node, "/api/v1/peers", agent="kubo/0.43", protocol="/ipfs/bitswap/1.2.0"))
        self.assertEqual([peer["peer"] for peer in page["peers"]], [self.kubo.peer])
        self.assertEqual(json.loads(get(self.node, "/api/v1/peers", agent="helia"))["total"], 0)

    def test_a_want_is_seen_live(self):
        cid = unknown_cid()
        query = urllib.parse.urlencode({"cid": cid[:20], "peer": self.kubo.peer, "kind": "bitswap_message"})
        with urllib.request.urlopen(f"{self.node.api}/api/v1/events?{query}", timeout=PATIENCE) as stream:
            wanting = self.start(self.kubo.start_get(cid))
            while not (line := stream.readline()).startswith(b"data: "):
                self.assertTrue(line, "the stream has ended")
            wanting.end()
        event = json.loads(line[len("data: "):])
        self.assertEqual(event["peer"], self.kubo.peer)
        self.assertIn(cid, [entry["Cid"]["/"] for entry in event["bitswap_message"]["wantlist_entries"]])

    def test_metrics_count_it(self):
        lines = get(self.node, "/metrics").splitlines()
        agent = json.loads(self.kubo.ipfs("id"))["AgentVersion"]
        self.assertIn(f'plugin_metric_export_peers_by_agent_version{{agent_version="{agent}"}} 1', lines)
        self.assertIn('plugin_metric_export_peers_supported_protocols{protocol="/ipfs/bitswap/1.2.0"} 1', lines)

    def test_who_left_is_connected_no_more(self):
        self.kubo.ipfs("swarm", "disconnect", self.node.addr)
        self.eventually("no connected peer", lambda: not self.sampled(only_connected="true"))


if __name__ == "__main__":
    unittest.main()
