# SPDX-License-Identifier: MIT
"""The completion scripts, in their shells."""

import subprocess

from support import CliTest

ASK_BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_mexport
printf '%s\\n' "${COMPREPLY[@]}"
"""


class Completion(CliTest):
    def script(self, shell):
        path = self.root / f"script.{shell}"
        path.write_text(self.check("completion", shell))
        return path

    def bash(self, *words):
        done = subprocess.run(["bash", "-c", ASK_BASH, "bash", self.script("bash"), *words], cwd=self.root,
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split())

    def test_bash_completes_commands(self):
        self.assertEqual(self.bash("mexport", "tr"), {"trace"})
        self.assertEqual(self.bash("mexport", "trace", "v"), {"verify"})
        self.assertLessEqual({"run", "init", "id", "config", "trace", "version", "completion"}, self.bash("mexport", ""))

    def test_bash_completes_options(self):
        self.assertEqual(self.bash("mexport", "run", "--li"), {"--listen"})
        self.assertEqual(self.bash("mexport", "probe", "--ca"), {"--cancel-after"})
        self.assertEqual(self.bash("mexport", "run", "--log-level", "info", "--mon"), {"--monitor-name"})
        self.assertNotIn("--listen", self.bash("mexport", "trace", "cat", "--"))

    def test_bash_completes_values(self):
        (self.root / "folder").mkdir()
        (self.root / "file.gz").write_text("")
        self.assertEqual(self.bash("mexport", "trace", "cat", "--kind", "bit"), {"bitswap_message", "bitswap_sent"})
        self.assertEqual(self.bash("mexport", "completion", ""), {"bash", "zsh", "fish", "--help", "-h"})
        self.assertEqual(self.bash("mexport", "run", "--data-dir", "f"), {"folder"})
        self.assertEqual(self.bash("mexport", "trace", "stat", "f"), {"folder", "file.gz"})
        self.assertEqual(self.bash("mexport", "run", "--listen", "f"), set())

    def test_zsh_reads_its_script(self):
        done = subprocess.run(["zsh", "-f", "-c", 'autoload -U compinit; compinit -D; source "$1"; echo $_comps[mexport]',
                               "zsh", self.script("zsh")], capture_output=True, text=True, timeout=30)
        self.assertEqual((done.stdout, done.stderr), ("_mexport\n", ""))

    def test_fish_completes(self):
        ask = lambda line: subprocess.run(
            ["fish", "--no-config", "-c", f"source $argv[1]; complete -C '{line}'", self.script("fish")],
            cwd=self.root, capture_output=True, text=True, timeout=30).stdout
        first = lambda text: {line.split("\t")[0] for line in text.splitlines()}
        self.assertEqual(first(ask("mexport trace v")), {"verify"})
        self.assertEqual(first(ask("mexport run --li")), {"--listen"})
        self.assertEqual(first(ask("mexport trace cat --kind bit")), {"bitswap_message", "bitswap_sent"})

    def test_all_shells_know_all_commands(self):
        for shell in ["bash", "zsh", "fish"]:
            text = self.script(shell).read_text()
            for name in ["mexport config check", "mexport trace verify", "monitor-name"]:
                self.assertIn(name, text)
