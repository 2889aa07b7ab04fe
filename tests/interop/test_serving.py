#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What stands in a node's block store is had by real peers, and recorded as served."""

import base64
import os
import re
import subprocess
import unittest
import urllib.request

from cids import unknown_cid
from mexport import BINARY, Mexport
from peers import GoPeer, Helia, Kubo
from scenario import BITSWAP_PROTOCOLS
from test_probe import DONT_HAVE, HAVE, PROBE, ProbeScenario
from wire import fields, uvarint

SIZES = (100, 100_000, 2 << 20)  # the last is the largest block that there may be
# Of a message: BITSWAP.md.
BARE_BLOCKS, BLOCKS = 2, 3


def block(node, *arguments, given=None):
    """The stdout of `mexport block …` on the node's store."""
    done = subprocess.run([BINARY, "block", *arguments, "--data-dir", node.data], input=given, capture_output=True,
                          timeout=60)
    if done.returncode != 0:
        raise node.failure(f"block {arguments}: {done.stderr.decode()}")
    return done.stdout


def put(node, sizes=SIZES):
    """New blocks, by their CIDs, that the node has and serves."""
    blocks = {}
    for size in sizes:
        data = os.urandom(size)
        blocks[block(node, "put", "-", given=data).decode().strip()] = data
    return blocks


def served_now(node):
    """How many blocks the running node says that it serves."""
    said = re.findall(r"(\d+) blocks of \d+ bytes are there for peers", node.log.read_text())
    return int(said[-1]) if said else 0


class Serving(ProbeScenario):
    def serving(self, node, sizes=SIZES):
        blocks = put(node, sizes)
        self.eventually("blocks that are served", lambda: served_now(node) == len(blocks))
        return blocks

    def served(self, node, peer, cid):
        """What tells that the block was given, in answer to a message that wanted it."""
        def has(event):
            return event["bitswap_sent"]["cause"] == "serve" and {"/": cid} in event["bitswap_sent"]["blocks"]
        event = node.wait_event("bitswap_sent", peer, has)
        wanted = [message["bitswap_message"]["wantlist_entries"] for message in node.events("bitswap_message", peer)
                  if message["ext"]["conn"] == event["ext"]["conn"]
                  and message["ext"]["message_index"] == event["bitswap_sent"]["reply_to"]]
        self.assertEqual(len(wanted), 1)
        self.assertIn(cid, [entry["Cid"]["/"] for entry in wanted[0]])
        return event["bitswap_sent"]

    def metric(self, node, name):
        with urllib.request.urlopen(f"{node.api}/metrics", timeout=60) as page:
            lines = [line for line in page.read().decode().splitlines() if line.startswith(name + " ")]
        return float(lines[0].split()[-1])


class KuboGets(Serving):
    def test_blocks_of_all_sizes(self):
        node, kubo = self.mexport(), self.start(Kubo(self.folder))
        kubo.connect(node.addr)
        node.wait_event("identify_event", kubo.peer)
        blocks = self.serving(node)
        for cid, data in blocks.items():
            self.assertEqual(self.get(kubo, cid), data)
            self.assertGreater(self.served(node, kubo.peer, cid)["bytes"], len(data))
        self.assertEqual(self.metric(node, 'mexport_bitswap_served_total{type="block"}'), len(blocks))
        self.assertEqual(self.metric(node, "mexport_bitswap_served_bytes_total"), sum(map(len, blocks.values())))
        node.stop()

    def test_one_that_was_removed_is_not_had(self):
        node, kubo = self.mexport(), self.start(Kubo(self.folder))
        kubo.connect(node.addr)
        node.wait_event("identify_event", kubo.peer)
        kept, removed = self.serving(node, (500, 600))
        block(node, "rm", removed)
        self.eventually("one block that is served", lambda: served_now(node) == 1)
        getting = self.start(kubo.start_get(removed))
        node.wait_want(kubo.peer, removed)
        self.assertEqual(len(self.get(kubo, kept)), 500)
        self.assertIsNone(getting.process.poll())
        node.stop()

    @staticmethod
    def get(kubo, cid):
        done = subprocess.run([kubo.binary, "block", "get", cid], env={**os.environ, **kubo.env}, capture_output=True,
                              timeout=60)
        if done.returncode != 0:
            raise kubo.failure(f"block get: {done.stderr.decode()}")
        return done.stdout


class OthersGet(Serving):
    def test_helia(self):
        node, helia = self.mexport(), self.start(Helia(self.folder))
        helia.connect(node.addr)
        node.wait_event("identify_event", helia.peer)
        for cid, data in self.serving(node).items():
            helia.ask("want", cid=cid)
            self.assertEqual(helia.wait_event("got", cid=cid)["size"], len(data))
            self.served(node, helia.peer, cid)
        node.stop()

    def test_go_libp2p_hosts_of_all_versions(self):
        node, process = self.mexport(), self.start(GoPeer(self.folder))
        ((cid, data),) = self.serving(node, (20_000,)).items()
        binary = base64.b32decode(cid[1:].upper() + "=" * (-len(cid[1:]) % 8))
        for number, protocol in enumerate(BITSWAP_PROTOCOLS):
            host = process.host(f"host{number}", bitswap=[protocol])
            host.connect(node.addr)
            node.wait_event("identify_event", host.peer)
            entry = b"\x0a" + uvarint(len(binary)) + binary
            wantlist = b"\x0a" + uvarint(len(entry)) + entry
            message = b"\x0a" + uvarint(len(wantlist)) + wantlist
            host.open(node.peer, protocol).send(message.hex())
            self.eventually("reply", host.answers)
            reply = dict(fields(bytes.fromhex(host.answers()[0])))
            if protocol in BITSWAP_PROTOCOLS[:2]:
                self.assertEqual(dict(fields(reply[BLOCKS])), {1: binary[:4], 2: data})
            else:
                self.assertEqual(reply[BARE_BLOCKS], data)
            self.assertEqual(self.served(node, host.peer, cid)["protocol"], protocol)
        node.stop()

    def test_a_monitor_is_probed_by_another(self):
        node = self.mexport()
        other = self.start(Mexport(self.folder / "other", peers=[node.addr], config=PROBE))
        node.wait_event("identify_event", other.peer)
        (known,) = self.serving(node, (300_000,))
        missing = unknown_cid()
        self.probe_until(other, [node.peer], "broadcast_want_cancel", known, missing, seconds_before_cancel=2)
        self.wait_presence(other, node.peer, known, HAVE)
        self.wait_presence(other, node.peer, missing, DONT_HAVE)
        said = node.wait_event("bitswap_sent", other.peer)["bitswap_sent"]
        self.assertEqual(said["block_presences"], [{"cid": {"/": known}, "block_presence_type": HAVE}])
        self.assertEqual(said["blocks"], [])
        other.stop()
        node.stop()


if __name__ == "__main__":
    unittest.main()
