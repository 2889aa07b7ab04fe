# SPDX-License-Identifier: MIT
"""Rows with their results, for people and for programs."""


def fields(row, result):
    target = row.target if result.target is None else result.target
    met = result.figure >= target if row.more_is_better else result.figure <= target
    return {
        "name": row.name,
        "what": row.what,
        "unit": row.unit,
        "figure": round(result.figure, 4),
        "target": round(target, 4),
        "met": met,
        "reference": row.reference,
        "times_better": round(row.reference_value / result.figure, 2)
        if row.reference_value and result.figure > 0 else None,
        "floor": None if result.floor is None else round(result.floor, 4),
        "times_floor": round(result.figure / result.floor, 2) if result.floor else None,
        "note": result.note,
    }


def number(value):
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def cells(entry, more_is_better):
    limit = "≥" if more_is_better else "≤"
    times = entry["times_better"]
    return [
        entry["what"],
        f"{number(entry['figure'])} {entry['unit']}",
        f"{limit} {number(entry['target'])}" + ("" if entry["met"] else " (missed)"),
        entry["reference"] + (f" ({number(times)} ×)" if times else ""),
        number(entry["floor"]) + (f" ({number(entry['times_floor'])} ×)" if entry["floor"] else ""),
        entry["note"],
    ]


HEAD = ["what", "figure", "target", "kubo 0.43 / reference", "floor", ""]


def line(values):
    return "| " + " | ".join(values) + " |"


def head():
    return [line(HEAD), line(["---"] * len(HEAD))]
