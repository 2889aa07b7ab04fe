# SPDX-License-Identifier: MIT
"""A running node, its load, and what they cost, seen from outside."""
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request


def cpu_seconds(pid):
    """User and system time of all its threads, to the nanosecond: the process's CPU clock, as
    clock_getcpuclockid() makes it."""
    return time.clock_gettime((~pid << 3) | 2)


def thread_cpu_seconds(pid, name):
    """Of the threads with this name."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def rss_kib(pid):
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Rss:\s+(\d+)", text, re.MULTILINE).group(1))


# Longer than a measurement takes, on both sides, so that figures hold no keep-alives.
KEEP_ALIVE = 600


class Process:
    """Ends with its standard input, or a signal."""

    def __init__(self, command, ending=None):
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.ending = ending

    @property
    def pid(self):
        return self.process.pid

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args[0]} ended early")
        return json.loads(line)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.ending is not None:
            self.process.send_signal(self.ending)
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


class Node(Process):
    """`mexport run` on loopback, in a folder of its own, reaching out to nobody. One core carries its connections, as in
    the targets, and as many threads as in the floors."""

    def __init__(self, build, *extra, probe=False):
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name, "loopback.json")
        config.write_text(json.dumps({"Bootstrap": [], "Mexport": {
            "Shards": 1, "Security": {"Prefer": "offered"}, "Limits": {"KeepAliveInterval": KEEP_ALIVE * 1000}},
            "Plugins": {"Plugins": {"metric-export-plugin": {"Config": {"EnableBitswapDiscoveryProbe": probe}}}}}))
        super().__init__([build / "mexport", "run", "--config", config,
                          "--data-dir", self.folder.name + "/data", "--no-limits",
                          "--listen", "/ip4/127.0.0.1/tcp/0", "--api", "127.0.0.1:0", "--monitor-name", "bench", *extra],
                         ending=signal.SIGTERM)
        self.address = self.api = None
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.address = line.split()[2]
            if line.startswith("api on "):
                self.api = line.split()[2]
            if line.strip() == "ready":
                return
        raise RuntimeError("the node did not start")

    def __exit__(self, *exception):
        super().__exit__(*exception)
        self.folder.cleanup()

    def broadcast(self, method, **more):
        """The entries of a broadcast's answer, one for each peer that was asked."""
        cid = {"/": "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"}
        request = urllib.request.Request(f"{self.api}/metric_plugin/v1/{method}",
                                         json.dumps({"cids": [cid], **more}).encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["result"]["peers"]

    def worst_delay(self):
        """Of the reading side, in seconds, in the last minute or two."""
        with urllib.request.urlopen(f"{self.api}/metrics", timeout=60) as page:
            return max(float(line.split()[-1]) for line in page.read().decode().splitlines()
                       if line.startswith("mexport_loop_latency_seconds{"))


class Broker:
    """A RabbitMQ, where Debian's is installed, in a folder of its own."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        tests = pathlib.Path(__file__).resolve().parents[2] / "tests"
        sys.path[:0] = [str(tests / "broker"), str(tests / "interop")]
        from rabbit import Rabbit  # pylint: disable=import-outside-toplevel
        self.rabbit = Rabbit(pathlib.Path(self.folder.name, "rabbit"))

    def __enter__(self):
        self.rabbit.start()
        return self

    def __exit__(self, *_):
        self.rabbit.close()
        self.folder.cleanup()

    @staticmethod
    def installed():
        return pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists()

    def publish(self, build, way, seconds):
        """What amqp_bench says."""
        return json.loads(subprocess.check_output(
            [str(build / "amqp_bench"), f"amqp://127.0.0.1:{self.rabbit.port}", way, str(seconds)]))


def flags(options):
    result = []
    for name, value in options.items():
        result += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    return result


class Load(Process):
    """mexport-load; entered when all its connections are there."""

    def __init__(self, build, node, **options):
        super().__init__([build / "mexport-load", "--target", node.address, "--keep-alive", KEEP_ALIVE,
                          *flags(options)])

    def __enter__(self):
        self.message_size = self.answer()["bytes"]
        return self


class Sink(Process):
    """A process that only accepts and reads (and answers with `reply` bytes)."""

    def __init__(self, build, reply=0):
        self.build = build
        super().__init__([build / "mexport-floor", "sink", "--reply", reply])
        self.port = self.answer()["port"]

    def cost(self, **options):
        """CPU seconds for each thing that a source does to it."""
        before = cpu_seconds(self.pid)
        command = [self.build / "mexport-floor", "source", "--port", self.port, *flags(options)]
        done = json.loads(subprocess.check_output([str(part) for part in command]))["done"]
        return (cpu_seconds(self.pid) - before) / done


def primitives(build, size):
    """Nanoseconds of each; `size` is that of a message to decrypt."""
    return json.loads(subprocess.check_output([str(build / "mexport-floor"), "primitives",
                                               "--bytes", str(size)]))
