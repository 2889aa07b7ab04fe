# SPDX-License-Identifier: MIT
"""A node of a sanitizers' build under load: no report, a clean end, every message in the record."""

import json
import os
import subprocess

from support import CliTest, wait_for

LOAD = os.environ["MEXPORT_LOAD"]
CONNECTIONS, RATE, SECONDS = 200, 2000, 5


class Load(CliTest):
    def test_many_connections_and_messages(self):
        # stop() expects exit code 0, which a sanitizer's report would change.
        node = self.node("--no-limits", "--listen", "/ip4/127.0.0.1/tcp/0")
        with self.load(node.listening[0]) as load:
            connected, sent = (json.loads(load.stdout.readline()) for _ in range(2))
            self.assertEqual(connected["connected"], CONNECTIONS)
            self.assertGreater(sent["sent"], 0)
            wait_for(lambda: self.recorded() == CONNECTIONS + sent["sent"], "a record of all messages")
            load.stdin.close()
            self.assertEqual(load.wait(60), 0)
        node.stop()
        self.check("trace", "verify", str(self.traces))

    def recorded(self):
        stat = json.loads(self.check("trace", "stat", "--json", str(self.traces)))
        return stat["events"].get("bitswap_message", 0)

    def load(self, target):
        return subprocess.Popen(
            [LOAD, "--target", target, "--connections", str(CONNECTIONS), "--each", "1", "--rate", str(RATE),
             "--seconds", str(SECONDS), "--send-dont-have"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
