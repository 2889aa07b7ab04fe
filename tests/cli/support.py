# SPDX-License-Identifier: MIT
"""Drives the program in a data directory of its own."""

import gzip
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

MEXPORT = os.environ.get("MEXPORT", str(Path(__file__).parents[2] / "build/release/mexport"))
# Sanitizers on a busy machine are slow; nothing waits this long otherwise.
PATIENCE = 60


def wait_for(condition, what="condition"):
    """Polls until `condition()` is true, and returns its value."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"{what} did not come about within {PATIENCE} s")


def events_of(text):
    return [json.loads(line) for line in text.splitlines()]


def kind_of(event):
    return next(key for key in event if key not in ("timestamp", "peer", "ext"))


class Lines:
    """Collects a stream's lines as they come."""

    def __init__(self, stream):
        self.seen = []
        self._queue = queue.Queue()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        for line in stream:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def next(self):
        """None at the end."""
        line = self._queue.get(timeout=PATIENCE)
        if line is not None:
            self.seen.append(line)
        return line

    def until(self, wanted):
        while (line := self.next()) is not None:
            if wanted(line):
                return line
        raise AssertionError(f"not among these lines: {self.seen}")

    def rest(self):
        while self.next() is not None:
            pass
        return self.seen


class Node:
    """A running `mexport run`; `open_files`: its soft and hard limit, where it starts;
    `within`: a command that runs the rest of its line."""

    def __init__(self, case, *arguments, ready=True, open_files=None, within=()):
        if not {"--demo", "--api", "--no-api"} & set(arguments):
            arguments = ("--api", "127.0.0.1:0", *arguments)
        limit = ["prlimit", "--nofile={}:{}".format(*open_files)] if open_files else []
        self.process = subprocess.Popen(
            [*within, *limit, MEXPORT, "run", *arguments], env=case.env, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        case.addCleanup(self.end)
        self.out = Lines(self.process.stdout)
        self.log = Lines(self.process.stderr)
        if ready:
            self.out.until(lambda line: line == "ready")

    @property
    def listening(self):
        return self._lines("listening on ")

    @property
    def api(self):
        return self._lines("api on ")

    def _lines(self, prefix):
        return [line.removeprefix(prefix) for line in self.out.seen if line.startswith(prefix)]

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        return self.process.wait(timeout=PATIENCE)

    def stop(self):
        """Orderly; returns all log lines."""
        self.signal(signal.SIGTERM)
        code = self.wait()
        if code != 0:
            raise AssertionError(f"ended with {code}: {self.log.rest()}")
        return self.log.rest()

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()


class CliTest(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="mexport-cli-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.data = self.root / "data"
        self.env = {**os.environ, "MEXPORT_PATH": str(self.data), "TERM": "dumb"}

    def mexport(self, *arguments, **options):
        return subprocess.run([MEXPORT, *map(str, arguments)], env=self.env, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, **options)

    def check(self, *arguments):
        """Runs a command that must succeed; returns its stdout."""
        done = self.mexport(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, *arguments):
        """Runs a command that must end with 2 and one line; returns that line."""
        done = self.mexport(*arguments)
        self.assertEqual(done.returncode, 2, done)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("mexport: "), lines[0])
        return lines[0]

    def node(self, *arguments, **options):
        """Runs on loopback, without peers to dial."""
        if not (self.data / "config").exists():
            self.check("init")
        self.configure(Bootstrap=[])
        return Node(self, "--listen", "/ip4/127.0.0.1/tcp/0", "--monitor-name", "mon", *arguments, **options)

    def configure(self, **sections):
        path = self.data / "config"
        path.write_text(json.dumps({**json.loads(path.read_text()), **sections}))

    @property
    def traces(self):
        return self.data / "traces" / "mon"

    def write_trace(self, name, lines, directory=None):
        directory = directory or self.root / "recorded"
        directory.mkdir(exist_ok=True)
        path = directory / name
        path.write_bytes(gzip.compress("".join(line + "\n" for line in lines).encode()))
        return path
