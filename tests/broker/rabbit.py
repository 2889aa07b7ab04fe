# SPDX-License-Identifier: MIT
"""A RabbitMQ of the tests' own: all its files in one folder, all its ports free ones of loopback."""

import contextlib
import os
import signal
import socket
import subprocess
from pathlib import Path

from ports import free_port
from program import Failure, die_with_parent, wait_until

BIN = Path("/usr/lib/rabbitmq/bin")
START_PATIENCE = 60.0


def listens(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


class Rabbit:
    """One broker, which may be stopped, killed, suspended and started again on the same port. What it
    holds goes with it, as the exchange and queues of the contract do."""

    def __init__(self, folder, lines=(), tls=None):
        if not (BIN / "rabbitmq-server").exists():
            raise Failure("rabbitmq-server is not installed: ./test does that")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.port, self.tls_port = free_port(), free_port() if tls else None
        self._ports = {"epmd": free_port(), "dist": free_port()}
        self._lines = [f"listeners.tcp.1 = 127.0.0.1:{self.port}", "log.file = false", "log.console = true",
                       "disk_free_limit.absolute = 1MB", *lines]
        if tls:
            self._lines += [f"listeners.ssl.1 = 127.0.0.1:{self.tls_port}",
                            *(f"ssl_options.{key} = {value}" for key, value in tls.items())]
        self._log = open(self.folder / "rabbit.log", "ab")
        self._epmd = self._spawn(["epmd", "-port", str(self._ports["epmd"]), "-address", "127.0.0.1"])
        self._server = None
        self._suspended = False
        self._write_files()

    def _write_files(self):
        (self.folder / "rabbitmq.conf").write_text("\n".join(self._lines) + "\n")
        (self.folder / "plugins").write_text("[].\n")
        (self.folder / "env.conf").write_text("")  # in place of the system's

    @property
    def _environment(self):
        # No busy waiting between messages: other tests run beside it.
        quiet = "+S 2 +sbwt none +sbwtdcpu none +sbwtdio none"
        return {**os.environ,
                "HOME": str(self.folder),
                "ERL_EPMD_PORT": str(self._ports["epmd"]),
                "ERL_EPMD_ADDRESS": "127.0.0.1",
                "RABBITMQ_NODENAME": f"mexport-{self.port}@localhost",
                "RABBITMQ_DIST_PORT": str(self._ports["dist"]),
                "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env.conf"),
                "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
                "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
                "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
                "RABBITMQ_LOG_BASE": str(self.folder / "log"),
                "RABBITMQ_ALLOW_INPUT": "1",  # the script becomes the server, and dies with us
                "RABBITMQ_PID_FILE": str(self.folder / "pid"),
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {quiet}",
                "RABBITMQ_CTL_ERL_ARGS": "+S 1 -kernel inet_dist_use_interface {127,0,0,1}"}

    def _spawn(self, command):
        return subprocess.Popen(command, env=self._environment, stdin=subprocess.DEVNULL, stdout=self._log,
                                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=die_with_parent)

    def start(self):
        """Returns once it takes connections."""
        self._server = self._spawn([BIN / "rabbitmq-server", "-noinput"])
        wait_until("port of the broker", self._is_up, START_PATIENCE, pause=0.2)
        return self

    def ensure_up(self):
        """As a scenario wants to find it."""
        if self._server is None:
            self.start()

    def _is_up(self):
        if self._server.poll() is not None:
            raise self._failure(f"did not start: {self._server.returncode}")
        return listens(self.port) and (self.tls_port is None or listens(self.tls_port))

    def _failure(self, text):
        tail = (self.folder / "rabbit.log").read_bytes()[-3000:].decode(errors="replace")
        return Failure(f"RabbitMQ {text}; its log ends:\n{tail}")

    def stop(self):
        """As an administrator would."""
        self._end(signal.SIGTERM)

    def kill(self):
        self._end(signal.SIGKILL)

    def _end(self, how):
        self.resume()
        self._server.send_signal(how)
        try:
            self._server.wait(START_PATIENCE)
        except subprocess.TimeoutExpired:
            raise self._failure("did not end") from None
        self._server = None

    def suspend(self):
        self._server.send_signal(signal.SIGSTOP)
        self._suspended = True

    def resume(self):
        if self._suspended:
            self._server.send_signal(signal.SIGCONT)
            self._suspended = False

    def ctl(self, *arguments):
        """The stdout of a rabbitmqctl that must succeed."""
        done = subprocess.run([BIN / "rabbitmqctl", "--quiet", *arguments], env=self._environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=START_PATIENCE)
        if done.returncode != 0:
            raise self._failure(f"ctl {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return done.stdout

    def raise_alarm(self):
        """Blocks everyone who publishes."""
        self.ctl("set_vm_memory_high_watermark", "absolute", "1MB")

    def clear_alarm(self):
        self.ctl("set_vm_memory_high_watermark", "0.4")

    def close(self):
        """Ends what still runs. What the server forked is of its session."""
        self.resume()
        for process in (self._server, self._epmd):
            if process is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._server = self._epmd = None
        self._log.close()

    def address(self, user="guest", password="guest", port=None, scheme="amqp", host="127.0.0.1", vhost=""):
        return f"{scheme}://{user}:{password}@{host}:{port or self.port}/{vhost}"
