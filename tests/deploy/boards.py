# SPDX-License-Identifier: MIT
"""What the provisioned boards ask, read from their JSON as Grafana would."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

GRAFANA = Path(__file__).resolve().parents[2] / "deploy" / "grafana"

# Series that no service of the local stack has, by who has them. All others must be there.
FOREIGN = {
    "the Rust monitoring client": {
        "bitswap_messages_received", "bitswap_blocks_received", "bitswap_block_presences_received",
        "wantlists_received", "wantlist_entries_received"},
    "the size estimator": {
        "monitoring_size_estimator_hypergeom_size_estimate", "monitoring_size_estimator_coupon_size_estimate"},
    "kubo": {"go_goroutines", "go_memstats_heap_inuse_bytes"},
    "node exporter": {"node_cpu_seconds_total"},
}
ALL_FOREIGN = set().union(*FOREIGN.values())

VARIABLES = {"$__rate_interval": "20s", "$instance": ".*", "$monitor": ".*"}
OF_THE_LANGUAGE = {"and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "bool", "offset"}


@dataclass(frozen=True)
class Asked:
    """One query of a panel, with the variables replaced."""
    board: str
    panel: str
    expression: str

    @property
    def names(self):
        """Of the series that it reads."""
        text = re.sub(r"\[[^]]*\]", "", re.sub(r"\{[^}]*\}", "", re.sub(r'"[^"]*"', "", self.expression)))
        text = re.sub(r"\b(by|without|on|ignoring)\s*\([^)]*\)", "", text)
        found = re.findall(r"\b[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()", text)
        return set(found) - OF_THE_LANGUAGE

    def __str__(self):
        return f"{self.board}, {self.panel}: {self.expression}"


def documents():
    return {path.stem: json.loads(path.read_text()) for path in sorted((GRAFANA / "dashboards").glob("*.json"))}


def replaced(expression):
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    if "$" in expression:
        raise AssertionError(f"unknown variable in {expression}")
    return expression


def all_asked():
    return [Asked(board, panel["title"], replaced(target["expr"]))
            for board, document in documents().items()
            for panel in document["panels"] for target in panel.get("targets", [])]


def chosen_from():
    """(board, series, label) of the choices that boards offer."""
    for board, document in documents().items():
        for variable in document["templating"]["list"]:
            if variable["type"] == "query":
                series, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["definition"]).groups()
                yield board, series, label
