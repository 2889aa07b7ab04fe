# SPDX-License-Identifier: MIT
"""A TCP proxy before the broker that knows AMQP's frames: it sees what is published and confirmed, and can be slow, cut
connections in the middle of a frame, or refuse them."""

import contextlib
import selectors
import socket
import threading
from dataclasses import dataclass, field

import pika
import pika.frame
from ports import free_port

PROTOCOL_HEADER = 8  # what a client says first is no frame
FRAME_HEADER = 7
READ = 1 << 16


@dataclass
class Publishing:
    key: str
    headers: dict = field(default_factory=dict)
    size: int = 0
    body: bytearray = field(default_factory=bytearray)
    returned: bool = False


class Session:
    """One connection: both sockets, and what went over it."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.buffers = {client: b"", server: b""}
        self.header_seen = False
        self.published = []  # by delivery tag - 1
        self.confirmed = set()  # delivery tags
        self.all_below = 1  # every tag below it was confirmed together with others
        self.returning = None

    def close(self, reset=False):
        for side in (self.client, self.server):
            with contextlib.suppress(OSError):
                if reset:
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                side.close()


class Proxy:
    """Between one client and the broker at `port`. Each session has a thread."""

    def __init__(self, port, listening=True):
        self._port = port
        self._server = None
        self.port = free_port()
        self._lock = threading.Lock()
        self._sessions = []
        self._open = set()
        self._cut_after = None  # bytes into the next body frame
        self._rate = None  # bytes per second from the client
        self._closing = threading.Event()
        self.cuts = 0
        if listening:
            self.listen()

    def listen(self):
        """Until then connections are refused, as if the broker were away."""
        self._server = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_in_next_frame(self, after=FRAME_HEADER + 100):
        """The next body frame of a client goes so far and no further, and the connection with it."""
        with self._lock:
            self._cut_after = after

    def slow_down(self, bytes_per_second):
        with self._lock:
            self._rate = bytes_per_second

    def cut(self):
        """Resets all connections."""
        with self._lock:
            for session in self._open:
                for side in (session.client, session.server):
                    with contextlib.suppress(OSError):
                        side.shutdown(socket.SHUT_RDWR)

    def confirmed(self):
        """All publishings that the broker confirmed and did not return."""
        with self._lock:
            return [session.published[tag - 1] for session in self._sessions for tag in sorted(session.confirmed)
                    if not session.published[tag - 1].returned]

    def close(self):
        self._closing.set()
        if self._server is not None:
            self._server.close()
        self.cut()

    def _accept(self):
        while not self._closing.is_set():
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._port), 5)
            except OSError:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                client.close()
                continue
            session = Session(client, server)
            with self._lock:
                self._sessions.append(session)
                self._open.add(session)
            threading.Thread(target=self._serve, args=(session,), daemon=True).start()

    def _serve(self, session):
        with selectors.DefaultSelector() as selector:
            for side in (session.client, session.server):
                selector.register(side, selectors.EVENT_READ)
            with contextlib.suppress(OSError):
                while not self._closing.is_set() and self._pass_on(session, selector.select(0.5)):
                    pass
        with self._lock:
            self._open.discard(session)
        session.close()

    def _pass_on(self, session, ready):
        for key, _ in ready:
            source = key.fileobj
            data = source.recv(READ if self._rate is None else max(1, min(READ, self._rate // 20)))
            if not data:
                return False
            if source is session.client:
                data, cut = self._see_client(session, data)
                session.server.sendall(data)
                if cut:
                    self.cuts += 1
                    return False
                if self._rate is not None:
                    self._closing.wait(len(data) / self._rate)
            else:
                session.client.sendall(data)
                self._see_broker(session, data)  # afterwards: what the client may know
        return True

    def _see_client(self, session, data):
        """What of it is to go on, and whether the connection ends there."""
        before = session.buffers[session.client]
        buffer, at = before + data, 0
        if not session.header_seen:
            if len(buffer) < PROTOCOL_HEADER:
                session.buffers[session.client] = buffer
                return data, False
            session.header_seen, at = True, PROTOCOL_HEADER
        while (frame := decode(buffer, at)) is not None:
            size, decoded = frame
            with self._lock:
                note_published(session, decoded)
                if self._cut_after is not None and isinstance(decoded, pika.frame.Body):
                    end = at + min(self._cut_after, size - 1)
                    self._cut_after = None
                    return buffer[len(before):max(end, len(before))], True
            at += size
        session.buffers[session.client] = buffer[at:]
        return data, False

    def _see_broker(self, session, data):
        buffer, at = session.buffers[session.server] + data, 0
        while (frame := decode(buffer, at)) is not None:
            size, decoded = frame
            with self._lock:
                note_confirmed(session, decoded)
            at += size
        session.buffers[session.server] = buffer[at:]


def decode(buffer, at):
    """(size, frame) of the frame at that place, or None when it is not there as a whole."""
    if len(buffer) - at < FRAME_HEADER:
        return None
    size = int.from_bytes(buffer[at + 3:at + FRAME_HEADER], "big") + FRAME_HEADER + 1
    if len(buffer) - at < size:
        return None
    return size, pika.frame.decode_frame(buffer[at:at + size])[1]


def note_published(session, frame):
    if isinstance(frame, pika.frame.Method) and isinstance(frame.method, pika.spec.Basic.Publish):
        session.published.append(Publishing(frame.method.routing_key))
    elif isinstance(frame, pika.frame.Header):
        session.published[-1].headers = dict(frame.properties.headers or {})
        session.published[-1].size = frame.body_size
    elif isinstance(frame, pika.frame.Body):
        session.published[-1].body += frame.fragment


def note_confirmed(session, frame):
    if isinstance(frame, pika.frame.Header):  # of a return, the only content that comes
        place = (frame.properties.headers["run_id"], frame.properties.headers["first"], session.returning)
        for publishing in reversed(session.published):
            if (publishing.headers.get("run_id"), publishing.headers.get("first"), publishing.key) == place:
                publishing.returned = True
                break
    if not isinstance(frame, pika.frame.Method):
        return
    if isinstance(frame.method, pika.spec.Basic.Return):
        session.returning = frame.method.routing_key
    if isinstance(frame.method, pika.spec.Basic.Ack):
        tag = frame.method.delivery_tag
        session.confirmed.update(range(session.all_below if frame.method.multiple else tag, tag + 1))
        if frame.method.multiple:
            session.all_below = tag + 1
