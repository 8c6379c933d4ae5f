"""Forecasting a plan: the record's plans as tables, run through the analysis `delivery.completion`, the result kept."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.conf import settings
from django.utils import timezone

from bestvalue.analysis.registry import find_analysis
from bestvalue.analysis.settings import parse_settings
from bestvalue.analysis.store import StoredResult
from bestvalue.dataset.load import check_folder
from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.changes.response import keep_forecast
from bestvalue.record.delivery.life_cycle import ENDED
from bestvalue.record.delivery.models import Action, ActionDependency, AgreedDate, PlanForecast

ANALYSIS = "delivery.completion"


@dataclass(frozen=True, kw_only=True)
class PlanTables:
    """The record's plans as the tables of the contract.

    Args:
        actions: `plan_actions`.
        dependencies: `plan_dependencies`.
        dates: `plan_dates`.
        left_out: actions without a start, or ended on the day that they started: the tables cannot hold them.
    """

    actions: pl.DataFrame
    dependencies: pl.DataFrame
    dates: pl.DataFrame
    left_out: int


def plan_tables(*, on: date) -> PlanTables:
    """Every plan of the register as it stood on a day: a forecast learns from earlier plans too."""
    standing = list(Action.objects.in_plan_order(on=on).filter(recommendation__statuses__on__lte=on).distinct().prefetch_related("states"))
    rows = {action.pk: row for action in standing if (row := _row(action, on)) is not None}
    needs = ActionDependency.objects.filter(action__in=rows, needs__in=rows).order_by("pk").values_list("action", "needs")
    moves = (
        AgreedDate.objects.filter(action__in=rows, decided_on__lte=on)
        .order_by("decided_on")
        .values_list("action", "decided_on", "date", "cause")
    )
    return PlanTables(
        actions=pl.DataFrame(list(rows.values()), schema=ACTIONS, orient="row"),
        dependencies=pl.DataFrame(
            [(rows[action][0], rows[needed][0]) for action, needed in needs],
            schema={"action_id": pl.String, "needs_action_id": pl.String},
            orient="row",
        ),
        dates=pl.DataFrame([(rows[action][0], decided, to, cause) for action, decided, to, cause in moves], schema=DATES, orient="row"),
        left_out=len(standing) - len(rows),
    )


ACTIONS = {
    "action_id": pl.String,
    "plan_id": pl.String,
    "title": pl.String,
    "lead": pl.String,
    "starts_on": pl.Date,
    "original_end_on": pl.Date,
    "agreed_end_on": pl.Date,
    "state": pl.String,
    "ended_on": pl.Date,
}
DATES = {"action_id": pl.String, "decided_on": pl.Date, "agreed_end_on": pl.Date, "cause": pl.String}
Row = tuple[str, str, str, str, date, date, date, str, date | None]


def _row(action: Action, on: date) -> Row | None:
    ended = None
    if action.state_then in ENDED:
        ended = max(state.on for state in action.states.all() if state.on <= on)
    if action.starts is None or (ended is not None and ended <= action.starts):
        return None
    above = action.recommendation
    return (
        f"{plan_id(above.issuer_id, above.report_slug)}-{action.name}",
        plan_id(above.issuer_id, above.report_slug),
        action.what,
        action.lead.name,
        action.starts,
        action.original_date,
        action.agreed_then,
        action.state_then,
        ended,
    )


def plan_id(issuer: int, report_slug: str) -> str:
    """Name of a plan in the tables: two issuers may have a report of one name."""
    return f"{report_slug}@{issuer}"


def forecast_plan(issuer: Body, *, report_slug: str, on: date, by: Person | None) -> PlanForecast:
    """Forecast when a plan will be complete, keep the result in the workspace's store, and record that it was made.

    Args:
        issuer: of the report that the plan answers.
        report_slug: of that report.
        on: the day that it looks from.
        by: who asks.

    Raises:
        RuleError: no action of the plan can be forecast.
        SpecError: no action of the plan is open.
    """
    tables = plan_tables(on=on)
    wanted = plan_id(issuer.pk, report_slug)
    if tables.actions.filter(pl.col("plan_id") == wanted).is_empty():
        raise RuleError(
            "No action of this plan can be forecast", where=report_slug, next_step="Give its actions the day on which they start."
        )
    stored = _run(tables, plan=wanted, on=on)
    return keep_forecast(
        issuer, report_slug=report_slug, on=timezone.localdate(), result_digest=stored.digest, left_out=tables.left_out, by=by
    )


def _run(tables: PlanTables, *, plan: str, on: date) -> StoredResult:
    workspace = settings.WORKSPACE
    named: Sequence[tuple[str, pl.DataFrame]] = (
        ("plan_actions", tables.actions),
        ("plan_dependencies", tables.dependencies),
        ("plan_dates", tables.dates),
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in named:
            if not rows.is_empty():
                rows.write_csv(Path(folder) / f"{name}.csv")
        report = check_folder(Path(folder), cache=Path(folder) / ".cache", time_zone=workspace.settings.time_zone)
        dataset = workspace.dataset(report)
        try:
            analysis = find_analysis(ANALYSIS)
            stored: StoredResult = workspace.run(
                analysis, parse_settings(analysis.Spec, {"plan": plan, "on": on.isoformat()}), dataset=dataset
            )
        finally:
            dataset.engine.close()
    return stored
