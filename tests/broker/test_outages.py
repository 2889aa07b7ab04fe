#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whatever becomes of the broker, nothing that it has not confirmed is lost. Messages are numbered where they come from
and counted where they arrive."""

import os
import time
import unittest

from outage import BrokerScenario
from strict import MESSAGES

# By label `long`, a minute of 5,000 messages a second; otherwise what a machine that is busy can do quickly.
LONG = "MEXPORT_BROKER_LONG" in os.environ
RATE = 5000 if LONG else 400
AWAY = 60 if LONG else 2
HUNG = 30 if LONG else 4
PATIENCE = 180 if LONG else 60


class Outages(BrokerScenario):
    def under_load(self, seconds):
        """(consumer, proxy, node, load) with messages flowing."""
        proxy = self.proxy()
        consumer = self.consumer()
        node = self.node(proxy)
        load = self.load(node, RATE, seconds)
        self.eventually("flow of messages", lambda: consumer.count() > RATE / 2, PATIENCE)
        return consumer, proxy, node, load

    def end_of_outage(self, consumer, proxy, node, load):
        self.wait_all_or_confirmed(consumer, proxy, load.numbers(PATIENCE), PATIENCE)
        load.kill()
        self.assert_nothing_lost(self.stop_and_count(node))
        self.assertEqual(consumer.told_missing(MESSAGES), [])

    def test_absent_at_the_start(self):
        self.rabbit.stop()
        node = self.node()
        peer = self.peer(node)
        sent = peer.send(300)
        self.wait_log(node, "no connection to amqp://guest:(hidden)@127.0.0.1")
        self.rabbit.start()
        self.wait_log(node, "connected to amqp://")
        time.sleep(1)  # nothing is bound yet: what comes back is kept
        consumer = self.consumer()
        self.wait_all(consumer, sent, PATIENCE)
        peer.kill()
        self.assert_nothing_lost(self.stop_and_count(node))
        self.assert_no_holes(consumer)

    def test_stopped_and_started_again(self):
        consumer, proxy, node, load = self.under_load(AWAY + 4)
        before = consumer.sessions
        self.rabbit.stop()
        time.sleep(AWAY)
        self.rabbit.start()
        consumer.wait_bound(before)
        self.end_of_outage(consumer, proxy, node, load)

    def test_killed(self):
        consumer, proxy, node, load = self.under_load(4)
        before = consumer.sessions
        self.rabbit.kill()
        self.rabbit.start()
        consumer.wait_bound(before)
        self.end_of_outage(consumer, proxy, node, load)

    def test_hung(self):
        consumer, proxy, node, load = self.under_load(HUNG + 3)
        self.rabbit.suspend()
        time.sleep(HUNG)
        self.rabbit.resume()
        self.end_of_outage(consumer, proxy, node, load)

    def test_blocked_by_an_alarm(self):
        consumer, proxy, node, load = self.under_load(6)
        self.rabbit.raise_alarm()
        self.addCleanup(self.rabbit.clear_alarm)
        self.wait_log(node, "takes nothing for the time being")
        held = consumer.count()
        time.sleep(1)
        self.assertLess(consumer.count(), held + RATE / 2, "it went on publishing")
        self.rabbit.clear_alarm()
        self.wait_all(consumer, load.numbers(PATIENCE), PATIENCE)
        load.kill()
        self.assert_nothing_lost(self.stop_and_count(node))
        self.assert_no_holes(consumer)

    def test_cut_in_the_middle_of_a_frame(self):
        consumer, proxy, node, load = self.under_load(5)
        for cuts in range(1, 4):
            proxy.cut_in_next_frame()
            self.eventually("cut", lambda: proxy.cuts == cuts)
        self.wait_all(consumer, load.numbers(PATIENCE), PATIENCE)
        load.kill()
        counters = self.stop_and_count(node)
        self.assert_nothing_lost(counters)
        self.assertGreaterEqual(counters["connections"], 4)
        self.assert_no_holes(consumer)

    def test_a_wrong_password_then_the_right_one(self):
        self.rabbit.ctl("add_user", "monitor", "another")
        self.addCleanup(self.rabbit.ctl, "delete_user", "monitor")
        self.rabbit.ctl("set_permissions", "monitor", ".*", ".*", ".*")
        consumer = self.consumer()
        node = self.node(self.rabbit.address("monitor", "s%40cret%2f1"))
        peer = self.peer(node)
        sent = peer.send(100)
        self.wait_log(node, "ACCESS_REFUSED")
        self.assertEqual(consumer.count(), 0)
        self.rabbit.ctl("change_password", "monitor", "s@cret/1")
        self.wait_all(consumer, sent, PATIENCE)
        peer.kill()
        self.assert_nothing_lost(self.stop_and_count(node))
        self.assertNotRegex(node.log.read_text(), "s@cret|s%40cret")
        self.assert_no_holes(consumer)

    def test_the_second_broker_when_the_first_is_away(self):
        consumer = self.consumer()
        node = self.node("amqp://127.0.0.1:1", AMQP={"Servers": [self.rabbit.address()]})
        peer = self.peer(node)
        self.wait_all(consumer, peer.send(50))


if __name__ == "__main__":
    unittest.main()
