# SPDX-License-Identifier: MIT
"""The reference peers: kubo, go-libp2p, rust-libp2p, Helia."""

import json
import os
import subprocess
from pathlib import Path

from program import PATIENCE, Commanded, Failure, Program

HERE = Path(__file__).resolve().parent


def binaries(*which):
    """The folder with links to the peers, built by peers/build; or that of one which only long tests need."""
    if "MEXPORT_PEERS" in os.environ and not which:
        return Path(os.environ["MEXPORT_PEERS"])
    done = subprocess.run([HERE / "peers" / "build", "--print", *which], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"the peers are not built: {done.stderr.strip()}")
    return Path(done.stdout.strip())


class BareHosts(Commanded):
    """Any number of bare libp2p hosts in one process that take the commands of peers/go/golibp2p."""

    PROGRAM = None  # its name among the binaries

    def __init__(self, folder):
        super().__init__(self.PROGRAM, [binaries() / self.PROGRAM], Path(folder) / f"{self.PROGRAM}.log")

    def host(self, name="host", key="ed25519", listen=False, security=("noise",), **more):
        return BareHost(self, name, self.ask("host", host=name, key=key, security=list(security),
                                             listen=["/ip4/127.0.0.1/tcp/0"] if listen else [], **more))


class GoPeer(BareHosts):
    PROGRAM = "golibp2p"
    KEYS = {"ed25519": "12D3Koo", "secp256k1": "16Uiu2HA", "ecdsa": "Qm", "rsa": "Qm"}
    AGENT = "mexport-interop/go"
    EARLY_MUXER = True  # named within the security handshake
    PINGS = 3
    STANDARD_RECORDS = True
    ANSWERS = 4000


class RustPeer(BareHosts):
    PROGRAM = "rustlibp2p"
    KEYS = {"ed25519": "12D3Koo", "secp256k1": "16Uiu2HA", "ecdsa": "Qm"}
    AGENT = "mexport-interop/rust"
    EARLY_MUXER = False
    PINGS = 1  # it pings by itself, at the start and then rarely
    STANDARD_RECORDS = False  # its identify signs and reads peer records in a form that only Rust knows
    ANSWERS = 300  # those of one message: libp2p-stream drops streams that come at once


class BareHost:
    """One host of a BareHosts."""

    def __init__(self, process, name, made):
        self.process = process
        self.name = name
        self.peer = made["peer"]
        self.addr = made["addrs"][0] if made["addrs"] else None

    def ask(self, do, **parameters):
        return self.process.ask(do, host=self.name, **parameters)

    def connect(self, addr):
        return self.ask("connect", addr=addr)

    def wait_event(self, kind, timeout=PATIENCE, **members):
        return self.process.wait_event(kind, timeout, host=self.name, **members)

    def open(self, peer, protocol):
        return BareStream(self.process, self.ask("open", peer=peer, protocol=protocol)["stream"])

    def answers(self):
        """The Bitswap messages that came on streams of the other side's, in hex."""
        return [event["hex"] for event in self.process.events("message", host=self.name)]


class BareStream:
    """A stream that a BareHost opened."""

    def __init__(self, process, number):
        self.process = process
        self.number = number

    def send(self, hexes, pad=0, frame=True):
        return self.process.ask("send", stream=self.number, hex=hexes, pad=pad, frame=frame)

    def close_write(self):
        self.process.ask("close_write", stream=self.number)

    def state(self):
        """{"state": "open" | "eof" | "reset" | "connection_closed", "code": …, "hex": what came back}"""
        return self.process.ask("state", stream=self.number)


class Helia(Commanded):
    """One Helia node; see peers/helia/peer.mjs."""

    def __init__(self, folder, security=("noise",)):
        helia = binaries() / "helia"
        super().__init__("helia", [helia / "node", helia / "peer.mjs", *security], Path(folder) / "helia.log")
        try:
            ready = self.wait_event("ready", timeout=60)
        except BaseException:
            self.kill()
            raise
        self.peer = ready["peer"]
        self.addr = ready["addrs"][0]

    def connect(self, addr):
        return self.ask("connect", addr=addr)


class Kubo(Program):
    """A kubo daemon that knows nobody, on TCP and loopback alone."""

    CONFIG = {
        "Addresses.Swarm": ["/ip4/127.0.0.1/tcp/0"],
        "Addresses.API": "/ip4/127.0.0.1/tcp/0",
        "Addresses.Gateway": [],
        "AutoConf.Enabled": False,
        "Bootstrap": [],
        "DNS.Resolvers": {},
        "Discovery.MDNS.Enabled": False,
        "HTTPRetrieval.Enabled": False,
        "Ipns.DelegatedPublishers": [],
        "Routing.DelegatedRouters": [],
        "Routing.Type": "none",
        "Swarm.ConnMgr": {"Type": "basic", "LowWater": 0, "HighWater": 100000, "GracePeriod": "20s"},
        "Swarm.DisableNatPortMap": True,
        "Swarm.ResourceMgr.Enabled": False,
        "Swarm.Transports.Network.QUIC": False,
        "Swarm.Transports.Network.Relay": False,
    }

    def __init__(self, folder, config=None, release=(), binary=None):
        self.repo = Path(folder) / "kubo"
        self.env = {"IPFS_PATH": str(self.repo), "IPFS_TELEMETRY": "off"}
        self.binary = binary or binaries(*release) / "ipfs"
        self._run("init", "--profile=test", "--empty-repo")
        self._configure({**self.CONFIG, **(config or {})})
        super().__init__("kubo", [self.binary, "daemon"], Path(folder) / "kubo.log", self.env)
        try:
            while self.line(60) != "Daemon is ready":
                pass
            self.peer = json.loads(self.ipfs("id"))["ID"]
            self.addr = self.ipfs("swarm", "addrs", "local", "--id").split()[0]
        except BaseException:
            self.kill()
            raise

    def _configure(self, settings):
        path = self.repo / "config"
        document = json.loads(path.read_text())
        for key, value in settings.items():
            *parents, last = key.split(".")
            place = document
            for parent in parents:
                if place.get(parent) is None:
                    place[parent] = {}
                place = place[parent]
            place[last] = value
        path.write_text(json.dumps(document, indent=2))

    def _run(self, *arguments, timeout=PATIENCE):
        return subprocess.run([self.binary, *arguments], env={**os.environ, **self.env}, capture_output=True,
                              text=True, timeout=timeout)

    def ipfs(self, *arguments, timeout=PATIENCE):
        """The stdout of an ipfs command that must succeed."""
        done = self._run(*arguments, timeout=timeout)
        if done.returncode != 0:
            raise self.failure(f"ipfs {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return done.stdout

    def connect(self, addr):
        self.ipfs("swarm", "connect", addr)

    def start_get(self, cid):
        """`ipfs block get`, in the background: end() it to give up."""
        return Program("ipfs block get", [self.binary, "block", "get", cid], self.repo / f"get-{cid}.log", self.env)
