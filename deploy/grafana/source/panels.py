# SPDX-License-Identifier: MIT
"""The few forms of panel that the boards are made of, and how they are laid out."""

from dataclasses import dataclass, field

WIDTH = 24  # columns of Grafana's grid
HEIGHT = 8
DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
SCHEMA_VERSION = 37  # Grafana 9.3


@dataclass(frozen=True)
class Query:
    expression: str
    legend: str = ""
    at_once: bool = False  # a value of now, not a series


@dataclass(frozen=True)
class Panel:
    title: str
    queries: tuple
    kind: str = "timeseries"
    unit: str = "short"
    width: int = WIDTH // 2
    about: str = ""
    stacked: bool = False


@dataclass(frozen=True)
class Row:
    title: str
    panels: tuple


@dataclass(frozen=True)
class Board:
    uid: str
    title: str
    about: str
    rows: tuple
    variables: tuple = ()
    tags: tuple = field(default=("mexport",))


def graph(title, *queries, unit="short", width=WIDTH // 2, about="", stacked=False):
    return Panel(title, tuple(queries), "timeseries", unit, width, about, stacked)


def number(title, *queries, unit="short", width=WIDTH // 6, about=""):
    """The last value of each series."""
    return Panel(title, tuple(queries), "stat", unit, width, about)


def bars(title, query, unit="short", width=WIDTH // 2, about=""):
    """What is greatest now, one bar a series."""
    return Panel(title, (Query(query.expression, query.legend, at_once=True),), "bargauge", unit, width, about)


def label_values(name, label, series, multiple=True):
    """A choice of the board: `$name` stands for values of a label."""
    query = f"label_values({series}, {label})"
    return {"name": name, "label": label, "type": "query", "datasource": DATASOURCE, "definition": query,
            "query": {"query": query, "refId": name}, "refresh": 2, "sort": 1, "multi": multiple,
            "includeAll": multiple, "allValue": ".*" if multiple else None, "hide": 0,
            "current": {"selected": True, "text": ["All"], "value": ["$__all"]} if multiple else {}}


SOURCE_VARIABLE = {"name": "datasource", "label": "source", "type": "datasource", "query": "prometheus", "refresh": 1,
                   "multi": False, "includeAll": False, "hide": 0, "current": {}}


def target(query, index):
    return {"refId": chr(ord("A") + index), "datasource": DATASOURCE, "expr": query.expression,
            "legendFormat": query.legend or "__auto", "editorMode": "code", "instant": query.at_once,
            "range": not query.at_once}


def options(panel):
    if panel.kind == "timeseries":
        return {"legend": {"displayMode": "table", "placement": "right", "calcs": ["lastNotNull", "max"], "showLegend": True},
                "tooltip": {"mode": "multi", "sort": "desc"}}
    shown = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
    if panel.kind == "bargauge":
        return {**shown, "displayMode": "basic", "orientation": "horizontal", "showUnfilled": True}
    return {**shown, "colorMode": "value", "graphMode": "area", "justifyMode": "auto", "textMode": "auto"}


def custom(panel):
    if panel.kind != "timeseries":
        return {}
    mode = "normal" if panel.stacked else "none"
    return {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 25 if panel.stacked else 5, "showPoints": "never",
            "stacking": {"mode": mode, "group": "A"}}


def panel_json(panel, number_, place):
    return {"id": number_, "type": panel.kind, "title": panel.title, "description": panel.about,
            "datasource": DATASOURCE, "gridPos": place, "options": options(panel),
            "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "custom": custom(panel),
                                         "color": {"mode": "palette-classic"}}, "overrides": []},
            "targets": [target(query, index) for index, query in enumerate(panel.queries)]}


def laid_out(rows):
    """The panels of all rows in Grafana's form, from left to right and top to bottom."""
    made, y = [], 0
    for row in rows:
        made.append({"id": len(made) + 1, "type": "row", "title": row.title, "collapsed": False, "panels": [],
                     "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1}})
        x, y, used = 0, y + 1, 0
        for panel in row.panels:
            height = HEIGHT // 2 if panel.kind == "stat" else HEIGHT
            if x + panel.width > WIDTH:
                x, y, used = 0, y + used, 0
            made.append(panel_json(panel, len(made) + 1, {"x": x, "y": y, "w": panel.width, "h": height}))
            x, used = x + panel.width, max(used, height)
        y += used
    return made


def board_json(board):
    return {"uid": board.uid, "title": board.title, "description": board.about, "tags": list(board.tags),
            "schemaVersion": SCHEMA_VERSION, "version": 1, "editable": True, "timezone": "utc", "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"}, "graphTooltip": 1, "annotations": {"list": []}, "links": [],
            "templating": {"list": [SOURCE_VARIABLE, *board.variables]}, "panels": laid_out(board.rows)}
