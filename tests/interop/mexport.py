# SPDX-License-Identifier: MIT
"""The program under test: `mexport run` on loopback, and what its traces say."""

import json
import os
import subprocess
from pathlib import Path

from program import Program, wait_until

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("MEXPORT_BINARY", ROOT / "build" / "release" / "mexport"))

CONNECTED, DISCONNECTED = 0, 1
WANT_BLOCK, WANT_HAVE = 0, 1
OFFERED = {"Mexport": {"Security": {"Prefer": "offered"}}}  # configuration: a dialler chooses its security

SHUTDOWN = 0x1006  # the connection code of a clean stop


class Mexport(Program):
    """One `mexport run`, listening on a free port of loopback, with nothing to dial but `peers`. `within`: a
    command that runs it somewhere else."""

    def __init__(self, folder, peers=(), options=(), config=None, within=()):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.data = self.folder / "data"
        self.traces = self.folder / "traces"
        document = self.folder / "config.json"
        document.write_text(json.dumps({"Bootstrap": [], **(config or {})}))
        command = [*within, BINARY, "run", "--config", document, "--data-dir", self.data, "--trace-dir", self.traces,
                   "--monitor-name", "interop", "--listen", "/ip4/127.0.0.1/tcp/0", "--api", "127.0.0.1:0"]
        for peer in peers:
            command += ["--peer", peer]
        super().__init__("mexport", [*command, *options], self.folder / "mexport.log")
        self.addrs = []
        self.api = None
        try:
            self._wait_ready()
        except BaseException:
            self.kill()
            raise

    def _wait_ready(self):
        while (line := self.line()) != "ready":
            prefix = "listening on "
            if line.startswith(prefix):
                self.addrs.append(line[len(prefix):])
            if line.startswith("api on "):
                self.api = line.removeprefix("api on ")
        self.addr = self.addrs[0]
        self.peer = self.addr.rsplit("/p2p/", 1)[1]

    @property
    def port(self):
        return int(self.addr.split("/tcp/")[1].split("/")[0])

    def events(self, kind=None, peer=None):
        """The trace as it stands, unfinished file included."""
        done = subprocess.run([BINARY, "trace", "cat", self.traces], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise self.failure(f"trace cat ended with {done.returncode}: {done.stderr}")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        return [event for event in found
                if (kind is None or kind in event) and (peer is None or event.get("peer") == peer)]

    def wait_event(self, kind, peer=None, where=lambda event: True, timeout=20.0):
        """The first event of that kind that `where` accepts. Traces are flushed each second."""
        def look():
            return [event for event in self.events(kind, peer) if where(event)]
        return wait_until(f"{kind} of {peer}", look, timeout, pause=0.3)[0]

    def wait_want(self, peer, cid, cancel=False, timeout=20.0):
        """The first Bitswap message of the peer with a want, or a cancel, of that CID: (event, entry)."""
        def entry_of(event):
            for entry in event["bitswap_message"]["wantlist_entries"]:
                if entry["Cid"]["/"] == cid and entry["Cancel"] == cancel:
                    return entry
            return None
        event = self.wait_event("bitswap_message", peer, entry_of, timeout)
        return event, entry_of(event)

    def stop(self):
        """A clean stop, after which the traces must be whole."""
        status = self.end()
        if status != 0:
            raise self.failure(f"ended with {status} on SIGTERM")
        done = subprocess.run([BINARY, "trace", "verify", self.traces], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise self.failure(f"trace verify: {done.stdout}{done.stderr}")
