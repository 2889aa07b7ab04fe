# SPDX-License-Identifier: MIT
"""init, id, config show, config check."""

import fcntl
import json
import os
import stat

from support import CliTest


class Config(CliTest):
    def config(self):
        return json.loads((self.data / "config").read_text())

    def test_init_makes_a_private_directory_with_an_identity(self):
        text = self.check("init")
        self.assertIn(str(self.data), text)
        self.assertIn(self.config()["Identity"]["PeerID"], text)
        self.assertEqual(stat.S_IMODE(os.stat(self.data).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(self.data / "config").st_mode), 0o600)

    def test_init_does_not_touch_what_is_there(self):
        self.check("init")
        before = self.config()
        self.assertIn(str(self.data / "config"), self.refused("init"))
        self.assertEqual(self.config(), before)

    def test_data_dir_beats_the_environment(self):
        other = self.root / "other"
        self.check("init", "--data-dir", other)
        self.assertTrue((other / "config").exists())
        self.assertFalse(self.data.exists())

    def test_id_prints_the_peer_id_alone(self):
        self.check("init")
        self.assertEqual(self.check("id"), self.config()["Identity"]["PeerID"] + "\n")

    def test_id_without_an_identity_makes_none(self):
        self.assertIn("identity", self.refused("id"))
        self.assertFalse(self.data.exists())

    def test_a_config_without_identity_uses_the_data_directorys(self):
        self.check("init")
        file = self.root / "mine.json"
        file.write_text('{"Addresses":{"Swarm":["/ip4/127.0.0.1/tcp/1"]}}')
        self.assertEqual(self.check("id", "--config", file), self.check("id"))
        shown = json.loads(self.check("config", "show", "--config", file))
        self.assertEqual(shown["Identity"]["PeerID"], self.config()["Identity"]["PeerID"])
        self.assertEqual(shown["Addresses"]["Swarm"], ["/ip4/127.0.0.1/tcp/1"])

    def test_show_hides_secrets(self):
        self.check("init")
        self.configure(Plugins={"Plugins": {"metric-export-plugin": {"Config": {
            "AMQPServerAddress": "amqp://me:sesame@localhost:5672"}}}})
        text = self.check("config", "show")
        self.assertNotIn(self.config()["Identity"]["PrivKey"], text)
        self.assertNotIn("sesame", text)

    def test_command_line_beats_file_beats_default(self):
        self.check("init")
        monitor = lambda *arguments: json.loads(self.check("config", "show", *arguments))[
            "Plugins"]["Plugins"]["metric-export-plugin"]["Config"]
        self.configure(Plugins={"Plugins": {"metric-export-plugin": {"Config": {"MonitorName": "from-file"}}}})
        self.assertEqual(monitor()["MonitorName"], "from-file")
        self.assertEqual(monitor("--monitor-name", "from-line")["MonitorName"], "from-line")
        self.assertEqual(monitor()["AgentVersionCutOff"], 20)
        self.assertEqual(monitor("--trace-dir", "/somewhere")["Traces"]["Directory"], "/somewhere")

    def test_lists_of_options_take_one_value_each_time(self):
        shown = json.loads(self.check("config", "show", "--listen", "/ip4/127.0.0.1/tcp/1",
                                      "--listen", "/ip6/::1/tcp/2"))
        self.assertEqual(shown["Addresses"]["Swarm"], ["/ip4/127.0.0.1/tcp/1", "/ip6/::1/tcp/2"])

    def test_check_says_everything_at_once(self):
        file = self.root / "bad.json"
        file.write_text('{"Mexport":{"Shards":"x","Surprise":1},"Addresses":{"Swarm":["nowhere"]}}')
        done = self.mexport("config", "check", file)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(len(done.stderr.splitlines()), 3, done.stderr)
        for name in ["Mexport.Shards", "Mexport.Surprise", "Addresses.Swarm[0]"]:
            self.assertIn(name, done.stderr)

    def test_check_of_a_good_file(self):
        file = self.root / "good.json"
        file.write_text("{}")
        self.assertEqual(self.check("config", "check", file), f"{file} is fine\n")
        self.assertIn("defaults", self.check("config", "check"))

    def test_check_warns_of_what_cannot_be_done(self):
        file = self.root / "quic.json"
        file.write_text('{"Addresses":{"Swarm":["/ip4/127.0.0.1/tcp/1","/ip4/127.0.0.1/udp/1/quic-v1"]}}')
        done = self.mexport("config", "check", file)
        self.assertEqual(done.returncode, 0)
        self.assertIn("quic-v1", done.stderr)

    def test_check_of_a_file_that_is_not_there(self):
        self.assertIn("/nowhere/config", self.refused("config", "check", "/nowhere/config"))


class FromKubo(CliTest):
    """A repo as kubo leaves it; its identity is one of ours."""

    def setUp(self):
        super().setUp()
        self.repo = self.root / "ipfs"
        self.check("init", "--data-dir", self.repo)
        self.repo_config = json.loads((self.repo / "config").read_text())
        self.repo_config["Addresses"]["Swarm"] = ["/ip4/0.0.0.0/tcp/4001", "/ip4/0.0.0.0/udp/4001/quic-v1"]
        self.repo_config["Datastore"] = {"StorageMax": "10GB"}
        (self.repo / "config").write_text(json.dumps(self.repo_config))

    def test_takes_over_identity_and_addresses(self):
        done = self.mexport("init", "--from-kubo", self.repo)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("QUIC", done.stderr)
        ours = json.loads((self.data / "config").read_text())
        self.assertEqual(ours["Identity"], self.repo_config["Identity"])
        self.assertEqual(ours["Addresses"]["Swarm"], self.repo_config["Addresses"]["Swarm"])
        self.assertNotIn("Datastore", ours)

    def test_refuses_while_a_daemon_has_the_repo(self):
        with open(self.repo / "repo.lock", "w") as lock:
            fcntl.lockf(lock, fcntl.LOCK_EX)
            line = self.refused("init", "--from-kubo", self.repo)
        self.assertIn(str(self.repo), line)
        self.assertFalse(self.data.exists())

    def test_refuses_what_is_no_repo(self):
        self.assertIn(str(self.root), self.refused("init", "--from-kubo", self.root))
        self.assertFalse(self.data.exists())
