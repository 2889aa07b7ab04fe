#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The tests' own means: the consumer dies of whatever the reference's would stumble over, the broker works, and the proxy
sees what goes by. No mexport."""

import base64
import copy
import gzip
import json
import unittest

import pika
from consumer import EXCHANGE, Consumer
from outage import BrokerScenario
from program import wait_until
from strict import CONNECTIONS, MESSAGES, Deviation, check, decode, numbered_cid, numbers

PEER = "12D3KooWQ5R3KvSjF7KtqzxXiRCMXTXwBs9tatQEd4pCnE4yeKPx"
MESSAGE = {"timestamp": "2026-01-02T03:04:05.6Z", "peer": PEER, "bitswap_message": {
    "wantlist_entries": [{"Cid": {"/": "bafkqacaaaaaaaaaaaa"}, "Priority": 1, "WantType": 1, "Cancel": False,
                          "SendDontHave": True}],
    "full_wantlist": False, "blocks": [{"/": "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR"}],
    "block_presences": [{"cid": {"/": "bafkqacaaaaaaaaaaaa"}, "block_presence_type": 0}],
    "connected_addresses": ["/ip4/192.0.2.1/tcp/4001"]}}
CONNECTION = {"timestamp": "2026-01-02T03:04:05Z", "peer": PEER,
              "connection_event": {"remote": "/ip4/192.0.2.1/tcp/4001", "connection_event_type": 0}}


def member(data):
    return bytes.fromhex("1f8b08000000000000ff") + gzip.compress(data, mtime=0)[10:]


def body_of(events):
    return member(json.dumps(events, separators=(",", ":"), ensure_ascii=False).encode() + b"\n")


class Strictness(unittest.TestCase):
    def test_what_is_right(self):
        check(decode(body_of([MESSAGE, MESSAGE])), MESSAGES)
        check(decode(body_of([CONNECTION])), CONNECTIONS)

    def test_bodies(self):
        whole = body_of([MESSAGE])
        text = json.dumps([MESSAGE])
        for name, body in {
            "empty": b"", "plain": text.encode(), "cut": whole[:-1], "bad sum": whole[:-8] + b"12345678",
            "two members": whole + whole, "rubbish behind": whole + b"\0", "other header": gzip.compress(text.encode()),
            "two arrays": member((text + "\n" + text + "\n").encode()), "no newline": member(text.encode()),
            "object": member(b"{}\n"), "empty array": member(b"[]\n"), "NaN": member(b"[NaN]\n"),
            "not UTF-8": member(b'["\xff"]\n'), "surrogate": member(b'["\\ud800"]\n'),
        }.items():
            with self.subTest(name), self.assertRaises(Deviation):
                decode(body)

    def test_events(self):
        for name, path, value in (
            ("local time", ["timestamp"], "2026-01-02T03:04:05+01:00"), ("trailing zero", ["timestamp"], "2026-01-02T03:04:05.60Z"),
            ("other peer", ["peer"], "somebody"), ("null list", ["bitswap_message", "blocks"], None),
            ("priority", ["bitswap_message", "wantlist_entries", 0, "Priority"], 2**31),
            ("type", ["bitswap_message", "wantlist_entries", 0, "WantType"], 2),
            ("type of another type", ["bitswap_message", "wantlist_entries", 0, "WantType"], True),
            ("flag", ["bitswap_message", "full_wantlist"], None), ("CID", ["bitswap_message", "blocks", 0], "Qm"),
            ("presence", ["bitswap_message", "block_presences", 0, "block_presence_type"], 2),
            ("address", ["bitswap_message", "connected_addresses", 0], f"/ip4/192.0.2.1/tcp/1/p2p/{PEER}"),
            ("more", ["ext"], {}),
        ):
            event = copy.deepcopy(MESSAGE)
            place = event
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
            with self.subTest(name), self.assertRaises((Deviation, TypeError)):
                check([event], MESSAGES)
        with self.assertRaises(Deviation):
            check([CONNECTION], MESSAGES)
        with self.assertRaises(Deviation):
            check([MESSAGE, {**MESSAGE, "timestamp": "2026-01-02T03:04:05.599999999Z"}], MESSAGES)


def publish(channel, number, **changes):
    """One message with its number as a body of its own, with those changes to its headers."""
    event = copy.deepcopy(MESSAGE)
    cid = "b" + base64.b32encode(numbered_cid(number)).decode().rstrip("=").lower()
    event["bitswap_message"]["wantlist_entries"][0]["Cid"]["/"] = cid
    headers = {"run_id": "run", "kind": "bitswap_message", "first": number, "last": number, "events": 1,
               "uncompressed": 1, **changes}
    channel.basic_publish(EXCHANGE, f"monitor.interop.{MESSAGES}", body_of([event]),
                          pika.BasicProperties(delivery_mode=1, headers=headers), mandatory=True)


class Means(BrokerScenario):
    def channel(self, port):
        connection = pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port))
        self.addCleanup(lambda: connection.close() if connection.is_open else None)
        channel = connection.channel()
        channel.exchange_declare(EXCHANGE, "topic")
        channel.confirm_delivery()
        return channel

    def test_a_proxy_sees_what_goes_by_and_cuts_within_a_frame(self):
        proxy = self.proxy()
        channel = self.channel(proxy.port)
        with self.assertRaises(pika.exceptions.UnroutableError):
            publish(channel, 0)
        consumer = self.consumer()
        for number in range(1, 4):
            publish(channel, number)
        publish(channel, 3)
        wait_until("deliveries", lambda: consumer.deliveries == 4)
        self.assertEqual(consumer.numbers, {1, 2, 3})
        self.assertEqual(consumer.holes(MESSAGES, "run"), [])
        self.assertEqual([publishing.headers["first"] for publishing in proxy.confirmed()], [1, 2, 3, 3])
        proxy.cut_in_next_frame()
        with self.assertRaises(pika.exceptions.AMQPError):
            publish(channel, 5)
        self.assertEqual(proxy.cuts, 1)
        publish(self.channel(proxy.port), 6)
        wait_until("what came after the cut", lambda: consumer.has({6}))
        self.assertEqual(consumer.holes(MESSAGES, "run"), [(4, 5)])

    def test_the_consumer_dies_of_a_deviation(self):
        channel = self.channel(self.rabbit.port)
        for number, changes in enumerate(({"events": 2}, {"kind": "gap"}, {"more": 1}, {"first": "0"}), 10):
            consumer = Consumer(self.rabbit.port, "interop")
            consumer.wait_bound()
            publish(channel, number, **changes)
            with self.subTest(changes), self.assertRaises(Deviation):
                consumer.join()
        consumer = Consumer(self.rabbit.port, "interop")
        consumer.wait_bound()
        publish(channel, 20)
        publish(channel, 19)
        with self.assertRaisesRegex(Deviation, "after"):
            consumer.join()

    def test_the_broker_comes_and_goes(self):
        consumer = self.consumer()
        before = consumer.sessions
        self.rabbit.kill()
        self.rabbit.start()
        consumer.wait_bound(before)
        channel = self.channel(self.rabbit.port)
        publish(channel, 30)
        wait_until("the message", lambda: consumer.has({30}))
        self.assertEqual(set(numbers(decode(body_of([MESSAGE])))), {0})


if __name__ == "__main__":
    unittest.main()
