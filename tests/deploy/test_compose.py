#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""deploy/compose, as far as it can be checked without images: the schema, and that its parts fit together."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml
from mexport import BINARY, ROOT

COMPOSE = ROOT / "deploy" / "compose"
PROFILES = ("node", "kubo", "geoip")
MONITORS = {"monitor1", "monitor2"}
PATIENCE = 60


def run(*command, **options):
    return subprocess.run([str(part) for part in command], text=True, capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=PATIENCE, **options)


def loaded():
    """The whole document with its variables' defaults, as docker-compose has checked it against its schema."""
    done = run("docker-compose", "-f", COMPOSE / "compose.yaml", "config")
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return yaml.safe_load(done.stdout)


def published(service):
    """[(address, port, protocol)] of the host: docker-compose writes the simple ones as objects."""
    found = []
    for port in service.get("ports", []):
        if isinstance(port, dict):
            found.append((port.get("host_ip", ""), str(port["published"]), port.get("protocol", "tcp")))
        else:
            place, _, protocol = port.partition("/")
            *address, number, _ = place.split(":")
            found.append((":".join(address), number, protocol or "tcp"))
    return found


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.services = loaded()["services"]

    def services_of(self, profile):
        return {name: service for name, service in self.services.items()
                if profile in service.get("profiles", [profile])}

    def test_only_named_profiles(self):
        self.assertEqual({profile for service in self.services.values() for profile in service.get("profiles", [])},
                         set(PROFILES))

    def test_no_port_is_published_twice(self):
        for profile in PROFILES:
            ports = [port for service in self.services_of(profile).values() for port in published(service)]
            with self.subTest(profile):
                self.assertEqual(len(ports), len(set(ports)), ports)

    def test_only_swarms_listen_beyond_loopback(self):
        numbers = {number for service in self.services.values() for address, number, _ in published(service)
                   if address != "127.0.0.1"}
        self.assertEqual(numbers, {"4001", "4002"})

    def test_what_is_mounted_and_built_is_there(self):
        for name, service in self.services.items():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                with self.subTest(service=name, source=source):
                    self.assertTrue(not source.startswith("/") or Path(source).exists())
            if "build" in service:
                with self.subTest(service=name):
                    self.assertTrue((Path(service["build"]["context"]) / service["build"]["dockerfile"]).is_file())

    def test_both_kinds_of_monitor_have_the_names_that_consumers_use(self):
        for profile in ("node", "kubo"):
            aliases = {alias for service in self.services_of(profile).values()
                       for alias in ((service.get("networks") or {}).get("default") or {}).get("aliases", [])}
            with self.subTest(profile):
                self.assertEqual(aliases, MONITORS)

    def test_consumers_name_the_monitors_and_the_broker(self):
        client = yaml.safe_load((COMPOSE / "consumers" / "bitswap-monitoring-client.yaml").read_text())
        [server] = client["amqp_servers"]
        self.assertEqual(set(server["monitor_names"]), MONITORS)
        self.assertTrue(server["amqp_server_address"].startswith("amqp://rabbitmq:"))
        estimator = yaml.safe_load((COMPOSE / "consumers" / "monitoring-size-estimator.yaml").read_text())
        self.assertEqual({(monitor["name"], monitor["plugin_api_address"]) for monitor in estimator["monitors"]},
                         {(name, f"http://{name}:8432") for name in MONITORS})

    def test_prometheus_reads_its_configuration_and_asks_services_that_exist(self):
        path = COMPOSE / "prometheus" / "prometheus.yml"
        done = run("promtool", "check", "config", path)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        jobs = yaml.safe_load(path.read_text())["scrape_configs"]
        names = {name for job in jobs for found in job.get("dns_sd_configs", []) for name in found["names"]}
        names |= {target.split(":")[0] for job in jobs for static in job.get("static_configs", []) for target in static["targets"]}
        self.assertLessEqual(names - {"localhost"}, set(self.services))

    def test_nodes_take_their_configuration(self):
        for number, name in enumerate(sorted(MONITORS), 1):
            path = COMPOSE / "node" / f"{name}.json"
            done = run(BINARY, "config", "check", path)
            self.assertEqual(done.returncode, 0, done.stderr)
            plugin = json.loads(path.read_text())["Plugins"]["Plugins"]["metric-export-plugin"]["Config"]
            self.assertEqual(plugin["MonitorName"], f"monitor{number}")

    def test_kubo_is_configured_as_the_reference_does(self):
        """By a script that gives each value to `ipfs config`: here one that writes down what it was given."""
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder) / "said"
            ipfs = Path(folder) / "ipfs"
            ipfs.write_text(f"#!/usr/bin/python3\nimport json, sys\nprint(json.dumps(sys.argv[1:]), file=open('{said}', 'a'))\n")
            ipfs.chmod(0o755)
            environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "MONITOR_NAME": "monitor1",
                           "AMQP_SERVER": "amqp://rabbitmq:5672/%2f", "SWARM_PORT": "4001"}
            done = run("sh", "-eu", COMPOSE / "kubo" / "configure.sh", env=environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            values = {}
            for line in said.read_text().splitlines():
                _, *words = json.loads(line)
                values[words[-2]] = json.loads(words[-1]) if words[0] == "--json" else words[-1]
        self.assertEqual(values["Swarm.ResourceMgr.Enabled"], False)
        self.assertEqual((values["Swarm.ConnMgr.LowWater"], values["Swarm.ConnMgr.HighWater"]), (0, 100000))
        plugin = values["Plugins.Plugins.metric-export-plugin.Config"]
        self.assertEqual((plugin["MonitorName"], plugin["AMQPServerAddress"]), ("monitor1", "amqp://rabbitmq:5672/%2f"))


if __name__ == "__main__":
    unittest.main()
