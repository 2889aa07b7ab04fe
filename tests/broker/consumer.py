# SPDX-License-Identifier: MIT
"""A consumer with the topology of the reference's client: per connection one exclusive queue that the broker names, bound
to the exact routing keys, each delivery acknowledged. It ends at the first Deviation."""

import hashlib
import threading
from dataclasses import dataclass

import pika
import strict
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from program import wait_until
from strict import Deviation, require

EXCHANGE = "ipfs.passive_monitoring"
HEADERS = {"run_id": str, "kind": str, "first": int, "last": int, "events": int, "uncompressed": int}
MISSING = {"missing_run_id": str, "missing_from": int, "missing_to": int}
PREVIOUS = {"previous_run_id": str, "previous_last": int}


@dataclass(frozen=True)
class Place:
    """Where a body stands among all: the same in each of its deliveries."""
    kind: str
    run: str
    first: int


@dataclass
class Received:
    last: int
    digest: bytes
    count: int = 1
    missing: tuple = ()
    previous: tuple = ()


class Consumer:
    """Consumes in a thread of its own, again and again when the broker goes, until stop()."""

    def __init__(self, port, monitor, user="guest", password="guest", mode=1, vhost="/"):
        self._parameters = pika.ConnectionParameters(
            "127.0.0.1", port, vhost, pika.PlainCredentials(user, password), heartbeat=5, blocked_connection_timeout=5,
            socket_timeout=2, stack_timeout=5)
        self._keys = {f"monitor.{monitor}.{kind}": kind for kind in strict.KINDS}
        self._mode = mode
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.error = None
        self._told = False
        self.sessions = 0  # queues that it has had
        self.bodies = {}  # Place -> Received, in the order of their first deliveries
        self.numbers = set()
        self.deliveries = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait_bound(self, after=0, timeout=30):
        """Until it has a queue: after the broker went, a later one than its `sessions` told before."""
        def bound():
            self.check()
            return self.sessions > after
        wait_until("queue of the consumer", bound, timeout)

    def stop(self):
        """Ends it; raises what it died of, unless that is known."""
        self._stopping.set()
        self._thread.join()
        if not self._told:
            self.check()

    def join(self, timeout=30):
        """Until it has died; raises what of."""
        self._thread.join(timeout)
        self.check()

    def check(self):
        if self.error is not None:
            self._told = True
            raise self.error

    def has(self, numbers):
        """Whether all of those have come."""
        self.check()
        with self._lock:
            return self.numbers.issuperset(numbers)

    def count(self):
        self.check()
        with self._lock:
            return len(self.numbers)

    def _run(self):
        while not self._stopping.is_set() and self.error is None:
            try:
                self._consume()
            except (pika.exceptions.AMQPError, AMQPConnectorException, OSError):
                self._stopping.wait(0.1)  # the broker is away
            except Exception as error:  # shown by check()
                self.error = error

    def _consume(self):
        connection = pika.BlockingConnection(self._parameters)
        try:
            channel = connection.channel()
            channel.exchange_declare(EXCHANGE, "topic", durable=False, auto_delete=False, internal=False)
            queue = channel.queue_declare("", exclusive=True).method.queue
            for key in self._keys:
                channel.queue_bind(queue, EXCHANGE, key)
            channel.basic_consume(queue, self._on_delivery)
            self.sessions += 1
            while not self._stopping.is_set() and self.error is None:
                connection.process_data_events(time_limit=0.1)
        finally:
            if connection.is_open:
                connection.close()

    def _on_delivery(self, channel, method, properties, body):
        try:
            self._take(method, properties, body)
        except Exception as error:  # shown by check()
            self.error = error
            return
        channel.basic_ack(method.delivery_tag)

    def _take(self, method, properties, body):
        require(method.exchange == EXCHANGE, f"the exchange {method.exchange}")
        require(len(method.routing_key.split(".")) == 3 and method.routing_key in self._keys,
                f"the routing key {method.routing_key}")
        kind = self._keys[method.routing_key]
        require(properties.delivery_mode == self._mode, f"delivery mode {properties.delivery_mode}")
        events = strict.decode(body)
        strict.check(events, kind)
        with self._lock:
            self.deliveries += 1
            self._account(kind, properties.headers, len(events), body)
            self._keep(events)

    def _keep(self, events):
        self.numbers.update(strict.numbers(events))

    def _account(self, kind, headers, events, body):
        check_headers(headers)
        require(headers["kind"] == strict.KINDS[kind], f"the kind {headers['kind']} in {kind}")
        require(headers["events"] == events, f"{headers['events']} events told, {events} there")
        require(headers["last"] - headers["first"] >= events - 1, "more events than numbers")
        place = Place(kind, headers["run_id"], headers["first"])
        digest = hashlib.sha256(body).digest()
        known = self.bodies.get(place)
        if known is not None:
            require((known.last, known.digest) == (headers["last"], digest), f"another body at {place}")
            known.count += 1
            return
        self.bodies[place] = Received(headers["last"], digest,
                                      missing=tuple(headers[key] for key in MISSING if key in headers),
                                      previous=tuple(headers[key] for key in PREVIOUS if key in headers))
        self._check_order(place)

    def _check_order(self, place):
        """First deliveries come in the order of the numbers, within a run and routing key."""
        for earlier in reversed(self.bodies):
            if earlier != place and earlier.kind == place.kind and earlier.run == place.run:
                require(self.bodies[earlier].last < place.first, f"{place} after {earlier}")
                return

    def ranges(self, kind, run):
        """(first, last) of each body of that kind and run, in their order."""
        with self._lock:
            return [(place.first, body.last) for place, body in self.bodies.items()
                    if place.kind == kind and place.run == run]

    def runs(self):
        with self._lock:
            return sorted({place.run for place in self.bodies})

    def runs_in_order(self):
        """By their first body."""
        with self._lock:
            return list(dict.fromkeys(place.run for place in self.bodies))

    def holes(self, kind, run):
        """The numbers that are missing between the first body and the last one: (from, to)."""
        found, end = [], None
        for first, last in sorted(self.ranges(kind, run)):
            if end is not None and first != end + 1:
                found.append((end + 1, first - 1))
            end = last
        return found

    def told_missing(self, kind):
        """What headers named as missing: (run, from, to)."""
        with self._lock:
            return [body.missing for place, body in self.bodies.items() if place.kind == kind and body.missing]

    def told_previous(self, kind):
        """What headers told of the end of an earlier run: (run, earlier run, its last)."""
        with self._lock:
            return [(place.run, *body.previous) for place, body in self.bodies.items()
                    if place.kind == kind and body.previous]


def check_headers(headers):
    require(headers is not None, "no headers")
    rest = dict(headers)
    for group in (HEADERS, MISSING, PREVIOUS):
        present = [key for key in group if key in rest]
        require(present == list(group) or (group is not HEADERS and not present), f"headers {sorted(headers)}")
        for key in present:
            value = rest.pop(key)
            require(isinstance(value, group[key]) and not isinstance(value, bool), f"the header {key} of {value!r}")
    require(not rest, f"unknown headers {sorted(rest)}")
