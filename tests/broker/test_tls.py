#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""amqps, with a CA of the test's own: who may be spoken to, and who may speak."""

import subprocess
import unittest

from outage import BrokerScenario
from rabbit import Rabbit

PATIENCE = 60


class Authority:
    """A CA in a folder, and what it signs."""

    def __init__(self, folder, name):
        self._folder, self._name = folder, name
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / f"{name}.pem"
        self._key = folder / f"{name}.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", self._key, "-out", self.file)

    def sign(self, name, alternative):
        """(certificate, key) for that subjectAltName."""
        key, request, certificate = (self._folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
        extensions = self._folder / f"{name}.ext"
        extensions.write_text(f"subjectAltName={alternative}\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-days", "2",
                "-extfile", extensions, "-out", certificate)
        return certificate, key


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Tls(BrokerScenario):
    @classmethod
    def make_rabbit(cls):
        cls.authority = Authority(cls.class_folder / "ca", "authority")
        cls.stranger = Authority(cls.class_folder / "other", "stranger")
        cls.client = cls.authority.sign("monitor", "DNS:monitor")
        certificate, key = cls.authority.sign("broker", "DNS:localhost")
        return Rabbit(cls.class_folder / "rabbit", tls={
            "cacertfile": cls.authority.file, "certfile": certificate, "keyfile": key, "verify": "verify_peer",
            "fail_if_no_peer_cert": "true"})

    def secure_node(self, host="localhost", authority=None, client=True):
        certificate, key = self.client if client else ("", "")
        return self.node(self.rabbit.address(scheme="amqps", host=host, port=self.rabbit.tls_port), AMQP={"TLS": {
            "CAFile": str((authority or self.authority).file), "CertificateFile": str(certificate),
            "KeyFile": str(key)}})

    def assert_refused(self, node, reason):
        peer = self.peer(node)
        peer.send(10)
        self.wait_log(node, "no connection to amqps://guest:(hidden)@")
        self.assertRegex(node.log.read_text(), reason)
        self.assertNotIn("connected to", node.log.read_text())
        peer.kill()
        node.stop()

    def test_the_right_broker(self):
        consumer = self.consumer()
        node = self.secure_node()
        peer = self.peer(node)
        self.wait_all(consumer, peer.send(100), PATIENCE)
        peer.kill()
        self.assert_nothing_lost(self.stop_and_count(node))

    def test_another_host_name(self):
        self.assert_refused(self.secure_node(host="127.0.0.1"), "mismatch")

    def test_another_authority(self):
        self.assert_refused(self.secure_node(authority=self.stranger), "(?i)certificate")

    def test_no_client_certificate(self):
        self.assert_refused(self.secure_node(client=False), "(?i)certificate|handshake|alert")


if __name__ == "__main__":
    unittest.main()
