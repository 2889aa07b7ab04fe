# SPDX-License-Identifier: MIT
"""compare."""

import csv
import io
import json
from pathlib import Path

from support import CliTest

PEER = "12D3KooWSC2ZfNzwfTamiAmVo2BU1ExMUzA5W5ZXi5VU9cJpTTR8"
BODIES = Path(__file__).resolve().parents[1] / "vectors" / "golden" / "deliveries"


def message(second, cid, snake=False, **ext):
    keys = ("cid", "priority", "want_type", "cancel", "send_dont_have") if snake else \
        ("Cid", "Priority", "WantType", "Cancel", "SendDontHave")
    event = {"timestamp": f"2026-01-02T03:04:{second:06.3f}Z", "peer": PEER,
             "bitswap_message": {"wantlist_entries": [dict(zip(keys, ({"/": cid}, 1, 1, False, True)))],
                                 "full_wantlist": False, "blocks": [], "block_presences": [],
                                 "connected_addresses": ["/ip4/192.0.2.1/tcp/4001"]}}
    return json.dumps({**event, **({"ext": ext} if ext else {})}, separators=(",", ":"))


class Compared(CliTest):
    def setUp(self):
        super().setUp()
        self.trace = self.write("a/2026-01-02_03-04-00_UTC.json.gz", message(0, "first", seq=1, agent_version="kubo/1"),
                                message(1, "both", seq=2), message(2, "mine", seq=3), message(3, "last", seq=4))
        self.log = self.write("b/2026-01-02_03-04-00_UTC.json.gz", message(0.5, "first", snake=True),
                              message(1.5, "both", snake=True), message(3.5, "last", snake=True))

    def write(self, name, *lines):
        path = self.root / name
        return self.write_trace(path.name, lines, path.parent)

    def compare(self, *arguments):
        return json.loads(self.check("compare", "--json", *arguments))

    def test_a_trace_and_a_log_of_the_references_client(self):
        told = self.compare("--list", "5", self.trace.parent, self.log.parent)
        self.assertEqual((told["a"]["forms"], told["b"]["forms"]), (["trace"], ["client_log"]))
        self.assertEqual(told["messages"], {"both": 3, "only_a": 1, "only_b": 0, "outside_a": 0, "outside_b": 0})
        self.assertEqual(told["cids"], {"both": 3, "only_a": 1, "only_b": 0, "complete": True})
        self.assertEqual(told["clock_offset_ns"], {"pairs": 3, "p25": 500_000_000, "p50": 500_000_000, "p75": 500_000_000})
        self.assertEqual(told["agents"], [{"agent_version": "kubo/1", "messages": told["messages"]}])
        self.assertEqual(told["transports"], [{"transport": "tcp", "messages": told["messages"]}])
        self.assertEqual(told["examples"], [{"only": "a", "event": json.loads(message(2, "mine", seq=3))}])

    def test_bodies_of_the_reference_are_like_themselves(self):
        told = self.compare(BODIES, BODIES)
        self.assertEqual(told["a"]["forms"], ["amqp_bodies"])
        self.assertEqual((told["messages"]["both"], told["messages"]["only_a"], told["messages"]["only_b"]), (80, 0, 0))
        self.assertEqual(told["connected"]["both"] + told["disconnected"]["both"], 80)

    def test_text_is_for_people(self):
        text = self.check("compare", self.trace, self.log)
        self.assertRegex(text, r"\nmessages +3 +1 +0 +75\.00% +100\.00%\n")
        self.assertIn("clock of B less that of A: 500.000 ms", text)
        self.assertIn("\nmessages by agent version\n  kubo/1 ", text)

    def test_csv_has_a_figure_a_row(self):
        rows = list(csv.DictReader(io.StringIO(self.check("compare", "--csv", self.trace, self.log))))
        found = {(row["group"], row["name"], row["figure"]): row["value"] for row in rows}
        self.assertEqual(found["all", "messages", "both"], "3")
        self.assertEqual(found["transport", "tcp", "only_a"], "1")
        self.assertEqual(found["clock_offset_ns", "messages", "p50"], "500000000")

    def test_the_window_and_the_time(self):
        self.assertEqual(self.compare("--window", "0.4", self.trace, self.log)["messages"]["both"], 0)
        part = ("--from", "2026-01-02T03:04:01Z", "--to", "2026-01-02T03:04:03Z")
        self.assertEqual(self.compare(*part, self.trace, self.log)["messages"]["both"], 1)

    def test_what_is_broken_is_named_and_the_rest_compared(self):
        broken = self.write("c.gz", message(0.5, "first"), "nonsense", message(3.5, "last"))
        done = self.mexport("compare", "--json", self.trace, broken)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, f"mexport: {broken}:2: no event\n")
        self.assertEqual(json.loads(done.stdout)["messages"]["both"], 2)

    def test_bad_usage(self):
        for arguments, said in (([self.trace], "At least 2 required"), ([self.trace, "/nowhere"], "/nowhere"),
                                (["--from", "noon", self.trace, self.log], "noon is no time"),
                                (["--window", "0", self.trace, self.log], "--window"),
                                (["--json", "--csv", self.trace, self.log], "--csv excludes --json")):
            with self.subTest(arguments):
                done = self.mexport("compare", *arguments)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(said, done.stderr)

    def test_records_without_events_are_named(self):
        empty = self.write("empty.gz")
        done = self.mexport("compare", empty, self.log)
        self.assertEqual(done.returncode, 0)
        self.assertIn(f"{empty}: no event to compare", done.stderr)
