# SPDX-License-Identifier: MIT
"""A node and its peers: it does not start, and says why, or it goes on, counts, and stops in order."""

import errno
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import replace

from faults import MEXPORT, PATIENCE, SHORT, Fault, FaultTest, Lines, check_complaint, struck, wait_for

TRACES = "traces"
GREETING = b"\x13/multistream/1.0.0\n"
# A fault has this long to strike once the node runs; its peers have talked by then.
LET_RUN = 0.4
# For its first call, which must come; longer for those that come only at the end.
FIRST = 3
RECOVERY = 5

START = [
    Fault("mkdir", errno.EACCES), Fault("open", errno.EMFILE, on="data"), Fault("access", errno.EIO),
    Fault("flock", errno.ENOLCK, on="data"), Fault("rename", errno.EIO), Fault("fsync", errno.EIO, on="data"),
    Fault("getrlimit", errno.EPERM), Fault("setrlimit", errno.EPERM), Fault("gethostname", errno.EPERM),
    Fault("socket", errno.EMFILE), Fault("bind", errno.EADDRINUSE), Fault("listen", errno.EADDRINUSE),
    Fault("getifaddrs", errno.ENOMEM), Fault("epoll_create1", errno.EMFILE), Fault("eventfd", errno.EMFILE),
    Fault("pthread_create", errno.EAGAIN),
]
NETWORK = [
    Fault("accept4", errno.EMFILE), Fault("accept4", errno.ECONNABORTED), Fault("accept4", errno.EINTR),
    Fault("connect", errno.ECONNREFUSED), Fault("connect", errno.EADDRNOTAVAIL), Fault("connect", errno.ENETUNREACH),
    Fault("recv", errno.ECONNRESET), Fault("recv", errno.EINTR), Fault("recv", errno.ENOMEM), Fault("recv", SHORT),
    Fault("send", errno.EPIPE), Fault("send", errno.EAGAIN), Fault("send", errno.ENOBUFS), Fault("send", SHORT),
    Fault("setsockopt", errno.ENOBUFS), Fault("getsockopt", errno.ENOBUFS), Fault("getsockname", errno.ENOBUFS),
    Fault("getpeername", errno.ENOTCONN), Fault("shutdown", errno.ENOTCONN), Fault("epoll_ctl", errno.ENOSPC),
    Fault("epoll_wait", errno.EINTR), Fault("close", errno.EIO),
]
DISK = [
    Fault("open", errno.ENOSPC, on=TRACES), Fault("write", errno.ENOSPC, on=TRACES), Fault("write", SHORT, on=TRACES),
    Fault("write", errno.EINTR, on=TRACES), Fault("fdatasync", errno.EIO, on=TRACES), Fault("fsync", errno.EIO, on=TRACES),
    Fault("renameat2", errno.EIO, on=TRACES), Fault("renameat2", errno.EINVAL, on=TRACES),
    Fault("unlink", errno.EIO, on=TRACES), Fault("access", errno.EIO, on=TRACES),
    Fault("flock", errno.ENOLCK, on=TRACES), Fault("stat", errno.EIO, on=TRACES),
    Fault("statvfs", errno.EIO, on=TRACES), Fault("write", errno.EIO, on="/log"),
]


RUNNING_DISK = [fault for fault in DISK
                if fault.on == TRACES and fault.call not in ("unlink", "stat", "statvfs") and fault.error not in (SHORT, errno.EINTR)]
# Counters of what makes one event each; a connection makes two.
RECORDED = ["identify_completed", "identify_failed", "identify_push_received", "bitswap_messages"]


class Running:
    """A node with two peers of its own process, under a fault."""

    def __init__(self, case, fault, armed=True, folder=None):
        self.fault = fault
        self.folder = folder or case.folder()
        self.data = self.folder / "data"
        self.told = self.folder / "told"
        self.log = self.folder / "log"
        self.traces = self.data / "traces" / "mon"
        self.armed = self.folder / "armed"
        if armed and not folder:
            self.armed.touch()
        self.process = subprocess.Popen(
            [MEXPORT, "run", "--demo", "2", "--listen", "/ip4/0.0.0.0/tcp/0", "--log-file", str(self.log), "--monitor-name", "mon"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**case.env, "MEXPORT_PATH": str(self.data), **fault.environment(self.told, self.armed)})
        self.out = Lines(self.process.stdout)
        self.complaints = Lines(self.process.stderr)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()

    def started(self):
        """Whether it runs; else it has ended as it should."""
        while (line := self.out.next()) is not None:
            if line == "ready":
                return True
        code = self.process.wait(timeout=PATIENCE)
        stderr = "\n".join(self.complaints.rest())
        if code not in (1, 2):
            raise AssertionError(f"did not start and ended with {code}: {stderr}")
        check_complaint(self.fault, stderr)
        return False

    def unfinished(self):
        return [file.name for file in self.traces.iterdir() if not file.name.endswith(".json.gz")]

    def await_fault(self):
        until = time.monotonic() + (LET_RUN if self.fault.nth > 1 else FIRST)
        while struck(self.told) < min(self.fault.times, 2) and time.monotonic() < until:
            time.sleep(0.02)

    def run_then_reopen(self):
        """Lets it record a little, and has it begin a new file, with the fault armed before."""
        if not self.started():
            raise AssertionError("it has not started")
        self.armed.touch()
        self.process.send_signal(signal.SIGHUP)
        self.await_fault()

    def await_log(self, text):
        until = time.monotonic() + RECOVERY
        while text not in self.log.read_text():
            if time.monotonic() > until:
                raise AssertionError(f"no {text!r} in the log: {self.log.read_text()}")
            time.sleep(0.05)

    def check_that_it_serves(self):
        """A new connection is answered; the next one where this one got the fault."""
        before = struck(self.told)
        got = self.greeting()
        if got != GREETING and struck(self.told) > before:
            got = self.greeting()
        if got != GREETING:
            raise AssertionError(f"a new connection got {got!r}")

    def greeting(self):
        address = next(line for line in self.out.seen if line.startswith("listening on "))
        port = int(re.search(r"/tcp/(\d+)", address)[1])
        got = b""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as peer:
                peer.sendall(GREETING)
                while len(got) < len(GREETING) and (part := peer.recv(64)):
                    got += part
        except ConnectionError as error:
            return error
        return got

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        if code != 0:
            raise AssertionError(f"stopped with {code}: {self.complaints.rest()} {self.log.read_text()}")

    def check_record(self, case):
        """What is in the traces, and what is counted as lost, is all there was."""
        done = case.mexport("trace", "verify", self.traces)
        if done.returncode != 0:
            raise AssertionError(f"verify: {done.stdout} {done.stderr}")
        log = self.log.read_text()
        told = re.search(r"(\d+) events? written, (\d+) lost", log)
        if not told:
            if self.fault.on == "/log":
                return 0
            raise AssertionError(f"no summary: {log}")
        written, lost = int(told[1]), int(told[2])
        events = [json.loads(line) for line in case.check("trace", "cat", self.traces).splitlines()]
        events = [event for event in events if "gap" not in event]
        if len(events) != written:
            raise AssertionError(f"{len(events)} events recorded, told {told[0]!r}")
        facts = [event for event in events if "run_info" not in event and "heartbeat" not in event]
        if self.fault.on == "/log" and "counted: " not in log:
            return lost
        counted = {name: int(number) for name, number in re.findall(r"([a-z_]+) (\d+)", log.rpartition("counted: ")[2])}
        seen = 2 * counted.get("connected", 0) + sum(counted.get(name, 0) for name in RECORDED)
        if len(facts) + lost != seen:
            raise AssertionError(f"{seen} facts, {len(facts)} recorded, {lost} lost: {log}")
        return lost


class Run(FaultTest):
    def attempt(self, fault):
        with Running(self, fault) as node:
            if not node.started():
                reached = struck(node.told) > 0
                self.check_data(node)
                shutil.rmtree(node.folder)
                return reached
            node.await_fault()
            node.check_that_it_serves()
            node.stop()
            node.check_record(self)
            reached = struck(node.told) > 0
            shutil.rmtree(node.folder)
            return reached

    def check_data(self, node):
        """What a failed start leaves is an identity or none."""
        if (node.data / "config").exists():
            self.check("id", "--data-dir", node.data)
        if (node.data / "config.new").exists():
            raise AssertionError("an unfinished file is left")

    def test_start(self):
        self.sweep(START)

    def test_network(self):
        self.sweep(NETWORK)

    def test_disk(self):
        self.sweep(DISK)

    def test_a_lasting_error_of_accept_costs_no_cpu(self):
        for error in errno.EPERM, errno.ENETDOWN, errno.EMFILE:
            fault = Fault("accept4", error, 1, 10**9)
            with self.subTest(fault=str(fault)), Running(self, fault) as node:
                self.assertTrue(node.started())
                node.await_log("new connections have to wait")
                time.sleep(LET_RUN)
                node.stop()
                # A shard that spins meets it hundreds of thousands of times.
                self.assertLess(struck(node.told), 2000)
                self.assertEqual(node.log.read_text().count("new connections have to wait"), 1)


class Recovery(FaultTest):
    """The disk fails twice in a running node, at each of its steps: nothing is lost, no file is left over."""

    def attempt(self, fault):
        with Running(self, fault, armed=False) as node:
            node.run_then_reopen()
            if struck(node.told) > 0 and "cannot write traces" in node.log.read_text():
                node.await_log("traces are being written again")
            before = struck(node.told)
            node.stop()
            lost = node.check_record(self)
            if lost and struck(node.told) == before:
                raise AssertionError(f"{lost} lost though the disk worked again")
            if left := node.unfinished():
                self.check_next_start(node, left)
            reached = struck(node.told) > 0
            shutil.rmtree(node.folder)
            return reached

    def check_next_start(self, node, left):
        """What it had to leave was told, and the next start completes it."""
        if "stays unfinished" not in node.log.read_text():
            raise AssertionError(f"left over: {left}")
        before = len(self.check("trace", "cat", node.traces).splitlines())
        os.remove(node.armed)
        again = Running(self, node.fault, folder=node.folder)
        with again:
            again.started()
            wait_for(lambda: not [name for name in again.unfinished() if name in left], f"{left} to be completed")
            again.stop()
        self.assertGreater(len(self.check("trace", "cat", node.traces).splitlines()), before)

    def test_of_the_disk(self):
        self.sweep([Fault(fault.call, fault.error, 1, 2, fault.on) for fault in RUNNING_DISK])


class Stop(FaultTest):
    """The disk fails from some moment on for good: the node still stops, and counts what is lost."""

    def test_without_a_disk(self):
        for fault in RUNNING_DISK:
            with self.subTest(fault=str(fault)), Running(self, replace(fault, times=10**9), armed=False) as node:
                node.run_then_reopen()
                node.stop()
                node.check_record(self)
