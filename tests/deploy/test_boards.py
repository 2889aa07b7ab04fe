#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The boards as files: what Grafana would make of them."""

import subprocess
import unittest

from boards import GRAFANA, documents


class Boards(unittest.TestCase):
    def test_json_is_what_its_source_gives(self):
        done = subprocess.run([GRAFANA / "generate", "--check"], text=True, capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_panels_neither_overlap_nor_share_an_id(self):
        for name, document in documents().items():
            taken = set()
            for panel in document["panels"]:
                place = panel["gridPos"]
                cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                         for y in range(place["y"], place["y"] + place["h"])}
                with self.subTest(board=name, panel=panel["title"]):
                    self.assertLessEqual(place["x"] + place["w"], 24)
                    self.assertFalse(cells & taken)
                taken |= cells
            ids = [panel["id"] for panel in document["panels"]]
            self.assertEqual(len(ids), len(set(ids)))

    def test_boards_have_uids_of_their_own(self):
        uids = [document["uid"] for document in documents().values()]
        self.assertEqual(len(uids), len(set(uids)))


if __name__ == "__main__":
    unittest.main()
