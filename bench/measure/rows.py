# SPDX-License-Identifier: MIT
"""What is measured: one row each, with its target and what others need for the same."""
import contextlib
import dataclasses
import math
import statistics
import time

from . import kubo
from .processes import Broker, Load, Node, Sink, cpu_seconds, primitives, rss_kib, thread_cpu_seconds


@dataclasses.dataclass
class Scale:
    """How long and how often: `quick` only shows that everything runs."""
    quick: bool = False

    @property
    def repeats(self):
        return 1 if self.quick else 3

    @property
    def few_repeats(self):
        """Of what takes thousands of connections to set up."""
        return 1 if self.quick else 2

    def seconds(self, full):
        return 0.6 if self.quick else full

    def count(self, full):
        return max(full // 50, 10) if self.quick else full


@dataclasses.dataclass
class Result:
    """Figures in the row's unit; `floor` where there is one."""
    figure: float
    floor: float | None = None
    target: float | None = None  # where it depends on the floor
    note: str = ""


@dataclasses.dataclass
class Row:
    name: str
    what: str
    unit: str
    target: float
    reference: str   # kubo 0.43 or the reference exporter, measured on the same class of machine
    reference_value: float | None
    measure: object  # (build, scale) -> Result
    more_is_better: bool = False


def memory(**load):
    """RSS slope between two numbers of connections."""
    def measure(build, scale):
        small, large = scale.count(1000), scale.count(9000)
        slopes, first = [], None
        for _ in range(scale.few_repeats):
            with Node(build) as node:
                low = settled_rss(build, node, scale, connections=small, **load)
                high = settled_rss(build, node, scale, connections=large, **load)
            slopes.append((high - low) / (large - small))
            first = first or (low, high)
        return Result(statistics.median(slopes),
                      note=f"{first[0] / 1024:.1f} MiB at {small:,}, {first[1] / 1024:.1f} MiB at {large:,}")
    return measure


def settled_rss(build, node, scale, **load):
    with Load(build, node, **load):
        time.sleep(scale.seconds(4))
        return rss_kib(node.pid)


# What an inbound connection takes until it is identified and closed: reads of the node, bytes of each.
HANDSHAKE_ROUNDS, HANDSHAKE_BYTES = 5, 250


def handshake(crypto, **load):
    """CPU of the node per connection, from accept to identified and closed."""
    def measure(build, scale):
        count = scale.count(1000)
        costs, bare = [], []
        with Node(build) as node, Sink(build, HANDSHAKE_BYTES) as sink:
            for _ in range(2 * scale.repeats):
                before = cpu_seconds(node.pid)
                with Load(build, node, connections=count, **load):
                    pass
                time.sleep(scale.seconds(1))
                costs.append((cpu_seconds(node.pid) - before) / count)
                bare.append(sink.cost(handshakes=count, rounds=HANDSHAKE_ROUNDS, bytes=HANDSHAKE_BYTES))
        one = primitives(build, 250)
        crypto_seconds = sum(one[name] * n for name, n in crypto.items()) * 1e-9
        floor = (crypto_seconds + statistics.median(bare)) * 1e3
        return Result(statistics.median(costs) * 1e3, floor,
                      note=f"of the floor, {crypto_seconds * 1e3:.2f} ms is crypto")
    return measure


def or_relative(measure, absolute, factor):
    """A target that is met either in itself or as a multiple of the floor."""
    def measured(build, scale):
        result = measure(build, scale)
        result.target = max(absolute, factor * result.floor)
        return result
    return measured


# Two signatures of the identity key: over the handshake, and over the peer record in identify.
NOISE = {"x25519_keygen": 1, "x25519": 3, "ed25519_verify": 2}
# Our signature in the handshake; the peer's, that of its certificate, and those of its identity key.
TLS = {"x25519_keygen": 1, "x25519": 1, "ecdsa_p256_sign": 1, "ecdsa_p256_verify": 2, "ed25519_verify": 2}


def message_cost(build, scale, node, rate, connections, seconds=4, thread=None, **load):
    """CPU seconds per message of the node, or of its threads of a name; and the size of a message."""
    def used():
        return thread_cpu_seconds(node.pid, thread) if thread else cpu_seconds(node.pid)
    with Load(build, node, connections=connections, rate=rate, each=1, seconds=scale.seconds(seconds), **load) as running:
        before = used()
        sent = running.answer()["sent"]
        time.sleep(1.5 if not scale.quick else 0.5)
        return (used() - before) / sent, running.message_size


def message_costs(build, scale, connections, **load):
    """The same, repeated with one node: a list, and the size."""
    with Node(build) as node:
        repeats = scale.repeats if connections < 1000 else scale.few_repeats
        runs = [message_cost(build, scale, node, connections=connections, **load) for _ in range(repeats)]
    return [cost for cost, _ in runs], runs[0][1]


def messages(rate, connections, **load):
    """CPU of the node per message, from the socket to the compressed trace."""
    def measure(build, scale):
        costs, size = message_costs(build, scale, rate=rate, connections=connections, **load)
        wire = size + 12 + 2 + 16  # yamux, the length of a Noise message, its tag
        with Sink(build) as sink:
            bare = [sink.cost(connections=connections, rate=rate, bytes=wire, seconds=scale.seconds(3))
                    for _ in range(scale.repeats)]
        decrypt = primitives(build, size)["aead_message"] * 1e-9
        return Result(statistics.median(costs) * 1e6, (statistics.median(bare) + decrypt) * 1e6,
                      note=f"{size} bytes each")
    return measure


def answers(build, scale):
    """What asking for a DONT_HAVE, and getting it, adds to a message: with and without in turn, by one node."""
    asked, plain = [], []
    with Node(build) as node:
        for _ in range(2 * scale.repeats):
            for costs, more in ((asked, {"send_dont_have": True}), (plain, {})):
                cost, _ = message_cost(build, scale, node, rate=1000, connections=10, **more)
                costs.append(cost * 1e6)
    added = statistics.median(more - less for more, less in zip(asked, plain))
    return Result(added, note=f"{statistics.median(asked):.1f} with, {statistics.median(plain):.1f} without")


def relative(few, many):
    """The cost of a message under `many` in multiples of that under `few`."""
    def measure(build, scale):
        low = statistics.median(message_costs(build, scale, **few)[0])
        high = statistics.median(message_costs(build, scale, **many)[0])
        return Result(high / low, note=f"{low * 1e6:.1f} and {high * 1e6:.1f} µs")
    return measure


def growth(build, scale):
    return relative({"rate": 5000, "connections": 100},
                    {"rate": 5000, "connections": scale.count(10_000)})(build, scale)


def idle(build, scale):
    """Without keep-alives, less what an empty node takes."""
    connections, window = scale.count(8000), scale.seconds(10)
    def burnt(pid):
        before = cpu_seconds(pid)
        time.sleep(window)
        return cpu_seconds(pid) - before
    costs = []
    for _ in range(scale.few_repeats):
        with Node(build) as node:
            time.sleep(scale.seconds(2))
            empty = burnt(node.pid)
            with Load(build, node, connections=connections):
                time.sleep(scale.seconds(2))
                full = burnt(node.pid)
        costs.append((full - empty) / window / connections)
    return Result(statistics.median(costs) * 1e6)


def large_messages(build, scale):
    """Of the shards' threads alone: what the export threads make of the events is not part of it."""
    entries = 4000 if scale.quick else 95_000
    rates = []
    with Node(build) as node:
        for _ in range(scale.repeats):
            with Load(build, node, connections=2, rate=1000, messages=4, entries=entries,
                      seconds=scale.seconds(3)) as load:
                before = thread_cpu_seconds(node.pid, "shard")
                sent = load.answer()["sent"]
                time.sleep(scale.seconds(1))
                used = thread_cpu_seconds(node.pid, "shard") - before
                rates.append(sent * load.message_size / used / 1e6)
                size = load.message_size
    with Sink(build) as sink:
        bare = sink.cost(connections=2, rate=2000, bytes=65537, seconds=scale.seconds(2))
    floor = 65519 / (bare + primitives(build, 250)["aead_64k"] * 1e-9) / 1e6
    return Result(statistics.median(rates), floor, note=f"{size / 2**20:.2f} MiB each")


def ask_all(node, connections, method, **more):
    """Seconds until the answer of a broadcast is there; all peers must have been asked."""
    before = time.monotonic()
    entries = node.broadcast(method, **more)
    taken = time.monotonic() - before
    failed = sum("error" in str(entry) for entry in entries)
    if failed or len(entries) != connections:
        raise RuntimeError(f"{len(entries)} of {connections} peers were asked, {failed} in vain")
    return taken


def probe(build, scale):
    """The second between the broadcasts is left out."""
    count, times, costs = scale.count(5000), [], []
    with Node(build, probe=True) as node, Load(build, node, connections=count):
        time.sleep(2)  # a peer can be asked a second after its connection
        for _ in range(2 * scale.repeats):
            for method in ("broadcast_want", "broadcast_cancel"):
                before = cpu_seconds(node.pid)
                times.append(ask_all(node, count, method))
                time.sleep(1)
                costs.append((cpu_seconds(node.pid) - before) / count)
    return Result(statistics.median(times),
                  note=f"slowest {max(times):.2f} s; {statistics.median(costs) * 1e6:.1f} µs of CPU a peer")


def probe_delay(build, scale):
    """What connecting took has to leave the window of the metric first."""
    count = scale.count(5000)
    with Node(build, probe=True) as node, Load(build, node, connections=count):
        time.sleep(2)
        for _ in range(0 if scale.quick else 20):
            if (before := node.worst_delay()) < 0.001:
                break
            time.sleep(10)
        before = node.worst_delay()
        for _ in range(scale.repeats):
            ask_all(node, count, "broadcast_want_cancel", seconds_before_cancel=0)
        return Result(node.worst_delay() * 1e3, note=f"{before * 1e3:.1f} ms in the minutes before")


def probe_idle(build, scale):
    """What the probe adds to the slope of idle connections that have never been asked."""
    small, large = scale.count(1000), scale.count(9000)
    slopes = {True: [], False: []}
    for _ in range(scale.few_repeats):
        for enabled, found in slopes.items():
            with Node(build, probe=enabled) as node:
                low = settled_rss(build, node, scale, connections=small)
                high = settled_rss(build, node, scale, connections=large)
            found.append((high - low) / (large - small) * 1024)
    with_probe, without = (statistics.median(slopes[enabled]) for enabled in (True, False))
    return Result(with_probe - without, note=f"{with_probe:,.0f} with, {without:,.0f} without")


KUBO_NOT_BUILT = Result(math.nan, note="kubo with the plugin is not built: tests/plugin/build")


def plugin(publishing):
    """What the plugin adds to a kubo: that one and one without it, loaded in turn."""
    def measure(build, scale):
        if not kubo.built():
            return KUBO_NOT_BUILT
        if publishing and not Broker.installed():
            return Result(math.nan, note="rabbitmq-server is not installed")
        with contextlib.ExitStack() as stack:
            section = {"AMQPServerAddress": stack.enter_context(Broker()).rabbit.address()} if publishing else {}
            monitors, plains = (stack.enter_context(kubo.Kubo(enabled, **section)) for enabled in (True, False))
            pairs = [[message_cost(build, scale, node, rate=10_000, connections=50, seconds=8)[0] * 1e6
                      for node in (monitors, plains)] for _ in range(2 * scale.repeats)]
        return Result(statistics.median(more - less for more, less in pairs),
                      note=" and ".join(f"{statistics.median(costs):.1f} {how}"
                                        for costs, how in zip(zip(*pairs), ("with", "without"))))
    return measure


def plugin_memory(build, scale):
    """Of a kubo that nobody is connected to."""
    if not kubo.built():
        return KUBO_NOT_BUILT
    pairs = []
    for _ in range(scale.repeats):
        with kubo.Kubo(True) as monitor, kubo.Kubo(False) as plain:
            time.sleep(scale.seconds(15))
            pairs.append([rss_kib(node.pid) / 1024 for node in (monitor, plain)])
    return Result(statistics.median(more - less for more, less in pairs),
                  note="{:.0f} with, {:.0f} without".format(*pairs[0]))


def plugin_commands(build, scale):
    """`ipfs id` of kubo with the plugin inside, and of upstream's, in turn."""
    if not kubo.built():
        return KUBO_NOT_BUILT
    with kubo.Commands() as commands:
        pairs = [[commands.cpu_seconds(which) * 1e3 for which in (commands.WITH_PLUGIN, commands.PLAIN)]
                 for _ in range(20 * scale.repeats)]
    return Result(statistics.median(more - less for more, less in pairs),
                  note="{:.0f} with, {:.0f} without".format(*map(statistics.median, zip(*pairs))))


def published(way, name, repeat, note):
    """A figure of what goes to a broker on this machine."""
    def measure(build, scale):
        if not Broker.installed():
            return Result(math.nan, note="rabbitmq-server is not installed")
        with Broker() as broker:
            seconds = scale.seconds(40 if way == "paced" else 4)
            answers = [broker.publish(build, way, seconds) for _ in range(scale.repeats if repeat else 1)]
        return Result(statistics.median(answer[name] for answer in answers), note=note(answers[0]))
    return measure


ROWS = [
    Row("memory", "idle identified connection, Noise (slope 1,000 to 9,000)", "KiB RSS", 4,
        "kubo 50", 50, memory()),
    Row("memory-bitswap", "same, with a Bitswap stream each way that has talked", "KiB RSS", 5,
        "kubo 79", 79, memory(each=1, send_dont_have=True)),
    Row("memory-tls", "idle identified connection, TLS", "KiB RSS", 22, "kubo 66", 66, memory(security="tls")),
    Row("handshake", "inbound handshake to identified, and close, Noise", "ms CPU", 0.45,
        "kubo 0.91", 0.91, or_relative(handshake(NOISE), 0.45, 1.4)),
    Row("handshake-tls", "inbound handshake to identified, and close, TLS", "ms CPU", 0.8,
        "kubo 1.02", 1.02, handshake(TLS, security="tls")),
    Row("messages", "message with 5 entries, 20,000/s over 50 connections, socket to trace", "µs CPU", 10,
        "62 to its broker", 62, messages(20_000, 50)),
    Row("messages-slow", "same at 1,000/s over 10", "µs CPU", 14,
        "112 to 127", 120, messages(1000, 10)),
    Row("answers", "what asked and sent DONT_HAVEs add to that", "µs CPU", 3,
        "56 to 68", 62, answers),
    Row("messages-50", "message with 50 entries, 2,000/s over 10", "µs CPU", 40,
        "479", 479, messages(2000, 10, entries=50)),
    Row("live-wants", "peer that has sent 10,000 wants, against one with 10", "times the cost", 1.2,
        "kubo 1,300 to 1,900 µs", None,
        # Of the shards alone: other CIDs compress worse.
        relative({"rate": 5000, "connections": 1, "messages": 2, "thread": "shard"},
                 {"rate": 5000, "connections": 1, "messages": 2000, "thread": "shard"})),
    Row("idle", "idle connection, beyond its keep-alive", "µs CPU/s", 1, "kubo 7 to 9", 8, idle),
    Row("large", "messages of 4 MiB, socket to decoded", "MB/s of CPU", 500, "", None, large_messages,
        more_is_better=True),
    Row("probe", "broadcast_want or _cancel to 5,000 peers, until its answer is there", "s", 1, "", None, probe),
    Row("probe-delay", "worst delay of the reading side meanwhile", "ms", 5, "", None, probe_delay),
    Row("probe-idle", "what the probe adds to an idle connection", "bytes RSS", 300, "", None, probe_idle),
    Row("publish", "message with 5 entries to RabbitMQ: batch, encode, compress, publish", "µs CPU", 5,
        "27 to 50", 27, published("burst", "cpu_us", True, lambda answer: f"{answer['confirmed']:,} messages")),
    Row("publish-rate", "the same, confirmed; broker on the same machine", "/s", 30_000, "", None,
        published("burst", "confirmed_per_second", True, lambda answer: ""), more_is_better=True),
    Row("publish-latency", "one message a second, heard to confirmed, median", "ms", 210, "4,000", 4000,
        published("paced", "p50_ms", False, lambda answer: f"p99 {answer['p99_ms']} ms")),
    Row("plugin", "message with 5 entries to kubo, 10,000/s over 50: what the plugin adds, with traces", "µs CPU", 10,
        "", None, plugin(publishing=False)),
    Row("plugin-publish", "the same, with traces and to RabbitMQ", "µs CPU", 10, "28", 28, plugin(publishing=True)),
    Row("plugin-memory", "what the plugin adds to a kubo without connections", "MiB RSS", 15, "32", 32, plugin_memory),
    Row("plugin-commands", "what it adds to `ipfs id` without a daemon", "ms CPU", 5, "", None, plugin_commands),
    Row("growth", "message at 10,000 connections, against 100", "times the cost", 1.2, "", None, growth),
]
