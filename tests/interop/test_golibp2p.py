#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A bare go-libp2p host and mexport, each as dialler and as listener, with every type of key."""

import unittest

from bare import BareScenario, Dials, Listens
from peers import GoPeer


class GoDials(Dials, BareScenario):
    PEER = GoPeer


class GoListens(Listens, BareScenario):
    PEER = GoPeer


if __name__ == "__main__":
    unittest.main()
