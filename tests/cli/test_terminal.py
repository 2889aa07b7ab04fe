# SPDX-License-Identifier: MIT
"""The status line on a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from support import MEXPORT, PATIENCE, CliTest, wait_for

STATUS = re.compile(r"connections \d+ \(\d+ in, \d+ out\)  messages \S+/s  wantlist entries \S+/s"
                    r"  events written \d+  lost \d+")


class Terminal(CliTest):
    def start(self, *arguments, columns=200, term="xterm"):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.process = subprocess.Popen(
            [MEXPORT, "run", "--demo", "3", *arguments], env={**self.env, "TERM": term},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave)
        os.close(slave)
        self.addCleanup(self.process.stdout.close)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.kill)
        self.master = master
        self.screen = ""

    def read(self):
        """What has been drawn so far."""
        while select.select([self.master], [], [], 0)[0]:
            try:
                more = os.read(self.master, 65536).decode()
            except OSError:  # the other end is closed
                break
            if not more:
                break
            self.screen += more
        return self.screen

    def finish(self):
        self.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < deadline:
            self.read()
            time.sleep(0.02)
        self.assertEqual(self.process.wait(timeout=1), 0)
        self.read()
        os.close(self.master)

    def test_the_status_line_is_redrawn_each_second(self):
        self.start()
        wait_for(lambda: len(STATUS.findall(self.read())) >= 3, "three status lines")
        self.finish()

    def test_log_lines_stay_whole(self):
        self.start()
        wait_for(lambda: STATUS.search(self.read()), "a status line")
        self.finish()
        # What remains when each erased line is taken away.
        lines = [line.split("\r\x1b[K")[-1] for line in self.screen.replace("\r\n", "\n").split("\n")]
        self.assertEqual(lines[-1], "", "the status line was not removed")
        for line in lines[:-1]:
            self.assertRegex(line, r"\A\d{4}-\d\d-\d\dT[\d:.]+Z (info |warn ) \S+ +\S")
            self.assertNotRegex(line, STATUS)

    def test_it_fits_the_terminal(self):
        self.start(columns=40)
        wait_for(lambda: "connections" in self.read(), "a status line")
        self.finish()
        for drawn in re.findall(r"\x1b\[K(connections[^\r\n]*)", self.screen):
            self.assertLess(len(drawn), 40)

    def test_a_dumb_terminal_gets_none(self):
        self.start(term="dumb")
        wait_for(lambda: "peers in this process" in self.read(), "the log")
        time.sleep(1.5)
        self.finish()
        self.assertNotIn("\x1b", self.screen)
        self.assertNotRegex(self.screen, STATUS)

    def test_with_a_log_file_the_status_line_stays_on_the_terminal(self):
        self.start("--log-file", str(self.root / "log"))
        wait_for(lambda: STATUS.search(self.read()), "a status line")
        self.finish()
        self.assertNotIn("info ", self.screen)
        self.assertIn("events written", (self.root / "log").read_text())

    def test_a_terminal_that_is_closed_ends_it(self):
        self.start()
        wait_for(lambda: STATUS.search(self.read()), "a status line")
        os.close(self.master)
        self.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.process.wait(timeout=PATIENCE), 0)
