# SPDX-License-Identifier: MIT
"""The HTTP API of a running node, as scripts and browsers use it."""

import http.client
import json
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request

from support import PATIENCE, CliTest, Node, wait_for

REFERENCE = "/metric_plugin/v1"


def fetch(url, path, body=None, **headers):
    """(status, headers, text) of a GET, or of a POST of `body`."""
    request = urllib.request.Request(url + path, None if body is None else body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def read_event(stream):
    """One server-sent event: its fields, of which data is decoded."""
    fields = {}
    while (line := stream.readline().decode().rstrip("\n")) or not fields:
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value
    return {**fields, "data": json.loads(fields["data"])}


class Api(CliTest):
    def demo(self, *arguments):
        node = Node(self, "--demo", "5", "--monitor-name", "mon", *arguments)
        self.url = node.api[0]
        wait_for(lambda: self.json("/api/v1/peers")["total"] == 5, "five peers")
        return node

    def json(self, path, url=None):
        status, headers, text = fetch(url or self.url, path)
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"), text)
        return json.loads(text)

    def test_each_family_of_localhost_has_the_same_port(self):
        node = self.demo()
        ports = {url.rsplit(":", 1)[1] for url in node.api}
        self.assertEqual(len(ports), 1)
        self.assertTrue(node.api[0].startswith("http://127.0.0.1:"))
        for url in node.api:
            self.assertEqual(fetch(url, f"{REFERENCE}/ping")[2], '{"status":200,"result":{}}\n')
        self.assertEqual(self.json("/api/v1/status")["api_addresses"], node.api)

    def test_status_tells_what_is_recorded(self):
        node = self.demo()
        status = self.json("/api/v1/status")
        self.assertEqual(status["monitor"], "mon")
        self.assertEqual(status["connections"]["inbound"], 5)
        self.assertEqual([sink["name"] for sink in status["sinks"]], ["trace", "peerstore", "live"])
        self.assertEqual(status["losses"], {})
        self.assertEqual(status["spool"], {"batches": 0, "bytes": 0})
        self.assertEqual(node.listening, [f"{addr}/p2p/{status['peer_ids'][0]}" for addr in status["listen_addresses"]])

    def test_peers_come_in_pages(self):
        self.demo()
        seen, query = [], "limit=2"
        while query:
            page = self.json(f"/api/v1/peers?{query}")
            seen += [peer["peer"] for peer in page["peers"]]
            query = page["next"] and f"limit=2&after={page['next']}"
        self.assertEqual(len(set(seen)), 5)
        self.assertEqual(self.json("/api/v1/peers?direction=outbound")["total"], 0)
        self.assertEqual(fetch(self.url, "/api/v1/peers?limit=0")[0], 400)

    def test_sample_peer_metadata_lists_peers_and_ourselves(self):
        node = self.demo()
        status, headers, text = fetch(self.url, f"{REFERENCE}/sample_peer_metadata")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/plain; charset=utf-8"))
        sample = json.loads(text)["result"]
        self.assertEqual(sample["num_connections"], 5)
        ours = node.listening[0].rsplit("/", 1)[1]
        by_state = {peer["peer_id"]: peer["connectedness"] for peer in sample["peer_metadata"]}
        self.assertEqual(by_state.pop(ours), 0)
        self.assertEqual(list(by_state.values()), [1] * 5)
        connected = json.loads(fetch(self.url, f"{REFERENCE}/sample_peer_metadata?only_connected=true")[2])["result"]
        self.assertEqual({peer["peer_id"] for peer in connected["peer_metadata"]}, set(by_state))

    def test_events_stream_and_are_those_of_the_trace(self):
        node = self.demo()
        with urllib.request.urlopen(f"{self.url}/api/v1/events?kind=bitswap_message", timeout=PATIENCE) as stream:
            self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
            streamed = [read_event(stream) for _ in range(3)]
        node.stop()
        recorded = [json.loads(line) for line in self.check("trace", "cat", self.traces).splitlines()]
        for event in streamed:
            self.assertEqual(event["event"], "bitswap_message")
            self.assertEqual(event["id"], f"bitswap_message-{event['data']['ext']['seq']}")
            self.assertIn(event["data"], recorded)

    def test_a_stop_ends_streams_and_is_not_delayed_by_them(self):
        node = self.demo()
        streams = [urllib.request.urlopen(f"{self.url}/api/v1/events", timeout=PATIENCE) for _ in range(4)]
        idle = socket.create_connection(("127.0.0.1", int(self.url.rsplit(":", 1)[1])), timeout=PATIENCE)
        ends = []
        for stream in streams:
            thread = threading.Thread(target=lambda stream=stream: ends.append(stream.read()))
            thread.start()
            self.addCleanup(stream.close)
            self.addCleanup(thread.join, PATIENCE)
        self.addCleanup(idle.close)
        node.stop()
        wait_for(lambda: len(ends) == 4, "an end of all streams")
        self.assertEqual(idle.recv(1), b"")

    def test_the_log_level_changes_while_it_runs(self):
        node = self.demo()
        body = '{"component":"api","level":"debug"}'
        self.assertEqual(fetch(self.url, "/api/v1/log-level", body)[0], 200)
        fetch(self.url, "/healthz")
        node.log.until(lambda line: "GET /healthz: 200" in line)
        for bad in ("", "[]", '{"level":"loud"}', '{"component":"nothing","level":"info"}'):
            self.assertEqual(fetch(self.url, "/api/v1/log-level", bad)[0], 400, bad)

    def test_metrics_are_text_for_prometheus(self):
        self.demo()
        for path in ("/metrics", "/debug/metrics/prometheus"):
            status, headers, text = fetch(self.url, path)
            self.assertEqual((status, headers["Content-Type"]), (200, "text/plain; version=0.0.4; charset=utf-8"))
            self.assertIn("\nplugin_metric_export_peers_by_agent_version{", text)

    def test_pages_of_other_sites_get_nothing(self):
        self.demo()
        for path in ("/api/v1/status", "/api/v1/peers", "/api/v1/events", "/api/v1/openapi.json"):
            self.assertEqual(fetch(self.url, path, Host="evil.example")[0], 403, path)
            self.assertEqual(fetch(self.url, path, Origin="http://evil.example")[0], 403, path)
        status, headers, _ = fetch(self.url, "/api/v1/status")
        self.assertEqual(status, 200)
        self.assertNotIn("Access-Control-Allow-Origin", headers)

    def test_bad_requests_get_an_answer_and_the_node_goes_on(self):
        self.demo()
        self.assertEqual(fetch(self.url, "/nothing")[::2], (404, "404 page not found\n"))
        self.assertEqual(fetch(self.url, f"{REFERENCE}/ping", "{}")[0], 405)
        status, _, text = fetch(self.url, f"{REFERENCE}/broadcast_want", '{"cids":[]}')
        self.assertEqual((status, text), (400, '{"status":400,"error":"Bitswap probe not enabled"}\n'))
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.putrequest("POST", "/api/v1/log-level")
        connection.putheader("Content-Length", str(1 << 30))
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413)
        self.assertEqual(fetch(self.url, "/healthz")[2], "ok\n")

    def test_an_address_in_use_ends_the_start(self):
        self.check("init")
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            line = self.refused("run", "--log-level", "off", "--listen", "/ip4/127.0.0.1/tcp/0", "--api", address)
        self.assertIn(address, line)
        self.assertIn("in use", line)
        self.assertFalse((self.data / "traces").exists())

    def test_no_api_serves_none(self):
        node = self.node("--no-api")
        self.assertEqual(node.api, [])
        node.stop()
        self.assertFalse((self.data / "api.token").exists())

    def test_the_token_is_made_once_for_its_owner_alone(self):
        self.node().stop()
        path = self.data / "api.token"
        token = path.read_text()
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        self.node().stop()
        self.assertEqual(path.read_text(), token)

    def test_a_bad_address_is_named(self):
        self.assertIn("--api", self.refused("run", "--api", "8432"))
        self.assertIn("--no-api", self.refused("run", "--api", "localhost:0", "--no-api"))


class FromElsewhere(CliTest):
    """In a network of their own, where the loopback interface has an address that is none of loopback's."""

    HOST = "192.0.2.1"

    def network(self):
        """A command that runs the rest of its line there."""
        if not shutil.which("unshare") or not shutil.which("nsenter") or not shutil.which("ip"):
            self.skipTest("no unshare, nsenter or ip")
        holder = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--net", "sh", "-c",
             'ip link set lo up && ip addr add "$0"/32 dev lo && echo up && exec sleep 300', self.HOST],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.stdout.close)
        self.addCleanup(holder.kill)
        if holder.stdout.readline() != "up\n":
            self.skipTest("may make no network")
        return ["nsenter", "--user", "--preserve-credentials", "--net", f"--target={holder.pid}"]

    def test_what_shows_peers_or_changes_state_needs_the_token(self):
        within = self.network()
        self.check("init")
        self.configure(Bootstrap=[])
        node = Node(self, "--listen", "/ip4/127.0.0.1/tcp/0", "--monitor-name", "mon", "--api", f"{self.HOST}:0",
                    within=within)
        url = node.api[0]

        def status(path, *arguments):
            done = subprocess.run([*within, "curl", "--silent", "--max-time", "5", "--output", "/dev/null",
                                   "--write-out", "%{http_code}", *arguments, url + path],
                                  capture_output=True, text=True, timeout=PATIENCE)
            return int(done.stdout)
        token = f"Authorization: Bearer {(self.data / 'api.token').read_text().strip()}"
        for path in ("/api/v1/peers", "/api/v1/events"):
            self.assertEqual(status(path), 401, path)
            self.assertEqual(status(path, "--header", token + "0"), 401, path)
        self.assertEqual(status("/api/v1/log-level", "--data", '{"level":"info"}'), 401)
        self.assertEqual(status("/api/v1/log-level", "--data", '{"level":"info"}', "--header", token), 200)
        self.assertEqual(status("/api/v1/peers", "--header", token), 200)
        for path in (f"{REFERENCE}/ping", f"{REFERENCE}/sample_peer_metadata", "/metrics", "/healthz", "/api/v1/status"):
            self.assertEqual(status(path), 200, path)
