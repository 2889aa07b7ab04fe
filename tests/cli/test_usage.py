# SPDX-License-Identifier: MIT
"""Help, version, and wrong usage."""

import subprocess

from support import MEXPORT, CliTest

COMMANDS = [
    [], ["run"], ["init"], ["id"], ["config"], ["config", "show"], ["config", "check"], ["trace"],
    ["trace", "cat"], ["trace", "stat"], ["trace", "verify"], ["probe"], ["health"], ["version"], ["completion"],
]


class Usage(CliTest):
    def test_every_command_explains_itself_with_an_example(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                text = self.check(*command, "--help")
                self.assertIn("Usage: mexport", text)
                self.assertIn("Example", text)

    def test_without_arguments_it_prints_help(self):
        self.assertEqual(self.check(), self.check("--help"))

    def test_version(self):
        self.assertRegex(self.check("version"), r"\Amexport \d+\.\d+\.\d+\n\Z")
        self.assertEqual(self.check("--version"), self.check("version"))

    def test_wrong_usage_is_one_line_that_names_the_help(self):
        for arguments in [["nonsense"], ["run", "--nonsense"], ["trace"], ["trace", "cat"],
                          ["config"], ["completion"], ["version", "now"]]:
            with self.subTest(arguments=arguments):
                self.assertIn("--help`)", self.refused(*arguments))

    def test_wrong_values_are_named(self):
        self.assertIn("loud", self.refused("run", "--log-level", "loud"))
        self.assertIn("loud", self.refused("run", "--log-level", "info,swarm=loud"))
        for number in ["0", "-1", "many", "1001"]:
            self.assertIn("--demo", self.refused("run", f"--demo={number}"))
        self.assertIn("gossip", self.refused("trace", "cat", "--kind", "gossip", self.root))
        self.assertIn("nobody", self.refused("trace", "cat", "--peer", "nobody", self.root))
        self.assertIn("tcsh", self.refused("completion", "tcsh"))

    def test_wrong_usage_leaves_nothing_behind(self):
        self.refused("run", "--nonsense")
        self.refused("run", "--listen", "nowhere")
        self.assertFalse(self.data.exists())

    def test_a_full_disk_is_a_failure_and_a_reader_that_left_is_none(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([MEXPORT, "version"], stdout=full, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("stdout", done.stderr)
        reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
        reader.wait()
        done = subprocess.run([MEXPORT, "version"], stdout=reader.stdin, stderr=subprocess.PIPE, text=True)
        reader.stdin.close()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
