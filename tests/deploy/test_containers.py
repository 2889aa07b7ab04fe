#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""deploy/container, as far as it can be checked without a registry: what the node's image holds, run as it would be."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from mexport import BINARY, ROOT
from ports import free_port
from program import Program, wait_until

CONTAINER = ROOT / "deploy" / "container"
FILES = sorted(CONTAINER.glob("Containerfile.*"))
INSTRUCTIONS = {"FROM", "RUN", "COPY", "ARG", "ENV", "WORKDIR", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "STOPSIGNAL",
                "ENTRYPOINT", "CMD"}
USER = "10001:10001"
NOT_IN_CONTAINERS = {"ccache", "git"}  # what only developers need
PATIENCE = 60


def instructions(path):
    """[(instruction, rest)], with continued lines joined."""
    text = re.sub(r"(?m)^#.*\n", "", path.read_text()).replace("\\\n", " ")
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line.strip()]


def last_stage(path):
    found = instructions(path)
    begin = max(index for index, (word, _) in enumerate(found) if word == "FROM")
    return found[begin:]


def build_packages():
    done = subprocess.run(["bash", "-c", 'source "$0"; echo "${build_packages[@]}"', ROOT / "scripts" / "lib.sh"], text=True,
                          capture_output=True, check=True)
    return set(done.stdout.split()) - NOT_IN_CONTAINERS


class Files(unittest.TestCase):
    def test_instructions_are_known_and_whole(self):
        for path in FILES:
            for instruction, *rest in instructions(path):
                with self.subTest(file=path.name, instruction=instruction):
                    self.assertIn(instruction, INSTRUCTIONS)
                    self.assertTrue(rest)

    def test_images_run_as_nobody_special_and_can_be_asked_for_their_health(self):
        for path in FILES:
            stage = dict(last_stage(path))
            with self.subTest(path.name):
                self.assertNotIn(stage["USER"].split(":")[0], ("root", "0"))
                self.assertIsInstance(json.loads(stage["HEALTHCHECK"].split("CMD ")[1]), list)
                self.assertIsInstance(json.loads(stage["ENTRYPOINT"]), list)

    def test_what_is_copied_from_the_repository_is_there(self):
        for path in FILES:
            for instruction, rest in instructions(path):
                if instruction == "COPY" and not rest.startswith("--from"):
                    with self.subTest(file=path.name, copy=rest):
                        self.assertTrue((ROOT / rest.split()[0]).exists())

    def test_builds_of_ours_install_what_a_build_needs(self):
        for name in ("node", "kubo"):
            words = (CONTAINER / f"Containerfile.{name}").read_text().split()
            with self.subTest(name):
                self.assertEqual(build_packages() - set(words) - {"ca-certificates"}, set())

    def test_kubo_starts_after_its_configuration(self):
        done = subprocess.run(["sh", "-n", CONTAINER / "kubo-start"], text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)


class Node(unittest.TestCase):
    """The root that the image of the node is made of."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mexport-container-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)
        self.root = self.folder / "root"
        subprocess.run([CONTAINER / "rootfs", BINARY, self.root], check=True)

    def test_it_is_small_and_holds_no_shell(self):
        names = {path.name for path in self.root.rglob("*")}
        self.assertFalse(names & {"sh", "bash", "busybox"})
        size = sum(path.stat().st_size for path in self.root.rglob("*") if path.is_file())
        self.assertLess(size, 40 << 20)

    @unittest.skipUnless(os.getuid() == 0, "needs root for chroot")
    def test_the_node_runs_in_it_and_is_healthy(self):
        stage = dict(last_stage(CONTAINER / "Containerfile.node"))
        at = f"127.0.0.1:{free_port()}"
        inside = [shutil.which("chroot"), f"--userspec={USER}", self.root]
        environment = ["/usr/bin/env", "-i", *stage["ENV"].split()]
        entry = json.loads(stage["ENTRYPOINT"])
        node = Program("node", [*environment, *inside, *entry, "run", "--listen", "/ip4/127.0.0.1/tcp/0", "--api", at],
                       self.folder / "log")
        self.addCleanup(node.kill)
        health = [word.replace("127.0.0.1:8432", at) for word in json.loads(stage["HEALTHCHECK"].split("CMD ")[1])]

        def healthy():
            done = subprocess.run([*environment, *inside, *health], text=True, capture_output=True)
            return done.returncode == 0 and done.stdout == f"{at}: ready\n"
        wait_until("healthy node", healthy, PATIENCE)
        self.assertEqual(node.end(), 0)
        traces = list((self.root / "var/lib/mexport/traces").rglob("*.json.gz"))
        self.assertTrue(traces)

    @unittest.skipUnless(shutil.which("buildah") and os.getuid() == 0, "needs root and buildah")
    @unittest.skipUnless("MEXPORT_LONG" in os.environ, "is of label long")
    def test_its_last_stage_is_built(self):
        """From what `rootfs` gives, in place of a stage that needs a registry."""
        text = "\n".join(" ".join(line) for line in last_stage(CONTAINER / "Containerfile.node"))
        (self.folder / "Containerfile").write_text(text.replace("COPY --from=build /rootfs /", "COPY root /"))
        storage = ["--root", self.folder / "storage", "--runroot", self.folder / "run", "--storage-driver", "vfs"]
        built = subprocess.run(["buildah", *storage, "bud", "--isolation=chroot", "--format=docker", "-t", "node", self.folder],
                               text=True, capture_output=True)
        self.assertEqual(built.returncode, 0, built.stderr)
        told = subprocess.run(["buildah", *storage, "inspect", "--type=image", "node"], text=True, capture_output=True, check=True)
        config = json.loads(told.stdout)["Docker"]["config"]
        self.assertEqual(config["User"], USER)
        self.assertEqual(config["Healthcheck"]["Test"][:3], ["CMD", "/usr/bin/mexport", "health"])


if __name__ == "__main__":
    unittest.main()
