# SPDX-License-Identifier: MIT
"""A kubo with the plugin, and what its traces, API and metrics say."""

import json
import re
import subprocess
import urllib.request
from pathlib import Path

from mexport import BINARY, ROOT
from peers import Kubo
from ports import free_port
from program import Failure, wait_until

PLUGIN = "metric-export-plugin"
MONITOR = "plugin"


def built(*version):
    """The folder of the binaries that tests/plugin/build has made."""
    done = subprocess.run([ROOT / "tests" / "plugin" / "build", "--print", *version], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"kubo with the plugin is not built: {done.stderr.strip()}")
    return Path(done.stdout.strip())


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


class PluginKubo(Kubo):
    """A kubo daemon with the plugin inside, or another one that loads it from its repository."""

    def __init__(self, folder, config=None, binary=None, enabled=True, **section):
        self.api = f"http://127.0.0.1:{free_port()}"
        self.enabled = enabled
        self.section = {"MonitorName": MONITOR, "PopulatePrometheusInterval": 1,
                        "HTTPServerConfig": {"ListenAddresses": [self.api.removeprefix("http://")]}, **section}
        folder = Path(folder) / "monitor"
        folder.mkdir()
        super().__init__(folder, config, binary=binary or built() / "preloaded" / "ipfs")
        self.data = self.repo / "metric-export"
        self.traces = self.data / "traces"

    def _configure(self, settings):
        super()._configure(settings)
        path = self.repo / "config"
        document = json.loads(path.read_text())
        document["Plugins"] = {"Plugins": {PLUGIN: {"Disabled": not self.enabled, "Config": self.section}}}
        path.write_text(json.dumps(document))

    def events(self, kind=None, peer=None):
        done = subprocess.run([BINARY, "trace", "cat", self.traces], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise self.failure(f"trace cat ended with {done.returncode}: {done.stderr}")
        found = [json.loads(line) for line in done.stdout.splitlines()]
        return [event for event in found
                if (kind is None or kind in event) and (peer is None or event.get("peer") == peer)]

    def wait_event(self, kind, peer=None, where=lambda event: True, timeout=30.0):
        def look():
            return [event for event in self.events(kind, peer) if where(event)]
        return wait_until(f"{kind} of {peer}", look, timeout, pause=0.3)[0]

    def wait_entry(self, peer, cid, cancel=False):
        """The wantlist entry of that CID that the peer has sent."""
        def entries(event):
            return [entry for entry in event["bitswap_message"]["wantlist_entries"]
                    if entry["Cid"]["/"] == cid and entry["Cancel"] == cancel]
        return entries(self.wait_event("bitswap_message", peer, entries))[0]

    def wait_presence(self, peer, cid, kind):
        presence = {"cid": {"/": cid}, "block_presence_type": kind}
        return self.wait_event("bitswap_message", peer, lambda e: presence in e["bitswap_message"]["block_presences"])

    def metrics(self):
        """kubo's own page: the value of each series."""
        _, _, host, _, port = (self.repo / "api").read_text().strip().split("/")
        page = get(f"http://{host}:{port}/debug/metrics/prometheus")
        return {name: float(value) for name, value in re.findall(r"^([a-z]\S*(?:\{.*\})?) (\S+)$", page, re.MULTILINE)}

    def ask(self, method, *cids, **more):
        """The entries of a broadcast's answer by peer."""
        body = json.dumps({"cids": [{"/": cid} for cid in cids], **more}).encode()
        request = urllib.request.Request(f"{self.api}/metric_plugin/v1/{method}", body)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return {entry["peer"]: entry for entry in json.load(answer)["result"]["peers"]}

    def stop(self):
        """A clean stop, after which the traces must be whole."""
        status = self.end(40)
        if status != 0:
            raise self.failure(f"ended with {status} on SIGTERM")
        done = subprocess.run([BINARY, "trace", "verify", self.traces], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise self.failure(f"trace verify: {done.stdout}{done.stderr}")
