# SPDX-License-Identifier: MIT
"""Ports for servers that cannot be asked to take any free one."""

import random
import socket
from pathlib import Path

LOWEST = 20000


def free_port():
    """A free TCP port of 127.0.0.1 that the kernel hands to nobody: its own choices, for port 0 and for
    connections that go out, are others. What a test keeps free for a server stays free until that starts."""
    first_of_the_kernel = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    while True:
        port = random.randrange(LOWEST, max(first_of_the_kernel, LOWEST + 1000))
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
