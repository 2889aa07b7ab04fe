# SPDX-License-Identifier: MIT
"""What a stack consists of: how each service is set up, started and asked whether it is well."""

import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.request

from layout import HOST, MONITORS, ROOT, StackError
from processes import Process

RABBITMQ = "/usr/lib/rabbitmq/bin"
REQUEST_PATIENCE = 5.0


def answers(url):
    """Whether a GET gives 200."""
    try:
        with urllib.request.urlopen(url, timeout=REQUEST_PATIENCE) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def listens(port):
    try:
        with socket.create_connection((HOST, port), REQUEST_PATIENCE):
            return True
    except OSError:
        return False


class Service:
    name = ""
    environment = {}

    def __init__(self, layout):
        self.layout = layout
        self.folder = layout.of(self.name)
        self.process = Process(self.name, layout.folder / "run")

    def prepare(self):
        self.folder.mkdir(parents=True, exist_ok=True)


class Epmd(Service):
    """Erlang's directory of nodes, which a broker would otherwise start and leave behind."""
    name = "epmd"

    @property
    def command(self):
        return ["epmd", "-port", self.layout.port("epmd"), "-address", HOST]

    def healthy(self):
        return listens(self.layout.port("epmd"))

    def places(self):
        return []


class Broker(Service):
    name = "rabbitmq"

    def prepare(self):
        super().prepare()
        definitions = ROOT / "deploy" / "rabbitmq" / "definitions.json"
        (self.folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = {self.layout.address('rabbitmq amqp')}\n"
            f"prometheus.tcp.ip = {HOST}\n"
            f"prometheus.tcp.port = {self.layout.port('rabbitmq metrics')}\n"
            f"load_definitions = {definitions}\n"
            "log.file = false\n"
            "log.console = true\n"
            "disk_free_limit.absolute = 50MB\n")
        (self.folder / "enabled_plugins").write_text("[rabbitmq_prometheus].\n")
        (self.folder / "env.conf").write_text("")  # in place of the system's

    @property
    def command(self):
        return [f"{RABBITMQ}/rabbitmq-server", "-noinput"]

    @property
    def environment(self):
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        quiet = "+S 2 +sbwt none +sbwtdcpu none +sbwtdio none"
        return {"HOME": str(self.folder),  # the cookie
                "ERL_EPMD_PORT": str(self.layout.port("epmd")),
                "ERL_EPMD_ADDRESS": HOST,
                "RABBITMQ_NODENAME": f"mexport-stack-{self.layout.port_base}@localhost",
                "RABBITMQ_DIST_PORT": str(self.layout.port("rabbitmq distribution")),
                "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env.conf"),
                "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
                "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
                "RABBITMQ_LOG_BASE": str(self.folder / "log"),
                "RABBITMQ_PID_FILE": str(self.folder / "pid"),
                "RABBITMQ_ALLOW_INPUT": "1",  # the script becomes the server
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{loopback} {quiet}",
                "RABBITMQ_CTL_ERL_ARGS": f"+S 1 {loopback}"}

    def healthy(self):
        return listens(self.layout.port("rabbitmq amqp")) and answers(self.layout.url("rabbitmq metrics", "/metrics"))

    def places(self):
        return [self.layout.broker_url, self.layout.url("rabbitmq metrics", "/metrics")]


class Monitor(Service):
    """One node, which keeps a connection to the others."""

    def __init__(self, layout, name, binary):
        self.name = name
        self.binary = binary
        super().__init__(layout)

    def prepare(self):
        super().prepare()
        if not (self.data / "config").exists():
            self._mexport("init", "--data-dir", self.data)
        swarm = self.layout.port(f"{self.name} swarm")
        plugin = {"MonitorName": self.name,
                  "AMQPServerAddress": self.layout.broker_url,
                  "EnableBitswapDiscoveryProbe": True,
                  "HTTPServerConfig": {"ListenAddresses": [self.layout.address(f"{self.name} api")]},
                  "Traces": {"Directory": str(self.folder / "traces")}}
        document = {"Addresses": {"Swarm": [f"/ip4/{HOST}/tcp/{swarm}"]}, "Bootstrap": [],
                    "Peering": {"Peers": self._others()},
                    "Plugins": {"Plugins": {"metric-export-plugin": {"Config": plugin}}}}
        self.document.write_text(json.dumps(document, indent=2) + "\n")

    @property
    def data(self):
        return self.folder / "data"

    @property
    def document(self):
        return self.folder / "config.json"

    @property
    def command(self):
        return [self.binary, "run", "--config", self.document, "--data-dir", self.data]

    @property
    def peer_id(self):
        return self._mexport("id", "--data-dir", self.data).strip()

    def _others(self):
        others = [Monitor(self.layout, name, self.binary) for name in MONITORS if name != self.name]
        return [{"ID": other.peer_id, "Addrs": [f"/ip4/{HOST}/tcp/{self.layout.port(f'{other.name} swarm')}"]}
                for other in others if (other.data / "config").exists()]

    def _mexport(self, *arguments):
        done = subprocess.run([self.binary, *arguments], text=True, capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise StackError(f"{self.name}: {done.stderr.strip()}")
        return done.stdout

    def healthy(self):
        return answers(self.layout.url(f"{self.name} api", "/readyz"))

    def places(self):
        return [self.layout.url(f"{self.name} api"), f"/ip4/{HOST}/tcp/{self.layout.port(f'{self.name} swarm')}"]


class Prometheus(Service):
    name = "prometheus"

    def prepare(self):
        super().prepare()
        monitors = [{"targets": [self.layout.address(f"{name} api")], "labels": {"instance": name}} for name in MONITORS]
        broker = [{"targets": [self.layout.address("rabbitmq metrics")], "labels": {"instance": "rabbitmq"}}]
        itself = [{"targets": [self.layout.address("prometheus")], "labels": {"instance": "prometheus"}}]
        jobs = {"mexport": monitors, "rabbitmq": broker, "prometheus": itself}
        config = {"global": {"scrape_interval": "5s", "scrape_timeout": "5s"},
                  "scrape_configs": [{"job_name": job, "static_configs": targets} for job, targets in jobs.items()]}
        self.config.write_text(json.dumps(config, indent=2) + "\n")  # which is YAML too

    @property
    def config(self):
        return self.folder / "prometheus.yml"

    @property
    def command(self):
        return [shutil.which("prometheus") or "prometheus", f"--config.file={self.config}",
                f"--storage.tsdb.path={self.folder / 'data'}", f"--web.listen-address={self.layout.address('prometheus')}"]

    def healthy(self):
        return answers(self.layout.url("prometheus", "/-/ready"))

    def targets(self):
        """The health of each target by instance."""
        with urllib.request.urlopen(self.layout.url("prometheus", "/api/v1/targets"), timeout=REQUEST_PATIENCE) as answer:
            return {target["labels"]["instance"]: target["health"]
                    for target in json.load(answer)["data"]["activeTargets"]}

    def places(self):
        return [self.layout.url("prometheus")]


def all_services(layout, binary):
    """In the order in which they start."""
    monitors = [Monitor(layout, name, binary) for name in MONITORS]
    return [Epmd(layout), Broker(layout), *monitors, Prometheus(layout)]
