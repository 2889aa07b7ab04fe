# SPDX-License-Identifier: MIT
"""deploy/local-stack on ports and in a folder of a test's own."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from mexport import BINARY
from ports import free_port
from program import Failure

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 150
TRIES = 5


class LocalStack:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.port_base = None

    def run(self, command, *more):
        """The finished process of a command."""
        return subprocess.run([ROOT / "deploy" / "local-stack", command, "--dir", self.folder, *map(str, more)], text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)

    def up(self, *more):
        """On the first free ports that are found, or as before."""
        for _ in range(TRIES):
            base = self.port_base or free_port()
            done = self.run("up", "--no-install", "--mexport", BINARY, "--port-base", base, *more)
            if done.returncode == 0:
                self.port_base = base
                return done.stdout
            if "cannot be listened on" not in done.stderr:
                break
        raise Failure(f"local-stack up: {done.stdout}{done.stderr}")

    def url(self, offset, path=""):
        return f"http://127.0.0.1:{self.port_base + offset}{path}"

    def monitor(self, number, path=""):
        return self.url(10 + number, path)

    @property
    def broker(self):
        return f"amqp://guest:guest@127.0.0.1:{self.port_base + 20}/%2f"

    def prometheus(self, method, **parameters):
        """The data of its answer; a Failure with what it says is wrong."""
        url = self.url(30, f"/api/v1/{method}?{urllib.parse.urlencode(parameters)}")
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise Failure(f"{parameters}: {error.read().decode()}") from None

    def values(self, expression):
        return [float(series["value"][1]) for series in self.prometheus("query", query=expression)["result"]]

    def broadcast(self, monitor, cid):
        """Has a monitor ask its peers, and returns what it says of each."""
        body = json.dumps({"cids": [{"/": cid}]}).encode()
        with urllib.request.urlopen(self.monitor(monitor, "/metric_plugin/v1/broadcast_want"), body, PATIENCE) as answer:
            return json.load(answer)["result"]["peers"]

    def pids(self):
        """Of what runs, as its records say."""
        return {path.name.removesuffix(".pid.json"): json.loads(path.read_text())["pid"]
                for path in (self.folder / "run").glob("*.pid.json")}
