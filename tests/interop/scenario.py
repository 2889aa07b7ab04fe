# SPDX-License-Identifier: MIT
"""What every scenario shares: a scratch folder, and programs that end with it."""

import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from mexport import Mexport
from program import wait_until

BITSWAP_PROTOCOLS = ["/ipfs/bitswap/1.2.0", "/ipfs/bitswap/1.1.0", "/ipfs/bitswap/1.0.0", "/ipfs/bitswap"]


class Scenario(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="mexport-interop-"))
        self.addCleanup(self._clean)

    def _clean(self):
        if not self._failed():
            shutil.rmtree(self.folder)
        else:
            print(f"logs and traces are kept in {self.folder}", file=sys.stderr)

    def _failed(self):
        result = self._outcome.result
        return any(self in (test, getattr(test, "test_case", None)) for test, _ in result.failures + result.errors)

    def start(self, program):
        """Ends the program when the test does."""
        self.addCleanup(program.kill)
        return program

    def mexport(self, **kwargs):
        return self.start(Mexport(self.folder / "mexport", **kwargs))

    def eventually(self, what, condition, timeout=20.0):
        return wait_until(what, condition, timeout)
