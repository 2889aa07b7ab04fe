# SPDX-License-Identifier: MIT
"""A peer of Python's own ssl module: it secures a connection as it is told, and says what came of it."""

import socket
import ssl
import threading

HEADER = b"\x13/multistream/1.0.0\n"
TLS = "/tls/1.0.0"
YAMUX = "/yamux/1.0.0"
FALLBACK = "libp2p"
PATIENCE = 15.0


class Refused(Exception):
    """The other side did not want this connection, or this protocol."""


def token(text):
    return bytes([len(text) + 1]) + text.encode() + b"\n"


def read_exact(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise Refused(f"closed after {data!r}")
        data += piece
    return data


def read_token(sock):
    return read_exact(sock, read_exact(sock, 1)[0]).decode().rstrip("\n")


def propose(sock, protocol):
    """As dialler of multistream-select."""
    sock.sendall(HEADER + token(protocol))
    read_token(sock)
    answer = read_token(sock)
    if answer != protocol:
        raise Refused(answer)


def context(side, chain, key, alpn):
    made = ssl.SSLContext(side)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    if chain is not None:
        made.load_cert_chain(chain, key)
    if alpn:
        made.set_alpn_protocols(list(alpn))
    return made


class Secured:
    """What a dialler has after its handshake."""

    def __init__(self, sock):
        self.sock = sock
        self.alpn = sock.selected_alpn_protocol()

    def first_frame(self):
        """The first bytes of the other side's muxer. A listener's verdict on us comes only now: Refused."""
        try:
            if self.alpn != YAMUX:
                propose(self.sock, YAMUX)
            return read_exact(self.sock, 12)
        except OSError as error:  # an alert is one too
            raise Refused(str(error)) from None


def dial(port, chain, key, alpn=(YAMUX, FALLBACK), alter=lambda context: None):
    """A connection to loopback, secured; the caller closes `.sock`."""
    sock = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    try:
        propose(sock, TLS)
        made = context(ssl.PROTOCOL_TLS_CLIENT, chain, key, alpn)
        alter(made)
        return Secured(made.wrap_socket(sock))
    except OSError as error:
        sock.close()
        raise Refused(str(error)) from None
    except Refused:
        sock.close()
        raise


class Listener:
    """Takes one connection after the other until closed, TLS alone. `outcomes` tells how far each came."""

    def __init__(self, chain, key, alpn=(YAMUX, FALLBACK)):
        self.context = context(ssl.PROTOCOL_TLS_SERVER, chain, key, alpn)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.outcomes = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _serve(self):
        while True:
            try:
                sock, _ = self.socket.accept()
            except OSError:
                return
            with sock:
                sock.settimeout(PATIENCE)
                self.outcomes.append(self._one(sock))

    def _one(self, sock):
        try:
            read_token(sock)
            sock.sendall(HEADER)
            while read_token(sock) != TLS:
                sock.sendall(token("na"))
            sock.sendall(token(TLS))
            with self.context.wrap_socket(sock, server_side=True) as secured:
                return "secured" if secured.recv(1) else "refused: closed"
        except (OSError, Refused) as error:
            return f"refused: {error}"
