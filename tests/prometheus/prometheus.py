# SPDX-License-Identifier: MIT
"""A Prometheus of the tests' own: all its files in one folder, on a free port of loopback."""

import json
import shutil
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from ports import free_port
from program import Failure, Program, wait_until

PATIENCE = 60.0


def installed(name):
    path = shutil.which(name)
    if path is None:
        raise Failure(f"{name} is not installed: ./test does that")
    return path


def lint(page):
    """What `promtool check metrics` says of a page: (exit status, lines)."""
    done = subprocess.run([installed("promtool"), "check", "metrics"], input=page, text=True, capture_output=True,
                          timeout=PATIENCE)
    return done.returncode, (done.stdout + done.stderr).splitlines()


class Prometheus(Program):
    """Asks each job's target once a second. `jobs`: (host:port, path) by name."""

    def __init__(self, folder, jobs):
        folder = Path(folder)
        folder.mkdir()
        config = {"global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
                  "scrape_configs": [{"job_name": name, "metrics_path": path, "static_configs": [{"targets": [target]}]}
                                     for name, (target, path) in jobs.items()]}
        (folder / "prometheus.yml").write_text(json.dumps(config))  # which is YAML too
        self.url = f"http://127.0.0.1:{free_port()}"
        super().__init__("prometheus", [
            installed("prometheus"), f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address={self.url.removeprefix('http://')}"], folder / "log")
        try:
            wait_until("Prometheus that answers", self._answers, PATIENCE)
        except BaseException:
            self.kill()
            raise

    def _answers(self):
        try:
            return self.ask("targets")["activeTargets"]
        except (urllib.error.URLError, ConnectionError):
            return False

    def ask(self, method, **parameters):
        """The data of its answer; a Failure with what it says is wrong."""
        url = f"{self.url}/api/v1/{method}?{urllib.parse.urlencode(parameters)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            with error:
                raise Failure(f"{parameters}: {error.read().decode()}") from None

    def query(self, expression):
        """[(labels, value)] of an instant query."""
        return [(series["metric"], float(series["value"][1]))
                for series in self.ask("query", query=expression)["result"]]

    def targets(self):
        """(health, last error) by job."""
        return {target["labels"]["job"]: (target["health"], target["lastError"])
                for target in self.ask("targets")["activeTargets"]}
