# SPDX-License-Identifier: MIT
"""What the scenarios with a broker share: the broker of a class, the node, its sources and its consumer."""

import re
import shutil
import tempfile
from pathlib import Path

from consumer import Consumer
from mexport import Mexport
from program import wait_until
from proxy import Proxy
from rabbit import Rabbit
from scenario import Scenario
from source import GoSource, LoadSource
from strict import CONNECTIONS, MESSAGES, decode, numbers

MONITOR = "interop"  # as Mexport is started
PATIENCE = 30.0


def amqp_config(address, **settings):
    """The configuration document of a node that publishes there."""
    section = {"AMQPServerAddress": address, **settings}
    return {"Plugins": {"Plugins": {"metric-export-plugin": {"Config": section}}}}


class BrokerScenario(Scenario):
    """Each test begins with a broker that runs, but for those that stop it first."""

    @classmethod
    def setUpClass(cls):
        cls.class_folder = Path(tempfile.mkdtemp(prefix="mexport-broker-"))
        cls.addClassCleanup(shutil.rmtree, cls.class_folder, ignore_errors=True)
        cls.rabbit = cls.make_rabbit()
        cls.addClassCleanup(cls.rabbit.close)

    @classmethod
    def make_rabbit(cls):
        return Rabbit(cls.class_folder / "rabbit")

    def setUp(self):
        super().setUp()
        self.rabbit.ensure_up()

    def node(self, address=None, within=(), options=(), **settings):
        """One after the other have one data directory."""
        if isinstance(address, Proxy):
            address = self.rabbit.address(port=address.port)
        config = amqp_config(address or self.rabbit.address(), **settings)
        return self.start(Mexport(self.folder / "mexport", config=config, within=within, options=options))

    def away(self):
        """A proxy that does not listen yet: a broker that is away, and comes with listen()."""
        return self.proxy(listening=False)

    def wait_log(self, node, text, timeout=PATIENCE):
        """Until its log has that."""
        wait_until(f"{text!r} in {node.log}", lambda: text in node.log.read_text(), timeout)

    def stop_and_count(self, node, sink="amqp"):
        """A clean stop; the counters of the sink that are not zero, without their prefix."""
        node.stop()
        return self.counted(node, sink)

    def counted(self, node, sink):
        return {name: int(value) for name, value in re.findall(rf"\b{sink}_(\w+) (\d+)", node.log.read_text())}

    def assert_nothing_lost(self, counters):
        self.assertEqual({name: value for name, value in counters.items() if name.startswith("lost_")}, {})

    def proxy(self, listening=True):
        proxy = Proxy(self.rabbit.port, listening)
        self.addCleanup(proxy.close)
        return proxy

    def consumer(self, bound=True, kind=Consumer, **settings):
        consumer = kind(self.rabbit.port, MONITOR, **settings)
        self.addCleanup(consumer.stop)
        if bound:
            consumer.wait_bound()
        return consumer

    def peer(self, node):
        source = self.start(GoSource(self.folder))
        source.connect(node)
        return source

    def load(self, node, rate, seconds, **settings):
        return self.start(LoadSource(self.folder, node, rate, seconds, **settings))

    def wait_heard(self, node, sent):
        """Until the node has them: what only the kernel has when a node stops, nobody has heard."""
        missing = set(sent)
        def heard():
            missing.difference_update(numbers(node.events("bitswap_message")))
            return not missing
        wait_until("record of all numbers", heard, PATIENCE, pause=0.3)

    def wait_all(self, consumer, sent, timeout=PATIENCE):
        """Until the consumer has every number that was sent."""
        try:
            wait_until("all numbers", lambda: consumer.has(sent), timeout)
        except AssertionError:
            missing = sorted(set(sent) - consumer.numbers)
            self.fail(f"{len(missing)} of {len(sent)} numbers did not come, the first {missing[:20]}")
        self.assertEqual(consumer.numbers - set(sent), set(), "numbers that nobody sent")

    def assert_no_holes(self, consumer):
        for kind in (MESSAGES, CONNECTIONS):
            for run in consumer.runs():
                self.assertEqual(consumer.holes(kind, run), [], f"{kind} of {run}")
            self.assertEqual(consumer.told_missing(kind), [])

    def wait_all_or_confirmed(self, consumer, proxy, sent, timeout=PATIENCE):
        """A broker that dies takes with it what it has confirmed and not yet delivered; nothing else may be missing."""
        def rest():
            consumer.check()
            missing = set(sent) - consumer.numbers
            for publishing in proxy.confirmed() if missing else ():
                missing.difference_update(numbers(decode(bytes(publishing.body))))
            return missing
        try:
            wait_until("all numbers", lambda: not rest(), timeout, pause=0.5)
        except AssertionError:
            missing = sorted(rest())
            self.fail(f"{len(missing)} of {len(sent)} were never confirmed and did not come: {missing[:20]}")
