#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A bare rust-libp2p host and mexport, each as dialler and as listener, with every type of key."""

import unittest

from bare import BareScenario, Dials, Listens
from peers import RustPeer


class RustDials(Dials, BareScenario):
    PEER = RustPeer


class RustListens(Listens, BareScenario):
    PEER = RustPeer


if __name__ == "__main__":
    unittest.main()
