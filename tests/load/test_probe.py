# SPDX-License-Identifier: MIT
"""The discovery probe asks thousands of peers: each once, with an answer for each."""

import json
import os
import subprocess
import urllib.request

from support import CliTest, wait_for

LOAD = os.environ["MEXPORT_LOAD"]
PEERS = int(os.environ["MEXPORT_PEERS_ASKED"])
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
PROBE = {"Plugins": {"metric-export-plugin": {"Config": {"EnableBitswapDiscoveryProbe": True}}}}


class Probe(CliTest):
    def test_all_are_asked_once(self):
        self.check("init")
        self.configure(Plugins=PROBE)
        node = self.node("--no-limits")
        load = subprocess.Popen([LOAD, "--target", node.listening[0], "--connections", str(PEERS)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(load.kill)
        self.assertEqual(json.loads(load.stdout.readline())["connected"], PEERS)
        # A peer may be asked a second after its connection.
        wait_for(lambda: len(self.broadcast(node, "broadcast_cancel")) == PEERS, "peers that may be asked")
        wanted = self.broadcast(node, "broadcast_want_cancel", seconds_before_cancel=1)
        self.assertEqual(len({entry["peer"] for entry in wanted}), PEERS)
        for entry in wanted:
            self.assertNotIn("error", entry["want_status"])
            self.assertEqual(entry["want_status"]["request_type_sent"], 1)
            self.assertNotIn("error", entry["cancel_status"])
        load.stdin.close()
        self.assertEqual(load.wait(60), 0)
        load.stdout.close()
        node.stop()
        self.check("trace", "verify", str(self.traces))
        self.assertEqual(self.sent_in_traces(), {False: PEERS, True: PEERS})

    def broadcast(self, node, method, **more):
        body = json.dumps({"cids": [{"/": CID}], **more}).encode()
        request = urllib.request.Request(f"{node.api[0]}/metric_plugin/v1/{method}", body)
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["result"]["peers"]

    def sent_in_traces(self):
        """How many wants and cancels (True) the last request sent."""
        sent = [json.loads(line)["bitswap_sent"]
                for line in self.check("trace", "cat", "--kind", "bitswap_sent", str(self.traces)).splitlines()]
        number = max(event["request"] for event in sent)
        kinds = [event["wantlist_entries"][0]["Cancel"] for event in sent if event["request"] == number]
        return {kind: kinds.count(kind) for kind in (False, True)}
