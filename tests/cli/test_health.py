# SPDX-License-Identifier: MIT
"""health: what a container engine asks a node each half a minute."""

import socket
import threading
import unittest

from support import CliTest


def server_that_answers(case, answer):
    """host:port of one that gives this answer to its first request."""
    listener = socket.create_server(("127.0.0.1", 0))
    case.addCleanup(listener.close)

    def serve():
        client, _ = listener.accept()
        with client:
            client.recv(4096)
            client.sendall(answer)
    threading.Thread(target=serve, daemon=True).start()
    return f"127.0.0.1:{listener.getsockname()[1]}"


class Health(CliTest):
    def unwell(self, *arguments):
        """Its one line, with exit code 1."""
        done = self.mexport("health", *arguments)
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(done.stdout, "")
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done.stderr

    def test_node_that_runs_is_ready_until_it_has_ended(self):
        node = self.node()
        at = node.api[0].removeprefix("http://")
        self.assertEqual(self.check("health", "--api", at), f"{at}: ready\n")
        node.stop()
        self.assertIn(f"no node answers: {at}: ", self.unwell("--api", at))

    def test_address_is_the_configured_one(self):
        self.check("init")
        at = server_that_answers(self, b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nready\n")
        self.configure(Plugins={"Plugins": {"metric-export-plugin": {"Config": {"HTTPServerConfig": {"ListenAddresses": [at]}}}}})
        self.assertEqual(self.check("health"), f"{at}: ready\n")

    def test_node_that_is_being_stopped_is_not_ready(self):
        at = server_that_answers(self, b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 15\r\n\r\nserver closing\n")
        self.assertEqual(self.unwell("--api", at), f"mexport: {at} answers 503: server closing\n")

    def test_silence_is_no_answer(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        at = f"127.0.0.1:{listener.getsockname()[1]}"
        self.assertEqual(self.unwell("--api", at), f"mexport: {at} gives no answer: it says nothing any more\n")

    def test_no_address_to_ask(self):
        self.assertIn("say with --api", self.refused("health", "--api", "127.0.0.1:0"))


if __name__ == "__main__":
    unittest.main()
