# SPDX-License-Identifier: MIT
"""A kubo with the plugin, and the same binary with the plugin disabled."""
import pathlib
import resource
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parents[2] / "tests"
sys.path[:0] = [str(TESTS / folder) for folder in ("plugin", "interop")]
import peers  # noqa: E402
import plugin  # noqa: E402
import program  # noqa: E402


def built():
    """Whether tests/plugin/build has made it."""
    try:
        return bool(plugin.built())
    except program.Failure:
        return False


class Kubo:
    """A daemon on loopback in a folder of its own, as `measure.processes.Node` is one of ours."""

    def __init__(self, enabled, **section):
        self.folder = tempfile.TemporaryDirectory()
        self.daemon = plugin.PluginKubo(self.folder.name, enabled=enabled, **section)
        self.pid = self.daemon.process.pid
        self.address = self.daemon.addr

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.daemon.end(60)
        self.daemon.kill()
        self.folder.cleanup()


class Commands:
    """What `ipfs id` without a daemon takes of a binary."""

    PLAIN, WITH_PLUGIN = "plain", "with the plugin"

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {"IPFS_PATH": self.folder.name, "IPFS_TELEMETRY": "off", "HOME": self.folder.name}
        self.binaries = {self.PLAIN: peers.binaries() / "ipfs", self.WITH_PLUGIN: plugin.built() / "preloaded" / "ipfs"}
        self._run(self.PLAIN, "init", "--profile=test", "--empty-repo")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def _run(self, which, *arguments):
        subprocess.run([self.binaries[which], *arguments], env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def cpu_seconds(self, which):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._run(which, "id")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
