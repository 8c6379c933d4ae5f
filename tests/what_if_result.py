"""A small result of `challenge.resources`, as the store keeps it: two pools, half and double, one mixture and one move; numbers by hand."""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from bestvalue.analysis.contract import Figure, Provenance, Result, ResultTable, Statement

SCENARIOS = (
    # name, kind, pools, factor, share of immediate calls, share of support, units, pounds a year
    ("As today", "today", "", 1.0, 0.90, 0.40, 100, 10_000_000.0),
    ("All units x0.5", "scaled", "all", 0.5, 0.70, 0.20, 50, 5_000_000.0),
    ("All units x2", "scaled", "all", 2.0, 0.96, 0.60, 200, 20_000_000.0),
    ("Local units x0.5", "scaled", "local", 0.5, 0.70, 0.40, 60, 6_000_000.0),
    ("Local units x2", "scaled", "local", 2.0, 0.96, 0.40, 180, 18_000_000.0),
    ("Support units x0.5", "scaled", "support", 0.5, 0.90, 0.20, 90, 9_000_000.0),
    ("Support units x2", "scaled", "support", 2.0, 0.90, 0.60, 120, 12_000_000.0),
    ("Local units x0.5 + Support units x2", "together", "local x0.5 + support x2", 1.0, 0.70, 0.60, 80, 8_000_000.0),
    ("2 moved from Dogs to Ash response", "moved", "", 1.0, 0.90, 0.39, 100, 10_000_000.0),
)
HALF_WIDTH = 0.01


def what_if_result(*, failed: bool = False, endless: tuple[str, ...] = ()) -> Result:
    """The result; `endless` names scenarios whose queue has no end, `failed` makes its validation fail."""
    share = Figure(
        name="immediate within target, today",
        value=0.9,
        unit="share",
        base="1,000 simulated incidents in 4 replications of 4 weeks",
        base_count=1000,
        low=0.89,
        high=0.91,
        confidence=0.95,
    )
    first = [Statement(text="The test failed: its figures are not to be relied on.", kind="failed")] if failed else []
    return Result(
        question="What would be the effect of halving or doubling the resources?",
        title="More or fewer units",
        statements=(*first, Statement(text="Nine in ten are reached.", figures=(share,))),
        tables={
            "response": ResultTable(title="Response", rows=pl.DataFrame(_response()), note="4 replications of 4 weeks."),
            "work": ResultTable(title="Work", rows=pl.DataFrame(_work(endless)), note="4 replications of 4 weeks."),
            "areas": ResultTable(title="Areas", rows=pl.DataFrame(_areas()), note="4 replications of 4 weeks."),
        },
        charts={},
        caveats=(),
        provenance=Provenance(
            analysis="challenge.resources",
            analysis_version=1,
            dataset="ab" * 32,
            tables={"incidents": "cd" * 32},
            rows={"incidents": 1000},
            sources={"incidents": "incidents.csv"},
            spec={"seed": 7, "confidence": 0.95, "together": ["local x0.5 + support x2"], "pools": ["all", "local", "support"]},
            synthetic=True,
            engine="local",
            versions={"python": "3.11"},
            started_at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
            duration_seconds=1.0,
        ),
    )


def _response() -> list[dict[str, Any]]:
    rows = []
    for name, kind, pools, factor, urgent, support, *_ in SCENARIOS:
        for grade, share, today in (("every grade", urgent, 0.9), ("immediate", urgent, 0.9), ("support", support, 0.4)):
            width = HALF_WIDTH if share != today else 0.0
            rows.append(
                {
                    "scenario": name,
                    "kind": kind,
                    "pools": pools,
                    "factor": factor,
                    "grade": grade,
                    "within": share,
                    "low": share - HALF_WIDTH,
                    "high": share + HALF_WIDTH,
                    "change": share - today,
                    "change_low": share - today - width,
                    "change_high": share - today + width,
                    "median_minutes": 8.0,
                    "ninetieth_minutes": 15.0,
                    "waited": 0.05,
                    "mean_wait_minutes": 1.5,
                    "reached": 1.0,
                }
            )
    return rows


def _work(endless: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "scenario": name,
            "kind": kind,
            "pools": pools,
            "factor": factor,
            "units": units,
            "hours_below_minimum": 24 if units < 70 else 0,
            "pounds_a_year": pounds,
            "change_pounds": pounds - 10_000_000.0,
            "local_utilisation": 0.4,
            "support_utilisation": 0.1,
            "local_overtime_hours": 10.0 + (100 - units) / 10,
            "support_overtime_hours": 2.0,
            "overtime_change": (100 - units) / 10,
            "overtime_low": (100 - units) / 10 - 1,
            "overtime_high": (100 - units) / 10 + 1,
            "borrowed": 0.02,
            "queue_growth": 12.5 if name in endless else 0.0,
            "steady": name not in endless,
        }
        for name, kind, pools, factor, _, _, units, pounds in SCENARIOS
    ]


def _areas() -> list[dict[str, Any]]:
    """Ash loses where local units are halved, Birch does not change, Cedar gains where support is doubled."""
    rows = []
    for name, *_ in SCENARIOS[1:]:
        for area, change in (
            ("Ash", -0.2 if "All units x0.5" in name or "Local units x0.5" in name else 0.0),
            ("Birch", 0.0),
            ("Cedar", 0.1 if "x2" in name else 0.0),
        ):
            rows += [
                {
                    "scenario": name,
                    "area": area,
                    "grade": grade,
                    "today": 0.8,
                    "then": 0.8 + change,
                    "change": change,
                    "low": change - 0.02,
                    "high": change + 0.02,
                    "ninetieth_today": 15.0 if grade == "immediate" else None,
                    "ninetieth_then": 18.0 if grade == "immediate" else None,
                }
                for grade in ("every grade", "immediate")
            ]
    return rows
