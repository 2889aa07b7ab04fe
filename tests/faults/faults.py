# SPDX-License-Identifier: MIT
"""Runs the program with a library that makes the Nth call of one function fail."""

import errno
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from support import MEXPORT, PATIENCE, CliTest, Lines, wait_for  # noqa: E402, F401

INTERPOSER = os.environ.get("MEXPORT_FAULTS", str(Path(__file__).parents[2] / "build/release/libmexport_faults.so"))
# More calls than this are reached by steps that grow.
EACH = int(os.environ.get("MEXPORT_FAULTS_EACH", "12"))
LAST = int(os.environ.get("MEXPORT_FAULTS_LAST", "60"))
WORKERS = int(os.environ.get("MEXPORT_FAULTS_WORKERS", "4"))
SHORT = 0  # in place of an errno: one byte is transferred


@dataclass(frozen=True)
class Fault:
    call: str
    error: int
    nth: int = 1
    times: int = 1
    on: str = ""

    def __str__(self):
        name = errno.errorcode.get(self.error, "one byte")
        return f"{self.call} no. {self.nth} ×{self.times} {self.on!r}: {name}"

    def environment(self, told, when=""):
        return {"LD_PRELOAD": INTERPOSER, "FAULT_CALL": self.call, "FAULT_NTH": str(self.nth),
                "FAULT_TIMES": str(self.times), "FAULT_ERRNO": str(self.error), "FAULT_ON": self.on,
                "FAULT_TOLD": str(told), "FAULT_WHEN": str(when)}


def steps():
    """1, 2, 3, … and then farther apart."""
    at = 1
    while at <= LAST:
        yield at
        at += 1 if at < EACH else max(1, at // 4)


class FaultTest(CliTest):
    """`attempt(fault)` does one run and returns whether the fault was reached."""

    def sweep(self, faults):
        """Each fault at its first call, its second, … until a run does not get there any more."""
        def all_of(fault):
            reached = 0
            for nth in steps():
                one = Fault(fault.call, fault.error, nth, fault.times, fault.on)
                try:
                    if not self.attempt(one):
                        break
                except Exception as error:
                    return reached, f"{one}: {error}"
                reached += 1
            return reached, None if reached else f"{fault}: never called"

        with ThreadPoolExecutor(WORKERS) as pool:
            outcomes = list(pool.map(all_of, faults))
        problems = [problem for _, problem in outcomes if problem]
        self.assertEqual(problems, [], "\n".join(problems))
        return sum(reached for reached, _ in outcomes)

    def folder(self):
        return Path(tempfile.mkdtemp(dir=self.root))

    def faulty(self, fault, folder, *arguments, data=None):
        """Runs a command to its end; returns it and how often the fault struck."""
        told = folder / "told"
        data = data or folder / "data"
        done = subprocess.run(
            [MEXPORT, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=PATIENCE, env={**self.env, "MEXPORT_PATH": str(data), **fault.environment(told)})
        if done.returncode < 0 or done.returncode > 2:
            raise AssertionError(f"ended with {done.returncode}: {done.stderr}")
        if done.returncode > 0:
            check_complaint(fault, done.stderr)
        return done, struck(told)


def struck(told):
    return told.stat().st_size if told.exists() else 0


def check_complaint(fault, stderr):
    """One line says what failed, and how."""
    lines = [line for line in stderr.splitlines() if line.startswith("mexport: ")]
    if not lines:
        raise AssertionError(f"no complaint: {stderr!r}")
    if fault.error and not any(os.strerror(fault.error) in line for line in lines):
        raise AssertionError(f"the complaint does not say {os.strerror(fault.error)!r}: {lines}")
