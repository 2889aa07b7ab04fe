# SPDX-License-Identifier: MIT
"""How long traces are kept, and what happens on a full disk."""

import datetime
import shutil
import subprocess
import unittest

from support import MEXPORT, CliTest, Node, events_of, wait_for

FILL = b"x" * 4096


def stem(age):
    time = datetime.datetime.now(datetime.timezone.utc) - age
    return time.strftime("%Y-%m-%d_%H-%M-%S_UTC")


class Retention(CliTest):
    def limits(self, **keys):
        if not (self.data / "config").exists():
            self.check("init")
        self.configure(Plugins={"Plugins": {"metric-export-plugin": {"Config": {"Traces": keys}}}})

    def add(self, **age):
        self.traces.mkdir(parents=True, exist_ok=True)
        return self.write_trace(stem(datetime.timedelta(**age)) + ".json.gz", ["{}"], self.traces)

    def test_old_files_go_at_the_start(self):
        old, older, recent = self.add(days=90, hours=1), self.add(days=100), self.add(days=1, hours=2)
        notes = self.traces / "notes"
        notes.write_text("mine")
        log = "\n".join(self.node().stop())
        self.assertFalse(old.exists() or older.exists())
        self.assertTrue(recent.exists() and notes.exists())
        self.assertIn("removed 2 trace files", log)
        self.assertIn("trace_files_removed_age 2", log)
        self.assertIn("MaxAge 90d, MaxBytes 80%", log)

    def test_nothing_goes_by_a_clock_that_nothing_vouches_for(self):
        old = self.add(days=100)
        log = "\n".join(self.node().stop())
        self.assertTrue(old.exists())
        self.assertIn("clock", log)

    def test_off_keeps_everything(self):
        self.limits(MaxAge="off", MaxBytes="off")
        old = self.add(days=3000)
        self.add(days=1, hours=2)
        self.node().stop()
        self.assertTrue(old.exists())

    def test_too_much_goes(self):
        self.limits(MaxAge="off", MaxBytes="1MiB")
        first, second = self.add(days=3), self.add(days=2)
        first.write_bytes(FILL * 200)
        second.write_bytes(FILL * 200)
        self.node().stop()
        self.assertFalse(first.exists())
        self.assertTrue(second.exists())

    def test_bad_values(self):
        self.limits(MaxAge="90")
        self.assertIn("Traces.MaxAge", self.refused("run"))
        self.limits(MaxBytes="120%")
        self.assertIn("Traces.MaxBytes", self.refused("run"))


class FullDisk(CliTest):
    """On a file system of its own, which needs a mount namespace and so root."""

    def setUp(self):
        super().setUp()
        self.disk = self.root / "disk"
        self.disk.mkdir()
        if not shutil.which("unshare") or not shutil.which("nsenter"):
            raise unittest.SkipTest("no unshare and nsenter")
        self.holder = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c",
             'mount -t tmpfs -o size=512k tmpfs "$0" && echo mounted && exec sleep 300', str(self.disk)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.holder.wait)
        self.addCleanup(self.holder.stdout.close)
        self.addCleanup(self.holder.kill)
        if self.holder.stdout.readline() != "mounted\n":
            raise unittest.SkipTest("may not mount a file system")

    def within(self):
        return ["nsenter", "--mount", f"--target={self.holder.pid}"]

    def test_recording_goes_on_when_there_is_room_again(self):
        mounted = self.root.__class__(f"/proc/{self.holder.pid}/root{self.disk}")
        node = Node(self, "--demo", "20", "--trace-dir", str(self.disk), within=self.within())
        traces = mounted / "demo"
        wait_for(lambda: self.check("trace", "cat", "--kind", "bitswap_message", traces), "a message")
        filler = mounted / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(FILL):
                    pass
            except OSError:
                pass
        node.log.until(lambda line: "cannot write traces" in line)
        filler.unlink()
        node.log.until(lambda line: "traces are being written again" in line)
        log = "\n".join(node.stop())
        self.assertRegex(log, r"events written, 0 lost")
        self.check("trace", "verify", traces)
        self.assertTrue(events_of(self.check("trace", "cat", "--kind", "bitswap_message", traces)))

    def test_a_run_starts_on_a_full_disk(self):
        mounted = self.root.__class__(f"/proc/{self.holder.pid}/root{self.disk}")
        filler = mounted / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(FILL):
                    pass
            except OSError:
                pass
        data = str(self.disk / "data")
        first = subprocess.run([*self.within(), MEXPORT, "run", "--data-dir", data, "--no-api",
                                "--listen", "/ip4/127.0.0.1/tcp/0"],
                               env=self.env, capture_output=True, text=True, timeout=20)
        self.assertNotEqual(first.returncode, 0)
        self.assertIn("No space left on device", first.stderr)
        node = Node(self, "--demo", "20", "--trace-dir", str(self.disk), within=self.within())
        node.log.until(lambda line: "cannot write traces" in line)
        filler.unlink()
        node.log.until(lambda line: "traces are being written again" in line)
        wait_for(lambda: self.check("trace", "cat", "--kind", "bitswap_message", mounted / "demo"), "a message")
        log = "\n".join(node.stop())
        self.assertRegex(log, r"events written, 0 lost")
        self.check("trace", "verify", mounted / "demo")
