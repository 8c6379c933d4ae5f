"""Small stored results about money, as pages read them: a costing that adds up, an appraisal, offers, and savings."""

from datetime import UTC, datetime

import polars as pl

from bestvalue.analysis.contract import Chart, Figure, Provenance, Result, ResultTable, Statement
from bestvalue.workspace import Workspace

LINES = [
    ("response", "attending", "Local policing", "Hackney response (CC-1)", "direct", "officer pay", 600_001),
    ("response", "attending", "Local policing", "Hackney response (CC-1)", "business support", "from Finance (CC-9)", 50_000),
    ("response", "attending", "Local policing", "Barnet response (CC-2)", "direct", "officer pay", 299_999),
    ("patrol", "visible patrol", "Local policing", "Barnet response (CC-2)", "direct", "overtime", 70_000),
    ("income", "income", "Local policing", "Barnet response (CC-2)", "income", "income", -20_000),
]
BY = ("service", "activity", "objective", "cost_centre", "layer", "line", "pence")
LEDGER_PENCE = 1_000_000
"""Held apart from the lines, as the reconciliation of a costing holds it."""


def keep_costing(workspace: Workspace) -> str:
    """Keep a costing of £10,000; its digest."""
    lines = pl.DataFrame(LINES, schema=list(BY), orient="row")
    ledger = pl.DataFrame(
        [
            ("ledger", "Ledger, net of income", LEDGER_PENCE),
            ("income", "Income", -20_000),
            ("ledger", "Cost to be allocated", LEDGER_PENCE + 20_000),
            ("to activities", "To activities: direct", LEDGER_PENCE + 20_000),
        ],
        schema=["step", "line", "pence"],
        orient="row",
    )
    flows = pl.DataFrame({"stage": ["resources to activities"], "source": ["Local policing"], "target": ["attending"], "pounds": [9500.0]})
    tables = {
        "lines": ResultTable(title="Every line", rows=lines, units={"pence": "pence"}),
        "reconciliation": ResultTable(title="Reconciliation", rows=ledger, units={"pence": "pence"}),
        "flows": ResultTable(title="Flows", rows=flows, units={"pounds": "pounds"}),
    }
    charts = {name: _chart(name, table) for name, table in (("waterfall", "reconciliation"), ("flows", "flows"), ("activities", "flows"))}
    return _keep(workspace, "compete.costing", "Costing", tables, charts)


def keep_appraisal(workspace: Workspace, *, confidence: float = 0.9) -> str:
    """Keep an appraisal of two options for dogs; its digest."""
    options = pl.DataFrame(
        {
            "service": ["dogs", "dogs"],
            "option": ["Keep", "Buy"],
            "kind": ["keep", "outsource"],
            "npsv_pounds": [0.0, 6_153_284.0],
            "low_pounds": [0.0, 1_884_322.0],
            "high_pounds": [0.0, 10_933_162.0],
            "better_share": [0.0, 0.991],
            "benefit_cost_ratio": [None, 13.3],
        }
    )
    effects = pl.DataFrame({"service": ["dogs"], "option": ["Buy"], "effect": ["Less say over training"], "direction": ["worse"]})
    criteria = pl.DataFrame(
        {"service": ["dogs"] * 2, "option": ["Keep", "Buy"], "criterion": ["all, weighted"] * 2, "weight": [1.0] * 2, "score": [63.0, 40.8]}
    )
    tables = {
        "options": ResultTable(title="Options", rows=options, units={"npsv_pounds": "pounds", "better_share": "share"}),
        "effects": ResultTable(title="Effects", rows=effects),
        "criteria": ResultTable(title="Scores", rows=criteria),
    }
    return _keep(workspace, "compete.appraisal", "Appraisal", tables, {"options": _chart("options", "options")}, confidence=confidence)


def keep_offers(workspace: Workspace, *, evidence: int | None = None) -> str:
    """Keep the offer of one company, which may cite an item of evidence; its digest."""
    prices = pl.DataFrame(
        {
            "service": ["dogs"],
            "provider": ["company B"],
            "provider_kind": ["market"],
            "whole_hour_pounds": [55.78],
            "evidence": [None if evidence is None else str(evidence)],
        },
        schema_overrides={"evidence": pl.String},
    )
    tables = {"prices": ResultTable(title="Prices", rows=prices, units={"whole_hour_pounds": "pounds", "evidence": "evidence item"})}
    return _keep(workspace, "compete.competition", "Offers", tables, {"prices": _chart("prices", "prices")})


def keep_savings(workspace: Workspace) -> str:
    """Keep one saving; its digest."""
    rows = pl.DataFrame({"saving_id": ["SV-1"], "counted_pounds": [927_000.0]})
    return _keep(workspace, "compete.savings", "Savings", {"savings": ResultTable(title="Savings", rows=rows)}, {})


def _chart(name: str, table: str) -> Chart:
    spec = {"data": {"values": [{"x": 1}]}, "mark": "bar", "encoding": {"x": {"field": "x", "type": "quantitative"}}}
    return Chart(title=f"Picture of {name}", spec=spec, alt=f"One bar of {name}.", table=table)


def _keep(
    workspace: Workspace, analysis: str, title: str, tables: dict[str, ResultTable], charts: dict[str, Chart], *, confidence: float = 0.95
) -> str:
    figure = Figure(name="cost", value=10_000.0, unit="pounds", base="5 lines of the ledger")
    made = Provenance(
        analysis=analysis,
        analysis_version=2,
        dataset="d" * 64,
        tables={},
        rows={},
        sources={},
        spec={"seed": 1, "confidence": confidence},
        synthetic=True,
        engine="local",
        versions={},
        started_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        duration_seconds=1.0,
    )
    result = Result(
        question=f"What does {title.lower()} say?",
        title=title,
        statements=(Statement(text=f"{title}: £10,000.", figures=(figure,)),),
        tables=tables,
        charts=charts,
        caveats=(),
        provenance=made,
    )
    return workspace.store.put(result).digest
