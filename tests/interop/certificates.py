# SPDX-License-Identifier: MIT
"""Certificates as libp2p's TLS wants them, and as it does not: built by hand, signed by the openssl command."""

import datetime
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

LIBP2P = "1.3.6.1.4.1.53594.1.1"
UNKNOWN = "1.3.6.1.4.1.53594.99.1"
ECDSA_SHA256, ECDSA_SHA384 = "1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3"
RSA_SHA256 = "1.2.840.113549.1.1.11"
ED25519 = "1.3.101.112"
COMMON_NAME = "2.5.4.3"
PREFIX = b"libp2p-tls-handshake:"
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

SEQUENCE, SET, BOOLEAN, INTEGER, BITS, OCTETS, NULL, OBJECT_ID, UTF8, TIME = 0x30, 0x31, 1, 2, 3, 4, 5, 6, 12, 24


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    count = (len(body).bit_length() + 7) // 8
    return bytes([tag, 0x80 | count]) + len(body).to_bytes(count, "big") + body


def object_id(dotted):
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytes([first * 40 + second])
    for value in rest:
        digits = [value & 0x7F]
        while value := value >> 7:
            digits.insert(0, value & 0x7F | 0x80)
        out += bytes(digits)
    return der(OBJECT_ID, out)


def moment(days_from_now):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days_from_now)
    return der(TIME, when.strftime("%Y%m%d%H%M%SZ").encode())


def openssl(*arguments):
    command = ["openssl", *(str(argument) for argument in arguments)]
    return subprocess.run(command, check=True, capture_output=True, timeout=20).stdout


@dataclass(frozen=True)
class Scheme:
    """How a key is made and how it signs."""
    make: tuple
    algorithm: str
    digest: str | None

    @property
    def identifier(self):
        """AlgorithmIdentifier; RSA's has parameters."""
        return der(SEQUENCE, object_id(self.algorithm), der(NULL) if self.algorithm == RSA_SHA256 else b"")


def curve(name):
    return "EC", "-pkeyopt", f"ec_paramgen_curve:{name}"


SCHEMES = {
    "p256": Scheme(curve("P-256"), ECDSA_SHA256, "sha256"),
    "p384": Scheme(curve("P-384"), ECDSA_SHA384, "sha384"),
    "ed25519": Scheme(("ED25519",), ED25519, None),
    "rsa": Scheme(("RSA", "-pkeyopt", "rsa_keygen_bits:2048"), RSA_SHA256, "sha256"),
}


class Key:
    """A private key in a file."""

    def __init__(self, path, scheme):
        self.path = Path(path)
        self.scheme = SCHEMES[scheme]
        openssl("genpkey", "-algorithm", *self.scheme.make, "-out", path)
        self.public = openssl("pkey", "-in", path, "-pubout", "-outform", "DER")  # SubjectPublicKeyInfo

    def sign(self, data):
        file = self.path.with_suffix(".signed")
        file.write_bytes(data)
        digest = ["-digest", self.scheme.digest] if self.scheme.digest else []
        return openssl("pkeyutl", "-sign", "-rawin", *digest, "-inkey", self.path, "-in", file)

    @property
    def libp2p(self):
        """libp2p's protobuf of an Ed25519 key."""
        return b"\x08\x01\x12\x20" + self.public[-32:]


class Identity:
    """An Ed25519 identity with a key for its certificates."""

    def __init__(self, folder, name="identity", leaf="p256"):
        self.folder = Path(folder) / name
        self.folder.mkdir()
        self.host, self.leaf = Key(self.folder / "host.pem", "ed25519"), Key(self.folder / "leaf.pem", leaf)
        self.peer = base58(b"\x00\x24" + self.host.libp2p)

    def extension(self, signer=None, message=None):
        """The value of libp2p's extension. Another `signer` or `message` makes it wrong."""
        signature = (signer or self.host).sign(message or PREFIX + self.leaf.public)
        return der(SEQUENCE, der(OCTETS, self.host.libp2p), der(OCTETS, signature))


def base58(data):
    value, out = int.from_bytes(data, "big"), ""
    while value:
        value, digit = divmod(value, 58)
        out = BASE58[digit] + out
    return "1" * (len(data) - len(data.lstrip(b"\x00"))) + out


@dataclass
class Certificate:
    """What to put into one; the defaults are good."""
    identity: Identity
    extensions: list = None  # of (object id, critical, value)
    not_before: float = -1  # days from now
    not_after: float = 30
    signer: Key = None  # of the certificate itself

    def der(self):
        leaf = self.identity.leaf
        algorithm = leaf.scheme.identifier
        name = der(SEQUENCE, der(SET, der(SEQUENCE, object_id(COMMON_NAME), der(UTF8, b"interop"))))
        extensions = [(LIBP2P, False, self.identity.extension())] if self.extensions is None else self.extensions
        listed = [der(SEQUENCE, object_id(oid), der(BOOLEAN, b"\xff") if critical else b"", der(OCTETS, value))
                  for oid, critical, value in extensions]
        body = der(SEQUENCE, der(0xA0, der(INTEGER, b"\x02")), der(INTEGER, b"\x2a"), algorithm, name,
                   der(SEQUENCE, moment(self.not_before), moment(self.not_after)), name, leaf.public,
                   der(0xA3, der(SEQUENCE, *listed)) if listed else b"")
        return der(SEQUENCE, body, algorithm, der(BITS, b"\x00", (self.signer or leaf).sign(body)))


def chain(identity, *certificates):
    """A file with the certificates, the leaf first, for Python's ssl."""
    path = identity.folder / "chain.pem"
    path.write_text("".join(ssl.DER_cert_to_PEM_cert(one.der()) for one in certificates))
    return path


def right_certificates(folder):
    """By what is peculiar about it: (identity, file)."""
    made = {}
    for scheme in SCHEMES:
        identity = Identity(folder, f"leaf-{scheme}", scheme)
        made[scheme] = identity, chain(identity, Certificate(identity))
    for what, extensions in {
        "critical": lambda identity: [(LIBP2P, True, identity.extension())],
        "unknown extension": lambda identity: [(UNKNOWN, False, b"\x05\x00"), (LIBP2P, False, identity.extension())],
    }.items():
        identity = Identity(folder, what.replace(" ", "-"))
        made[what] = identity, chain(identity, Certificate(identity, extensions(identity)))
    return made


def wrong_certificates(folder):
    """By what is wrong with it: (identity, file of the chain)."""
    made = {}

    def add(what, *certificates_of):
        identity = Identity(folder, what.replace(" ", "-"))
        made[what] = identity, chain(identity, *(make(identity) for make in certificates_of))

    def good(identity):
        return Certificate(identity)

    def extended(*others):
        return lambda identity: Certificate(identity, [(LIBP2P, False, identity.extension()),
                                                       *((oid, critical, identity.extension()) for oid, critical in others)])

    def signed(**how):
        return lambda identity: Certificate(identity, [(LIBP2P, True, identity.extension(**how))])

    stranger = Identity(folder, "stranger")
    add("no extension", lambda identity: Certificate(identity, []))
    add("extension twice", extended((LIBP2P, False)))
    add("unknown critical extension", extended((UNKNOWN, True)))
    add("extension of garbage", lambda identity: Certificate(identity, [(LIBP2P, False, b"\x30\x82\xff\xff\x04")]))
    add("signed by another host", signed(signer=stranger.host))
    add("signed for another certificate", signed(message=PREFIX + stranger.leaf.public))
    add("signed without the prefix", lambda identity: Certificate(
        identity, [(LIBP2P, True, identity.extension(message=identity.leaf.public))]))
    add("not signed by its own key", lambda identity: Certificate(identity, signer=stranger.leaf))
    add("expired", lambda identity: Certificate(identity, not_before=-30, not_after=-1))
    add("not valid yet", lambda identity: Certificate(identity, not_before=1))
    add("two certificates", good, good)
    return made
