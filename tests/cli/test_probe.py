# SPDX-License-Identifier: MIT
"""probe: one node asks another, and what may go wrong on the way there."""

import csv
import io
import json
import os
import pty
import re
import signal
import socket
import subprocess
import threading

from support import MEXPORT, PATIENCE, CliTest, Node, wait_for

HELLO = "bafkreicysg23kiwv34eg2d7qweipxwosdo2py4ldv42nbauguluen5v6am"  # of "hello\n"
ABSENT = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"


def section(**config):
    return {"Plugins": {"Plugins": {"metric-export-plugin": {"Config": config}}}}


class Probe(CliTest):
    def asking(self, *arguments, **config):
        """A node that may ask, and the options that name it."""
        self.check("init")
        self.configure(**section(EnableBitswapDiscoveryProbe=True, **config))
        node = self.node(*arguments)
        self.at = ["--api", node.api[0].removeprefix("http://"), "--cancel-after", "1"]
        return node

    def asked(self, asking):
        """A node with a block, connected to that one for more than a second; returns its peer id."""
        own = {**self.env, "MEXPORT_PATH": str(self.root / "other")}
        subprocess.run([MEXPORT, "init"], env=own, check=True, capture_output=True, timeout=PATIENCE)
        subprocess.run([MEXPORT, "block", "put", "-"], env=own, input=b"hello\n", check=True, capture_output=True,
                       timeout=PATIENCE)
        path = self.root / "other" / "config"
        path.write_text(json.dumps({**json.loads(path.read_text()), "Bootstrap": []}))
        mine, self.env = self.env, own
        try:
            node = Node(self, "--listen", "/ip4/127.0.0.1/tcp/0", "--monitor-name", "other",
                        "--peer", asking.listening[0])
        finally:
            self.env = mine
        peer = node.listening[0].rsplit("/", 1)[1]
        wait_for(lambda: "1 peers asked" in self.check("probe", *self.at, "--peer", peer, ABSENT), "a peer to ask")
        return peer

    def fails(self, *arguments):
        """Runs it so that it ends with 1 and one line; returns that line."""
        done = self.mexport("probe", *arguments)
        self.assertEqual(done.returncode, 1, done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        return done.stderr

    def test_who_has_it_is_told_in_three_forms(self):
        peer = self.asked(self.asking())
        text = self.check("probe", *self.at, HELLO, ABSENT, HELLO)
        have, *words = text.splitlines()
        self.assertRegex(have, rf"\Ahave +\d+ ms  {peer}  {HELLO}\Z")
        self.assertEqual(words[0], "1 peers asked: 0 failed, 0 silent")
        self.assertRegex(words[1], rf"\A{HELLO}: have 1, dont_have 0, blocks 0, the first after \d+ ms\Z")
        self.assertEqual(words[2:], [f"{ABSENT}: have 0, dont_have 1, blocks 0"])
        self.assertIn("dont_have", self.check("probe", *self.at, "-v", ABSENT).splitlines()[0])

        done = self.mexport("probe", *self.at, "--csv", HELLO, ABSENT)
        rows = {row["cid"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
        self.assertEqual({cid: (row["peer"], row["answer"], row["error"]) for cid, row in rows.items()},
                         {HELLO: (peer, "have", ""), ABSENT: (peer, "dont_have", "")})
        self.assertIn("1 peers asked", done.stderr)

        *lines, last = [json.loads(line) for line in self.check("probe", *self.at, "--json", HELLO).splitlines()]
        self.assertEqual([(line["peer"], line["answer"]) for line in lines], [(peer, "have")])
        self.assertEqual(last["summary"]["peers_asked"], 1)

    def test_lists_and_filters_go_with_it(self):
        peer = self.asked(self.asking())
        listed = self.root / "cids"
        listed.write_text(f"# ours\n\n {HELLO} \n")
        self.assertIn("have 1", self.check("probe", *self.at, "--file", listed, "--peer", peer, "--agent", "mexport"))
        done = subprocess.run([MEXPORT, "probe", *self.at, "-", ABSENT], env=self.env, input=HELLO, text=True,
                              capture_output=True, timeout=PATIENCE)
        self.assertEqual(len(done.stdout.splitlines()), 4, done)
        self.assertIn("0 peers asked", self.check("probe", *self.at, "--agent", "nothing like it", HELLO))

    def test_the_configuration_says_where_the_node_is(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.asking("--api", address, HTTPServerConfig={"ListenAddresses": [address]})
        self.assertIn("0 peers asked", self.check("probe", "--cancel-after", "1", ABSENT))

    def test_wrong_usage_is_named_before_anything_is_sent(self):
        nowhere = ["--api", "127.0.0.1:1"]
        self.assertIn("bafknot is no CID", self.refused("probe", *nowhere, HELLO, "bafknot"))
        self.assertIn("no CID to ask for", self.refused("probe", *nowhere))
        self.assertIn("No such file", self.refused("probe", *nowhere, "--file", self.root / "missing"))
        self.assertIn("nobody", self.refused("probe", *nowhere, "--peer", "nobody", HELLO))
        self.assertIn("--cancel-after", self.refused("probe", *nowhere, "--cancel-after", "0", HELLO))
        self.assertIn("--json", self.refused("probe", *nowhere, "--json", "--csv", HELLO))
        self.assertIn("--token-file", self.refused("probe", *nowhere, "--token-file", self.root / "missing", HELLO))
        self.assertIn("--api", self.refused("probe", "--api", "localhost:0", HELLO))
        self.assertIn("--api", self.refused("probe", "--api", "localhost", HELLO))
        self.assertFalse(self.data.exists())

    def test_refusals_say_what_helps(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))  # and does not listen
            address = f"127.0.0.1:{bound.getsockname()[1]}"
            line = self.fails("--api", address, HELLO)
        self.assertIn(address, line)
        self.assertIn("mexport run", line)
        node = self.node()
        self.assertIn("EnableBitswapDiscoveryProbe",
                      self.fails("--api", node.api[0].removeprefix("http://"), HELLO))
        node.stop()
        self.configure(**section(EnableBitswapDiscoveryProbe=True, Probe={"MaxWaitBeforeCancel": "5s"}))
        node = self.node()
        at = ["--api", node.api[0].removeprefix("http://")]
        self.assertIn("5 at most", self.fails(*at, "--cancel-after", "6", HELLO))

    def test_the_token_is_shown(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        seen = []

        def serve():
            for _ in range(2):
                client, _ = listener.accept()
                with client:
                    request = client.recv(65536).decode()
                    seen.append(re.findall(r"Authorization: (.*)\r\n", request))
                    body = b'{"error":"a bearer token is needed"}'
                    client.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        self.addCleanup(thread.join, PATIENCE)
        at = ["--api", f"127.0.0.1:{listener.getsockname()[1]}"]
        path = self.root / "token"
        path.write_text("t" * 16 + "\n")
        self.assertIn("--token-file", self.fails(*at, HELLO))
        self.fails(*at, "--token-file", path, HELLO)
        self.assertEqual(seen, [[], ["Bearer " + "t" * 16]])

    def test_an_interruption_gives_the_request_up(self):
        node = self.asking()
        self.asked(node)
        at = [*self.at[:2], "--cancel-after", "60"]
        process = subprocess.Popen([MEXPORT, "probe", *at, HELLO], env=self.env, text=True, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertTrue(process.stdout.readline().startswith("have"))
        process.send_signal(signal.SIGINT)
        _, log = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 130, log)
        self.assertIn("interrupted", log)

    def test_a_node_that_stops_ends_it(self):
        node = self.asking()
        self.asked(node)
        at = [*self.at[:2], "--cancel-after", "60"]
        process = subprocess.Popen([MEXPORT, "probe", *at, "--json", HELLO], env=self.env, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertIn("have", process.stdout.readline())
        node.stop()
        _, log = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 1, log)
        self.assertIn("stopped", log)

    def test_a_terminal_shows_how_far_it_is_and_a_pipe_does_not(self):
        self.asking()
        master, slave = pty.openpty()
        process = subprocess.Popen([MEXPORT, "probe", *self.at[:2], "--cancel-after", "2", ABSENT],
                                   env={**self.env, "TERM": "xterm"}, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=slave)
        os.close(slave)
        out, _ = process.communicate(timeout=PATIENCE)
        drawn = os.read(master, 65536).decode()
        os.close(master)
        self.assertEqual(process.returncode, 0, drawn)
        self.assertRegex(drawn, r"\[[#.]{20}\] \d s left  answers 0  have 0  failed 0")
        self.assertTrue(drawn.endswith("\r\x1b[K"), "the line was not removed")
        self.assertNotIn(b"\x1b", out)
        self.assertNotIn("\x1b", self.mexport("probe", *self.at, ABSENT).stderr)
