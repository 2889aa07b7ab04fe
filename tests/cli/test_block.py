# SPDX-License-Identifier: MIT
"""block put, get, rm, ls."""

import os
import stat
import subprocess

from support import MEXPORT, PATIENCE, CliTest

HELLO = "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am"  # of "hello\n"; ipfs block put says the same
HELLO_DAG_PB = "bafybeicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am"
ABSENT = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
LARGEST = 2 << 20


class Block(CliTest):
    def setUp(self):
        super().setUp()
        self.hello = self.file("hello", b"hello\n")

    def file(self, name, content):
        path = self.root / name
        path.write_bytes(content)
        return path

    def fails(self, *arguments):
        """Runs a command that must end with 1; returns stderr."""
        done = self.mexport(*arguments)
        self.assertEqual(done.returncode, 1, done)
        return done.stderr

    def test_what_is_put_is_listed_and_given_back(self):
        self.assertEqual(self.check("block", "ls"), "")
        self.assertEqual(self.check("block", "put", self.hello), HELLO + "\n")
        self.assertEqual(self.check("block", "put", self.hello, "--cid-codec", "dag-pb"), HELLO_DAG_PB + "\n")
        self.assertEqual(self.check("block", "ls", "--size"), HELLO + " 6\n")
        for cid in (HELLO, HELLO_DAG_PB):
            self.assertEqual(self.check("block", "get", cid), "hello\n")
        self.assertEqual(self.check("block", "rm", HELLO_DAG_PB), f"removed {HELLO_DAG_PB}\n")
        self.assertEqual(self.check("block", "ls"), "")
        self.assertEqual(stat.S_IMODE(os.stat(self.data).st_mode), 0o700)

    def test_stdin_is_put_and_any_bytes_come_back(self):
        data = os.urandom(LARGEST)
        done = subprocess.run([MEXPORT, "block", "put", "-"], env=self.env, input=data, capture_output=True,
                              timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run([MEXPORT, "block", "get", done.stdout.decode().strip()], env=self.env,
                              capture_output=True, timeout=PATIENCE)
        self.assertEqual(done.stdout, data)

    def test_several_until_one_that_cannot_be(self):
        large = self.file("large", bytes(LARGEST + 1))
        done = self.mexport("block", "put", self.hello, large, self.hello)
        self.assertEqual((done.returncode, done.stdout), (1, HELLO + "\n"))
        self.assertIn(f"cannot put {large}: a block has at most 2 MiB", done.stderr)
        self.assertIn("No such file", self.fails("block", "put", self.root / "missing"))

    def test_limits_come_from_the_configuration(self):
        self.check("init")
        self.configure(Plugins={"Plugins": {"metric-export-plugin": {"Config": {"BlockStore": {
            "MaxBlocks": 1, "Directory": "elsewhere"}}}}})
        self.check("block", "put", self.hello)
        self.assertTrue((self.data / "elsewhere" / HELLO).exists())
        self.assertIn("BlockStore.MaxBlocks", self.fails("block", "put", self.file("other", b"other")))

    def test_what_is_not_there_or_no_cid_is_named(self):
        self.check("block", "put", self.hello)
        self.assertIn(ABSENT, self.fails("block", "get", ABSENT))
        done = self.mexport("block", "rm", ABSENT, HELLO)
        self.assertEqual((done.returncode, done.stdout), (1, f"removed {HELLO}\n"))
        self.assertIn(ABSENT, done.stderr)
        for command in ("get", "rm"):
            self.assertIn("bafknot is no CID", self.refused("block", command, "bafknot"))
        self.assertIn("--cid-codec", self.refused("block", "put", self.hello, "--cid-codec", "git"))

    def test_damage_is_found(self):
        self.check("block", "put", self.hello)
        (self.data / "blockstore" / HELLO).write_text("jello\n")
        self.assertIn("not what its CID says", self.fails("block", "get", HELLO))
        node = self.node()
        node.log.until(lambda line: HELLO in line and "left out" in line)
        node.stop()

    def test_a_node_that_runs_follows(self):
        self.check("init")
        self.check("block", "put", self.hello)
        node = self.node()
        node.log.until(lambda line: "1 blocks of 6 bytes are there" in line)
        self.check("block", "put", self.file("other", b"other"))
        node.log.until(lambda line: "2 blocks of 11 bytes are there" in line)
        self.check("block", "rm", HELLO)
        node.log.until(lambda line: "1 blocks of 5 bytes are there" in line)
        node.stop()
