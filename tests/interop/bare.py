# SPDX-License-Identifier: MIT
"""What every bare libp2p host and mexport do with each other; test_golibp2p and test_rustlibp2p run it."""

from mexport import CONNECTED, DISCONNECTED
from scenario import BITSWAP_PROTOCOLS, Scenario

# A want-have of a CID (raw, sha2-256 of "a") that asks for a DONT_HAVE.
WANTED = "bafkreigks6arfsq3xxfpvqrrwonchxcnu6do76auprhhfomao6c273sixm"
WANT = "0a2e0a2c0a2401551220ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb100120012801"
WANTED_BYTES = "01551220ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
MAIN = BITSWAP_PROTOCOLS[0]


class BareScenario(Scenario):
    PEER = None  # the class of peers.py

    def hosts(self):
        return self.start(self.PEER(self.folder))

    def assert_they_get_on(self, host, node, key="ed25519"):
        """Identify both ways, ping, a want and its answer, over the connection that stands."""
        told = host.ask("identify", peer=node.peer)
        self.assertTrue(told["agent"].startswith("mexport/"), told)
        for protocol in [*BITSWAP_PROTOCOLS, "/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0"]:
            self.assertIn(protocol, told["protocols"])
        self.assertIn(node.addr.split("/p2p/")[0], told["listen_addrs"])
        if self.PEER.STANDARD_RECORDS:
            self.assert_record(told, node)
        pings = self.PEER.PINGS
        self.assertEqual(len(host.ask("ping", peer=node.peer, count=pings)["rtt_us"]), pings)

        stream = host.open(node.peer, MAIN)
        stream.send(WANT)
        event, entry = node.wait_want(host.peer, WANTED)
        self.assertTrue(entry["SendDontHave"])
        self.assertEqual(event["ext"]["message_index"], 0)
        answer = host.wait_event("message", peer=node.peer)
        self.assertIn(WANTED_BYTES + "1001", answer["hex"], "a DONT_HAVE for the CID")
        self.assertEqual(stream.state()["state"], "open")

        heard = node.wait_event("identify_event", host.peer)["identify_event"]
        self.assertEqual((heard["agent_version"], heard["key_type"]), (self.PEER.AGENT, key))
        if host.addr:
            self.assertIn(host.addr.split("/p2p/")[0], heard["listen_addrs"])
            self.assertEqual(heard["record_valid"], self.PEER.STANDARD_RECORDS)

    def assert_record(self, told, node):
        self.assertTrue(told["signed"], "the peer record's signature must hold")
        self.assertEqual(told["record_peer"], node.peer)
        self.assertIn(node.addr.split("/p2p/")[0], told["record_addrs"])
        self.assertGreater(told["record_seq"], 1_600_000_000_000_000_000, "Unix nanoseconds")


class Dials:
    """The host dials."""

    def test_identify_ping_and_bitswap(self):
        node, host = self.mexport(), self.hosts().host(listen=True)
        connection = host.connect(node.addr)
        self.assertEqual((connection["security"], connection["muxer"]), ("/noise", "/yamux/1.0.0"))
        self.assertEqual(connection["early_muxer"], self.PEER.EARLY_MUXER)
        self.assert_they_get_on(host, node)
        node.stop()
        self.assertEqual(host.wait_event("disconnected")["peer"], node.peer)

    def test_tls_first_falls_back_to_noise(self):
        node, host = self.mexport(), self.hosts().host(security=("tls", "noise"))
        self.assertEqual(host.connect(node.addr)["security"], "/noise")
        self.assert_they_get_on(host, node)
        node.stop()

    def test_every_key_type(self):
        node, process = self.mexport(), self.hosts()
        for key, prefix in self.PEER.KEYS.items():
            with self.subTest(key):
                host = process.host(key, key=key)
                self.assertTrue(host.peer.startswith(prefix))
                host.connect(node.addr)
                self.assert_they_get_on(host, node, key)
        node.stop()

    def test_every_bitswap_protocol(self):
        node, process = self.mexport(), self.hosts()
        for protocol in BITSWAP_PROTOCOLS:
            with self.subTest(protocol):
                host = process.host(protocol)
                host.connect(node.addr)
                host.open(node.peer, protocol).send(WANT)
                event, _ = node.wait_want(host.peer, WANTED)
                self.assertEqual(event["ext"]["protocol"], protocol)
        node.stop()

    def test_who_asks_often_gets_every_answer(self):
        node, host = self.mexport(), self.hosts().host()
        host.connect(node.addr)
        stream = host.open(node.peer, MAIN)
        for number in range(8):
            cid = WANTED_BYTES[:-2] + f"{number:02x}"
            stream.send(WANT.replace(WANTED_BYTES, cid))
            self.eventually("answer", lambda: any(cid + "1001" in answer for answer in host.answers()))
        node.stop()

    def test_two_connections_of_one_peer_are_two_events(self):
        node, host = self.mexport(), self.hosts().host()
        host.connect(node.addr)
        host.ask("disconnect", peer=node.peer)
        self.eventually("close", lambda: len(node.events("connection_event", host.peer)) == 2)
        host.connect(node.addr)
        self.eventually("second", lambda: len(node.events("connection_event", host.peer)) == 3)
        kinds = [e["connection_event"]["connection_event_type"] for e in node.events("connection_event", host.peer)]
        self.assertEqual(kinds, [CONNECTED, DISCONNECTED, CONNECTED])
        node.stop()


class Listens:
    """The host listens."""

    def test_identify_ping_and_bitswap(self):
        host = self.hosts().host(listen=True)
        node = self.mexport(peers=[host.addr])
        connection = host.wait_event("connected", peer=node.peer)
        self.assertEqual((connection["security"], connection["direction"]), ("/noise", "Inbound"))
        self.assert_they_get_on(host, node)
        self.assertEqual(node.wait_event("connection_event", host.peer)["ext"]["direction"], "outbound")
        node.stop()
        self.assertEqual(host.wait_event("disconnected")["peer"], node.peer)

    def test_every_key_type(self):
        process = self.hosts()
        hosts = {key: process.host(key, key=key, listen=True) for key in self.PEER.KEYS}
        node = self.mexport(peers=[host.addr for host in hosts.values()])
        for key, host in hosts.items():
            with self.subTest(key):
                host.wait_event("connected", peer=node.peer)
                self.assert_they_get_on(host, node, key)
        node.stop()

    def test_the_source_port_is_the_listening_port(self):
        host = self.hosts().host(listen=True)
        node = self.mexport(peers=[host.addr])
        connection = host.wait_event("connected", peer=node.peer)
        self.assertEqual(connection["remote"], node.addr.split("/p2p/")[0])
        node.stop()
