#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""CPU per message and memory per connection of a running node, from the outside.

    bench/node [--build build/release] [--quick]

Starts `mexport run` on loopback and loads it with mexport-load. CPU is utime + stime of the node over the
sending time and a second of draining, by message; memory is the slope of VmRSS between two numbers of
idle, identified connections.
"""
import argparse
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS")


class Node:
    def __init__(self, build, extra=()):
        self.folder = tempfile.TemporaryDirectory()
        config = pathlib.Path(self.folder.name, "loopback.json")
        config.write_text('{"Bootstrap": []}')
        command = [str(build / "mexport"), "run", "--config", str(config),
                   "--data-dir", self.folder.name + "/data", "--no-limits",
                   "--listen", "/ip4/127.0.0.1/tcp/0", "--monitor-name", "bench", *extra]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = None
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.address = line.split()[2]
            if line.strip() == "ready":
                break
        if self.address is None:
            raise RuntimeError("the node did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        self.folder.cleanup()


class Load:
    def __init__(self, build, node, **options):
        flags = []
        for name, value in options.items():
            flags += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
        self.process = subprocess.Popen([str(build / "mexport-load"), "--target", node.address, *flags],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the load ended early")
        return json.loads(line)

    def __enter__(self):
        self.answer()
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(30)


def messages(build, rate, connections, entries, seconds, **more):
    with Node(build) as node, Load(build, node, connections=connections, rate=rate, entries=entries,
                                   seconds=seconds, **more) as load:
        before, start = cpu_seconds(node.process.pid), time.monotonic()
        sent = load.answer()["sent"]
        took = time.monotonic() - start
        time.sleep(1.5)
        used = cpu_seconds(node.process.pid) - before
    label = f"{entries} entries, {rate:,}/s over {connections}" + (", DONT_HAVE asked" if more else "")
    print(f"{label:48} {used / sent * 1e6:8.1f} us CPU a message   ({sent / took:,.0f}/s sent)", flush=True)


def memory(build, small, large):
    with Node(build) as node:
        def rss_with(count):
            with Load(build, node, connections=count):
                time.sleep(3)
                return rss_kib(node.process.pid)
        handshakes = cpu_seconds(node.process.pid)
        low = rss_with(small)
        handshakes = cpu_seconds(node.process.pid) - handshakes
        time.sleep(2)
        high = rss_with(large)
    print(f"{'idle identified connection, Noise':48} {(high - low) / (large - small):8.1f} KiB RSS   "
          f"({low / 1024:.1f} MiB at {small:,}, {high / 1024:.1f} MiB at {large:,})")
    print(f"{'inbound handshake to identified, and close':48} {handshakes / small * 1e3:8.2f} ms CPU", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/release"))
    parser.add_argument("--quick", action="store_true", help="a tenth of the time and of the connections")
    arguments = parser.parse_args()
    scale = 10 if arguments.quick else 1
    seconds = 10 if not arguments.quick else 2
    build = arguments.build.resolve()
    messages(build, 1000, 10, 5, seconds)
    messages(build, 20000, 50, 5, seconds)
    messages(build, 1000, 10, 5, seconds, send_dont_have=True)
    messages(build, 2000, 10, 50, seconds)
    memory(build, 1000 // scale, 9000 // scale)


if __name__ == "__main__":
    main()
