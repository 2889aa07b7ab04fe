# SPDX-License-Identifier: MIT
"""Processes that outlive the command that starts them, and are known again by a later one."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

GRACE = 30.0  # from SIGTERM to SIGKILL
PAUSE = 0.1


def stat_of(pid):
    """(state, session, start in clock ticks since boot) of a process; None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()
    return fields[0], int(fields[3]), int(fields[19])


def boot_id():
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def session_members(session):
    """Living processes of a session."""
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    stats = ((pid, stat_of(pid)) for pid in pids)
    return [pid for pid, stat in stats if stat and stat[1] == session and stat[0] not in "ZX"]


class Process:
    """One process with a session, a log and a record of its own below `folder`. The record holds its start time
    too: a pid that was given to somebody else since is never taken for it."""

    def __init__(self, name, folder):
        self.name = name
        self.log = folder / f"{name}.log"
        self._record = folder / f"{name}.pid.json"

    @property
    def pid(self):
        """None unless it runs."""
        try:
            record = json.loads(self._record.read_text())
            pid, started, boot = record["pid"], record["started"], record["boot"]
        except (OSError, ValueError, KeyError):
            return None
        stat = stat_of(pid)
        same = stat and stat[2] == started and boot == boot_id()
        return pid if same and stat[0] not in "ZX" else None

    @property
    def recorded(self):
        """Whether it was started and not yet ended by us."""
        return self._record.exists()

    def start(self, command, environment=None):
        self._record.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            child = subprocess.Popen([str(part) for part in command], env={**os.environ, **(environment or {})},
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                     start_new_session=True, cwd="/")
        stat = stat_of(child.pid)
        started = stat[2] if stat else 0
        self._record.write_text(json.dumps({"pid": child.pid, "started": started, "boot": boot_id()}) + "\n")

    def end(self):
        """SIGTERM, later SIGKILL, to it and to what is left of its session. Returns what happened, in a word."""
        pid = self.pid
        if pid is None:
            self._record.unlink(missing_ok=True)
            return "had ended before"
        os.kill(pid, signal.SIGTERM)
        ended = self._wait_for_end(GRACE)
        for member in session_members(pid):
            try:
                os.kill(member, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if not self._wait_for_end(GRACE):
            return f"does not end: pid {pid}"
        self._record.unlink(missing_ok=True)
        return "stopped" if ended else f"killed, {GRACE:.0f} s after SIGTERM"

    def _wait_for_end(self, patience):
        deadline = time.monotonic() + patience
        while self.pid is not None:
            if time.monotonic() > deadline:
                return False
            time.sleep(PAUSE)
        return True

    def log_tail(self, lines=8):
        try:
            text = self.log.read_bytes()[-8000:].decode(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])
