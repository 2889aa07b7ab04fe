# SPDX-License-Identifier: MIT
"""Where a stack has its files and its ports."""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
MONITORS = ("monitor1", "monitor2")

DEFAULT_PORT_BASE = 24000
LAST_OFFSET = 30
OFFSETS = {"monitor1 swarm": 1, "monitor2 swarm": 2, "monitor1 api": 11, "monitor2 api": 12,
           "rabbitmq amqp": 20, "rabbitmq metrics": 21, "rabbitmq distribution": 22, "epmd": 23,
           "prometheus": LAST_OFFSET}


class StackError(Exception):
    """What the user is told, in one line or a few."""


def default_folder():
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "mexport-stack"


@dataclass(frozen=True)
class Layout:
    folder: Path
    port_base: int

    def port(self, use):
        return self.port_base + OFFSETS[use]

    def ports_of(self, service):
        """Those that a service listens on: (use, port)."""
        return [(use, self.port(use)) for use in OFFSETS if use.split()[0] == service]

    def address(self, use):
        return f"{HOST}:{self.port(use)}"

    def url(self, use, path=""):
        return f"http://{self.address(use)}{path}"

    def of(self, service):
        return self.folder / service

    @property
    def broker_url(self):
        return f"amqp://guest:guest@{self.address('rabbitmq amqp')}/%2f"


def taken(port):
    """Why a port of loopback cannot be listened on; None when it can."""
    try:
        with socket.create_server((HOST, port)):
            return None
    except OSError as error:
        return os.strerror(error.errno)
