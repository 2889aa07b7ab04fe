# SPDX-License-Identifier: MIT
"""run --demo: the whole path at work, without a network."""

from support import CliTest, Node, events_of, kind_of, wait_for


class Demo(CliTest):
    def events(self, monitor, kind):
        traces = self.data / "traces" / monitor
        return events_of(self.check("trace", "cat", "--kind", kind, traces))

    def test_a_newcomer_sees_every_kind_of_event(self):
        node = Node(self, "--demo")
        for kind in ["run_info", "connection_event", "identify_event", "bitswap_message"]:
            wait_for(lambda: self.events("demo", kind), kind)
        log = node.stop()
        self.assertTrue([line for line in log if "50 peers" in line], log)
        self.check("trace", "verify", self.data / "traces" / "demo")

    def test_it_listens_on_loopback_alone_and_dials_nobody(self):
        node = Node(self, "--demo", "2")
        wait_for(lambda: len(self.events("demo", "connection_event")) == 2, "two connections")
        log = node.stop()
        self.assertEqual(len(node.listening), 1)
        self.assertTrue(node.listening[0].startswith("/ip4/127.0.0.1/tcp/"))
        self.assertTrue([line for line in log if "loopback" in line])
        for event in self.events("demo", "connection_event"):
            self.assertEqual(event["ext"]["direction"], "inbound")

    def test_all_peers_of_a_larger_demo_connect(self):
        node = Node(self, "--demo", "150")
        wait_for(lambda: len({event["peer"] for event in self.events("demo", "identify_event")}) == 150, "150 peers")
        node.stop()

    def test_it_may_listen_everywhere_and_have_a_name(self):
        node = Node(self, "--demo", "2", "--listen", "/ip4/0.0.0.0/tcp/0", "--monitor-name", "mine")
        wait_for(lambda: self.events("mine", "bitswap_message"), "a message")
        node.stop()
