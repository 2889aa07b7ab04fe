# SPDX-License-Identifier: MIT
"""Commands that end by themselves: they do all of it or fail with a complaint, and leave nothing half done."""

import errno
import json
import shutil

from faults import SHORT, Fault, FaultTest

FILES = [
    Fault("open", errno.EMFILE), Fault("open", errno.EACCES), Fault("read", errno.EIO), Fault("read", errno.EINTR),
    Fault("read", SHORT), Fault("close", errno.EIO), Fault("write", errno.EIO), Fault("write", errno.EINTR),
    Fault("write", SHORT),
]
LISTING = [Fault("stat", errno.EIO, on="recorded"), Fault("fstat", errno.EIO, on="recorded")]
WRITING = FILES + [
    Fault("mkdir", errno.EACCES), Fault("mkdir", errno.ENOSPC), Fault("access", errno.EACCES),
    Fault("flock", errno.ENOLCK), Fault("write", errno.ENOSPC), Fault("open", errno.ENOSPC, on="data"),
    Fault("fsync", errno.EIO), Fault("rename", errno.EIO), Fault("rename", errno.ENOSPC),
]


class Reading(FaultTest):
    """Exit 0 means that the output is the one without a fault."""

    def setUp(self):
        super().setUp()
        self.check("init")

    def attempt(self, fault):
        done, times = self.faulty(fault, self.folder(), *self.command, data=self.data)
        if done.returncode == 0 and done.stdout != self.expected:
            raise AssertionError(f"other output: {done.stdout!r}")
        if not self.expected.startswith(done.stdout) and self.command[:2] != ("trace", "verify"):
            raise AssertionError(f"no beginning of the output: {done.stdout!r}")
        return times > 0

    def sweep_command(self, faults, *command):
        self.command = command
        self.expected = self.check(*command)
        self.sweep(faults)

    def test_config_show(self):
        self.sweep_command(FILES, "config", "show")

    def test_id(self):
        self.sweep_command(FILES, "id")

    def test_traces(self):
        for i in range(3):
            event = {"timestamp": f"2026-01-02T03:04:0{i}Z", "peer": "x", "run_info": {"run_id": f"0{i}"}, "ext": {"seq": 1}}
            self.write_trace(f"2026-01-02_03-04-0{i}_UTC.json.gz", [json.dumps(event, separators=(",", ":"))])
        directory = str(self.root / "recorded")
        files = [Fault(f.call, f.error, on="" if f.call == "write" else "recorded") for f in FILES]
        for command in ("cat", "stat", "verify"):
            with self.subTest(command=command):
                self.sweep_command(files + LISTING, "trace", command, directory)


class Init(FaultTest):
    options = []

    def attempt(self, fault):
        folder = self.folder()
        data = folder / "data"
        done, times = self.faulty(fault, folder, "init", *self.options)
        if done.returncode == 0 and not (data / "config").exists():
            raise AssertionError("no config")
        if (data / "config.new").exists():
            raise AssertionError("an unfinished file is left")
        had = (data / "config").exists()
        again = self.mexport("init", "--data-dir", data, *self.options)
        if (again.returncode == 0) == had:
            raise AssertionError(f"a second init: {again}")
        self.check("id", "--data-dir", data)
        shutil.rmtree(folder)
        return times > 0

    def test_of_a_new_directory(self):
        self.sweep([fault for fault in WRITING if fault.call != "read"])

    def test_from_kubo(self):
        self.check("init")
        kubo = self.root / "kubo"
        kubo.mkdir()
        shutil.copy(self.data / "config", kubo / "config")
        (kubo / "repo.lock").write_text("")
        self.options = ["--from-kubo", str(kubo)]
        self.sweep(WRITING)
