# SPDX-License-Identifier: MIT
"""A program driven line by line: started, read in the background, always ended."""

import ctypes
import json
import os
import queue
import signal
import subprocess
import threading
import time

PATIENCE = 20.0

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def die_with_parent():
    """A scenario that is itself killed, as by ctest's time-out, leaves no daemon behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)



class Failure(AssertionError):
    """Something that a scenario waited for did not happen."""


class Program:
    """A child process whose stdout lines can be waited for. Ends with its `with` block."""

    def __init__(self, name, command, log, env=None):
        self.name = name
        self.log = log
        self._log_file = open(log, "wb")
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._log_file, env={**os.environ, **(env or {})}, text=True, bufsize=1,
            start_new_session=True, preexec_fn=die_with_parent)
        self.lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def line(self, timeout=PATIENCE):
        """The next line; a Failure with the program's log when none comes."""
        try:
            line = self.lines.get(timeout=timeout)
        except queue.Empty:
            raise self.failure(f"said nothing for {timeout} s") from None
        if line is None:
            raise self.failure(f"ended with {self.process.wait()}")
        return line

    def failure(self, text):
        with open(self.log, "rb") as file:
            tail = file.read()[-4000:].decode(errors="replace")
        return Failure(f"{self.name} {text}; its log ends:\n{tail}")

    def end(self, timeout=PATIENCE):
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self.failure(f"did not end within {timeout} s of SIGTERM") from None

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its children too
        except ProcessLookupError:
            pass
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout, self._log_file):
            try:
                stream.close()
            except BrokenPipeError:
                pass


class Commanded(Program):
    """A program that takes JSON requests on stdin, and answers and reports events on stdout."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._next = 0
        self._answers = {}
        self._events = []
        self._changed = threading.Condition()
        threading.Thread(target=self._sort, daemon=True).start()

    def _sort(self):
        while (line := self.lines.get()) is not None:
            value = json.loads(line)
            with self._changed:
                if "event" in value:
                    self._events.append(value)
                else:
                    self._answers[value["id"]] = value
                self._changed.notify_all()

    def ask(self, do, timeout=PATIENCE, **parameters):
        """The command's result; a Failure when it failed."""
        with self._changed:
            self._next += 1
            number = self._next
        self.process.stdin.write(json.dumps({"id": number, "do": do, **parameters}) + "\n")
        self.process.stdin.flush()
        with self._changed:
            if not self._changed.wait_for(lambda: number in self._answers, timeout):
                raise self.failure(f"did not answer {do} {parameters} within {timeout} s")
            answer = self._answers.pop(number)
        if "error" in answer:
            raise self.failure(f"{do} {parameters}: {answer['error']}")
        return answer["ok"]

    def events(self, kind, **members):
        with self._changed:
            return [event for event in self._events if matches(event, kind, members)]

    def wait_event(self, kind, timeout=PATIENCE, **members):
        """The first event of that kind with those members, past ones included."""
        with self._changed:
            found = []

            def look():
                found[:] = [event for event in self._events if matches(event, kind, members)]
                return found

            if not self._changed.wait_for(look, timeout):
                raise self.failure(f"reported no {kind} {members} within {timeout} s: {self._events[-5:]}")
            return found[0]


def matches(event, kind, members):
    return event["event"] == kind and all(event.get(key) == value for key, value in members.items())


def wait_until(what, condition, timeout=PATIENCE, pause=0.1):
    """What `condition` returns once that is true; a Failure naming `what` otherwise."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"no {what} within {timeout} s")
        time.sleep(pause)
