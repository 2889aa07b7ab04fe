# SPDX-License-Identifier: MIT
"""trace cat, stat and verify."""

import json
import signal
import subprocess

from support import MEXPORT, PATIENCE, CliTest, Lines, events_of, kind_of, wait_for

PEER = "12D3KooWSC2ZfNzwfTamiAmVo2BU1ExMUzA5W5ZXi5VU9cJpTTR8"
OTHER = "QmaCpDMGvV2BGHeYERUEnRQAwe3N8SzbUtfsmvsqQLuvuJ"
CID = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"


def message(second, sequence, peer=PEER, cids=(CID,)):
    entries = [{"Cid": {"/": cid}, "Priority": 1, "WantType": 1, "Cancel": False, "SendDontHave": True} for cid in cids]
    return json.dumps({
        "timestamp": f"2026-01-02T03:04:{second:02}Z", "peer": peer,
        "bitswap_message": {"wantlist_entries": entries, "full_wantlist": False, "blocks": [],
                            "block_presences": [], "connected_addresses": []},
        "ext": {"seq": sequence}}, separators=(",", ":"))


def run_info(second=0, sequence=1):
    return json.dumps({"timestamp": f"2026-01-02T03:04:{second:02}Z", "peer": PEER,
                       "run_info": {"run_id": "00"}, "ext": {"seq": sequence}}, separators=(",", ":"))


class Recorded(CliTest):
    def setUp(self):
        super().setUp()
        self.first = self.write_trace("2026-01-02_03-04-00_UTC.json.gz",
                                      [run_info(), message(1, 1), message(2, 2, OTHER)])
        self.second = self.write_trace("2026-01-02_03-04-03_UTC.json.gz", [run_info(2, 2), message(3, 3)])
        self.directory = self.first.parent

    def test_cat_prints_files_and_directories_in_order(self):
        lines = self.check("trace", "cat", self.directory).splitlines()
        self.assertEqual(lines, [run_info(), message(1, 1), message(2, 2, OTHER), run_info(2, 2), message(3, 3)])
        self.assertEqual(self.check("trace", "cat", self.second).splitlines(), [run_info(2, 2), message(3, 3)])
        self.assertEqual(len(self.check("trace", "cat", self.second, self.first).splitlines()), 5)

    def test_cat_filters_by_kind_and_peer(self):
        self.assertEqual(self.check("trace", "cat", "--kind", "run_info", self.directory).splitlines(),
                         [run_info(), run_info(2, 2)])
        both = self.check("trace", "cat", "--kind", "run_info,bitswap_message", self.directory)
        self.assertEqual(len(both.splitlines()), 5)
        repeated = self.check("trace", "cat", "--kind", "run_info", "--kind", "gap", self.directory)
        self.assertEqual(len(repeated.splitlines()), 2)
        peers = self.check("trace", "cat", "--peer", OTHER, self.directory)
        self.assertEqual(peers.splitlines(), [message(2, 2, OTHER)])

    def test_cat_takes_a_peer_id_as_a_cid_too(self):
        as_cid = "bafzaajaiaejcb42hthyrbq52immmkdhog35vxlrmo4ol5nfcwfxdaeypoj23sut7"
        peers = self.check("trace", "cat", "--peer", as_cid, "--kind", "bitswap_message", self.directory)
        self.assertEqual(peers.splitlines(), [message(1, 1), message(3, 3)])

    def test_cat_ends_quietly_when_its_reader_has_gone(self):
        many = self.write_trace("2026-01-02_03-05-00_UTC.json.gz", [message(4, n) for n in range(1, 20001)])
        cat = subprocess.Popen([MEXPORT, "trace", "cat", many], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(cat.stdout.readline().decode().rstrip("\n"), message(4, 1))
        cat.stdout.close()
        self.assertEqual(cat.stderr.read(), b"")
        self.assertEqual(cat.wait(timeout=PATIENCE), 0)
        cat.stderr.close()

    def test_cat_of_a_damaged_file_prints_what_it_can(self):
        whole = self.first.read_bytes()
        self.first.write_bytes(whole[:-30] + bytes(30))
        done = self.mexport("trace", "cat", self.first)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(self.first), done.stderr)

    def test_paths_that_cannot_be_read_are_named(self):
        for command in ["cat", "stat", "verify"]:
            self.assertIn("/nowhere", self.refused("trace", command, "/nowhere"))
        self.assertIn("/nowhere", self.refused("trace", "cat", "--follow", "/nowhere"))

    def test_stat(self):
        text = self.check("trace", "stat", self.directory)
        self.assertRegex(text, r"bitswap_message +3\n")
        self.assertRegex(text, r"peers +2\n")
        numbers = json.loads(self.check("trace", "stat", "--json", self.directory))
        self.assertEqual(numbers["events"], {"bitswap_message": 3, "run_info": 2})
        self.assertEqual((numbers["files"], numbers["peers"], numbers["cids"], numbers["wants"]), (2, 2, 1, 3))
        self.assertEqual(numbers["first"], "2026-01-02T03:04:01.000Z")
        self.assertEqual(numbers["seconds"], 2)

    def test_verify_finds_nothing_wrong(self):
        self.assertIn("nothing wrong", self.check("trace", "verify", self.directory))

    def test_verify_finds_a_missing_file(self):
        self.write_trace("2026-01-02_03-04-09_UTC.json.gz", [run_info(8, 3), message(9, 7)])
        done = self.mexport("trace", "verify", self.directory)
        self.assertEqual(done.returncode, 1)
        self.assertIn("3 missing", done.stdout)

    def test_verify_finds_damage(self):
        self.second.write_bytes(self.second.read_bytes()[:20])
        done = self.mexport("trace", "verify", self.directory)
        self.assertEqual(done.returncode, 1)
        self.assertIn(str(self.second), done.stdout)


class Running(CliTest):
    def test_cat_reads_the_file_that_is_being_written(self):
        self.node("--demo", "3")
        [unfinished] = self.traces.glob("*.json.gz.tmp")
        wait_for(lambda: "bitswap_message" in self.check("trace", "cat", unfinished), "events in the unfinished file")
        self.check("trace", "verify", self.traces)

    def test_follow_goes_on_from_file_to_file(self):
        node = self.node("--demo", "3")
        follow = subprocess.Popen([MEXPORT, "trace", "cat", "--follow", self.traces], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(follow.stderr.close)
        self.addCleanup(follow.stdout.close)
        self.addCleanup(follow.wait)
        self.addCleanup(follow.kill)
        lines = Lines(follow.stdout)
        lines.until(lambda line: '"bitswap_message"' in line)
        node.signal(signal.SIGHUP)
        lines.until(lambda line: '"run_info"' in line)
        lines.until(lambda line: '"bitswap_message"' in line)
        node.stop()
        count = len(self.check("trace", "cat", self.traces).splitlines())
        while len(lines.seen) < count:
            self.assertIsNotNone(lines.next())
        self.assertEqual([kind_of(event) for event in events_of("\n".join(lines.seen))].count("run_info"), 2)

    def test_follow_ends_when_its_reader_has_gone(self):
        self.node()
        follow = subprocess.Popen([MEXPORT, "trace", "cat", "--follow", self.traces],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        follow.stdout.readline()
        follow.stdout.close()
        self.assertEqual(follow.wait(timeout=PATIENCE), 0)
        self.assertEqual(follow.stderr.read(), b"")
        follow.stderr.close()
