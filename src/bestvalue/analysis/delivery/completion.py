"""Will the plan be done on time? The probability that each open action, and each whole plan, is complete by its agreed date."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, parameter
from bestvalue.analysis.delivery import completion_charts as charts
from bestvalue.analysis.delivery import completion_statements as say
from bestvalue.analysis.delivery.completion_model import FEWEST_COMPLETED, fit_delay, history_on
from bestvalue.analysis.delivery.completion_network import Ends, draw_ends
from bestvalue.analysis.delivery.completion_past import Past, kept_dates, look_back, reliability
from bestvalue.analysis.delivery.completion_plan import Plans, date_of, day_of, read_plans
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


class Spec(AnalysisSpec):
    """Which plan, as of which day."""

    plan: str = parameter("", title="Plan", help="Number of the plan to forecast; every plan with open actions when left empty.")
    on: date | None = parameter(
        None, title="As of", help="The day on which the plans stood as the tables say; the newest day in the tables when left empty."
    )
    draws: int = parameter(
        10_000, title="Draws", help="How many times the plans are run through.", unit="draws", advanced=True, ge=500, le=200_000
    )
    confidence: float = parameter(
        0.9,
        title="Confidence",
        help="Level of the intervals: 0.9 means that 9 in 10 hold.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0.5,
        le=0.99,
    )


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Learn from what was completed, run the open actions through, and judge such forecasts by the past.

    Raises:
        SpecError: there is no such plan, or the day is before anything in the tables.
        TableError: actions wait for one another in a circle.
    """
    progress(0.02, "Reading the plans")
    plans = read_plans(dataset)
    on = _today(plans, spec)
    plans = plans.as_known_on(on) if spec.on is not None else plans
    wanted = _wanted(plans, spec)
    history = history_on(plans, on)
    tables: dict[str, ResultTable] = {"dates": _dates(plans, on)}
    if history.completed < FEWEST_COMPLETED:
        return Answer(statements=(*say.dates_kept(plans, on), say.too_little(history)), tables=tables, caveats=say.CAVEATS)
    past = look_back(plans, on=on, seed=spec.seed, progress=lambda share, doing: progress(0.05 + 0.6 * share, doing))
    chance = np.random.default_rng([spec.seed, 1])
    delay = fit_delay(history, chance=chance, confidence=spec.confidence)
    progress(0.7, "Running the plans through")
    ends = draw_ends(plans, delay, on=on, draws=spec.draws, chance=chance)
    actions, whole = _actions(plans, ends, wanted), _plans(plans, ends, wanted)
    progress(0.95, "Writing the answer")
    return Answer(
        statements=(
            *say.plans(plans, whole, on),
            *say.late(actions),
            *say.deciding(actions),
            say.factor(delay, history),
            *say.dates_kept(plans, on),
            say.calibration(past),
        ),
        tables=_tables(actions, whole, past, spec) | tables,
        charts=_charts(actions, past, spec),
        caveats=say.CAVEATS,
    )


def _today(plans: Plans, spec: Spec) -> float:
    decided = [move[0] for moves in plans.moves for move in moves]
    newest = max([*decided, *plans.ended[~np.isnan(plans.ended)]], default=float(plans.starts.max()))
    if spec.on is None:
        return float(newest)
    if day_of(spec.on) < plans.starts.min():
        raise SpecError(f"Nothing had begun on {spec.on}", where="on", next_step="Give a later day.")
    return day_of(spec.on)


def _wanted(plans: Plans, spec: Spec) -> frozenset[str]:
    names = dict.fromkeys(plans.plan)
    if spec.plan and spec.plan not in names:
        raise SpecError(f"There is no plan {spec.plan!r}", where="plan", next_step=f"Use one of: {', '.join(names)}.")
    still = {plans.plan[place] for place in np.flatnonzero(plans.open)}
    wanted = still & ({spec.plan} if spec.plan else still)
    if not wanted:
        raise SpecError("No action is open, so there is nothing to forecast", where="plan", next_step="Choose a plan with open actions.")
    return frozenset(wanted)


def _actions(plans: Plans, ends: Ends, wanted: frozenset[str]) -> pl.DataFrame:
    """One row for each open action of the wanted plans, least likely to be on time first."""
    half, most = (np.quantile(ends.day, level, axis=1) for level in (0.5, 0.9))
    rows = pl.DataFrame(
        {
            "action": [plans.number[place] for place in ends.open],
            "plan": [plans.plan[place] for place in ends.open],
            "title": [plans.title[place] for place in ends.open],
            "lead": [plans.lead[place] for place in ends.open],
            "original": [date_of(day) for day in plans.original_end[ends.open]],
            "agreed": [date_of(day) for day in plans.agreed_end[ends.open]],
            "probability": ends.by(plans.agreed_end),
            "even_odds": [date_of(day) for day in half],
            "nine_in_ten": [date_of(day) for day in most],
            "decides": ends.decides,
        }
    )
    return rows.filter(pl.col("plan").is_in(list(wanted))).sort("probability", "action")


def _plans(plans: Plans, ends: Ends, wanted: frozenset[str]) -> pl.DataFrame:
    """One row for each wanted plan: when the last of its open actions is complete."""
    rows = []
    for name in sorted(wanted):
        own = np.array([plans.plan[place] == name for place in ends.open])
        last = ends.day[own].max(axis=0)
        agreed = float(plans.agreed_end[ends.open[own]].max())
        in_time = (ends.day[own] < (plans.agreed_end[ends.open[own]] + 1)[:, None]).all(axis=0)
        half, most = np.quantile(last, [0.5, 0.9])
        rows.append(
            (name, int(own.sum()), date_of(agreed), float((last < agreed + 1).mean()), float(in_time.mean()), date_of(half), date_of(most))
        )
    names = ["plan", "open", "last_agreed", "probability", "all_in_time", "even_odds", "nine_in_ten"]
    return pl.DataFrame(rows, schema=names, orient="row")


def _dates(plans: Plans, on: float) -> ResultTable:
    return ResultTable(
        title="Dates set at approval that have passed",
        rows=kept_dates(plans, on=on),
        units={"due": "actions", "kept": "actions"},
        note="Kept: accepted as complete on the day or before it. By the year in which the date fell.",
    )


def _tables(actions: pl.DataFrame, whole: pl.DataFrame, past: Past, spec: Spec) -> dict[str, ResultTable]:
    labels = {
        "probability": "probability by the agreed date",
        "even_odds": "even odds by",
        "nine_in_ten": "nine in ten by",
        "decides": "how often it decides the plan's end",
        "last_agreed": "last agreed date",
        "all_in_time": "probability that every action keeps its own date",
        "open": "open actions",
    }
    shares = dict.fromkeys(("probability", "decides", "all_in_time", "said", "came", "low", "high", "from", "to"), "share")
    note = f"{spec.draws:,} draws."
    tables = {
        "plans": ResultTable(title="Plans with open actions", rows=whole, labels=labels, units=shares | {"open": "actions"}, note=note),
        "actions": ResultTable(title="Open actions, least likely first", rows=actions, labels=labels, units=shares, note=note),
    }
    if past.enough:
        tables["reliability"] = ResultTable(
            title="What was said against what came",
            rows=reliability(past, confidence=spec.confidence),
            units=shares | {"forecasts": "forecasts"},
            note=f"{len(past.said):,} forecasts made from {past.days} earlier days. Intervals at {spec.confidence:.0%}.",
        )
    return tables


def _charts(actions: pl.DataFrame, past: Past, spec: Spec) -> Mapping[str, Chart]:
    drawn = {"actions": charts.actions(actions)}
    if past.enough:
        drawn["reliability"] = charts.reliability(reliability(past, confidence=spec.confidence))
    return drawn


ANALYSIS = Analysis(
    name="delivery.completion",
    title="Completion of the plan",
    question="Will the agreed actions be complete by their agreed dates, and if not, when?",
    needs=("plan_actions",),
    uses=("plan_dependencies", "plan_dates"),
    Spec=Spec,
    answer=answer,
)
