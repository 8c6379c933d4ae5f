"""Is an indicator changing, did it step, and is its last value a signal or noise?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from bestvalue.analysis.compare import trend_statements as say
from bestvalue.analysis.compare.asked import CompareSpec
from bestvalue.analysis.compare.series import FEWEST_FOR_LIMITS, Series, make_series
from bestvalue.analysis.compare.steps import FEWEST_POINTS, Step
from bestvalue.analysis.compare.trend_charts import control_charts
from bestvalue.analysis.compare.values import Panel, read_panel
from bestvalue.analysis.contract import Analysis, Answer, Progress, ResultTable, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

OTHERS_AT = 0.05
"""Among all the series of other forces, at most this chance of one false step."""


class Spec(CompareSpec):
    """Whose series, and what counts as a step."""

    significance: float = parameter(
        0.01,
        title="Significance of a step",
        help="The largest chance of so large a step in noise that still counts as a step.",
        unit="share (0 to 1)",
        advanced=True,
        gt=0,
        le=0.2,
    )
    other_forces: bool = parameter(default=True, title="Other forces", help="Look for steps in the other forces' series as well.")


@dataclass(frozen=True, kw_only=True)
class OtherStep:
    """A step in another force's series; p after Holm's correction for how many series were looked at."""

    force_id: str
    indicator_id: str
    step: Step
    starts: object
    p: float


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Chart every series of the own force, and look for steps in those of all others.

    Raises:
        SpecError: nobody says which force is the own, or it has no series of five periods.
    """
    progress(0.05, "Reading indicator values")
    panel = read_panel(dataset, own_force=spec.own_force, wanted=spec.indicators)
    if panel.own is None:
        raise SpecError(
            "Which force is under review?", where="own_force", next_step=f"Name it, for example {panel.name(panel.values['force_id'][0])}."
        )
    own: dict[str, Series] = {}
    short: list[str] = []
    for number, (code, indicator) in enumerate(panel.indicators.items()):
        progress(0.1 + 0.4 * number / len(panel.indicators), f"Series of {indicator.name}")
        series = _series(panel, code, panel.own, spec)
        if series is None:
            short.append(indicator.name)
        else:
            own[code] = series
    if not own:
        raise SpecError(
            f"{panel.name(panel.own)} has no indicator with {FEWEST_FOR_LIMITS} periods or more",
            where="indicator_values",
            next_step="Supply more years, or put several editions of the publication into one folder.",
        )
    others = _others(panel, spec, lambda share, doing: progress(0.5 + 0.45 * share, doing)) if spec.other_forces else []
    return Answer(
        statements=(
            *say.overview(panel, own),
            *say.indicators(panel, own, spec.confidence),
            *say.others(panel, others),
            *say.limits_of_data(panel, own, short),
        ),
        tables={"points": _points(panel, own), "changes": _changes(panel, own, others)},
        charts=control_charts(panel, own),
        caveats=say.CAVEATS,
    )


def _series(panel: Panel, code: str, force: str, settings: Spec) -> Series | None:
    rows = panel.values.filter((pl.col("indicator_id") == code) & (pl.col("force_id") == force))
    return make_series(
        rows, sort=panel.indicators[code].sort, seed=settings.seed, significance=settings.significance, confidence=settings.confidence
    )


def _others(panel: Panel, settings: Spec, progress: Progress) -> list[OtherStep]:
    """Steps of other forces that stay after Holm's correction for how many series were looked at."""
    found: list[tuple[float, OtherStep]] = []
    looked = 0
    parts = panel.values.filter(pl.col("force_id") != panel.own).partition_by("indicator_id", "force_id", maintain_order=True, as_dict=True)
    for number, ((code, force), rows) in enumerate(parts.items()):
        if number % 50 == 0:
            progress(number / len(parts), "Looking for steps in other forces")
        if rows.height < FEWEST_POINTS:
            continue
        series = make_series(
            rows,
            sort=panel.indicators[str(code)].sort,
            seed=settings.seed,
            significance=settings.significance,
            confidence=settings.confidence,
        )
        looked += 1
        if series is not None and series.change is not None:
            for step in series.change.steps:
                one = OtherStep(force_id=str(force), indicator_id=str(code), step=step, starts=series.starts[step.at], p=step.p)
                found.append((step.p, one))
    found.sort(key=lambda entry: (entry[0], entry[1].force_id, entry[1].indicator_id))
    kept, reached = [], 0.0
    for number, (p, one) in enumerate(found):
        reached = max(reached, min(1.0, p * (looked - number)))
        if reached > OTHERS_AT:
            break
        kept.append(replace(one, p=reached))
    return kept


def _points(panel: Panel, own: Mapping[str, Series]) -> ResultTable:
    parts = []
    for code, series in own.items():
        indicator = panel.indicators[code]
        times = 1.0 if indicator.sort == "proportion" else indicator.multiplier
        flags = [", ".join(rule for rule, points in series.flags.items() if points[at]) for at in range(len(series.values))]
        parts.append(
            pl.DataFrame(
                {
                    "indicator": [indicator.name] * len(flags),
                    "period_starts": series.starts,
                    "published": series.raw * times,
                    "adjusted": series.values * times,
                    "centre": series.limits.centre * times,
                    "low": series.limits.low * times,
                    "high": series.limits.high * times,
                    "signal": flags,
                    "break": [at in series.breaks for at in range(len(flags))],
                }
            )
        )
    return ResultTable(
        title="The force's series with natural limits",
        rows=pl.concat(parts),
        labels={
            "adjusted": "season taken out",
            "centre": "middle",
            "low": "lower limit",
            "high": "upper limit",
            "break": "definition changed",
        },
        note="Limits start anew after a changed definition and a step, and run along a trend that can be told from chance. Limits of "
        "individual values: middle plus and minus 2.66 mean moving ranges; of small counts: exact Poisson.",
    )


def _changes(panel: Panel, own: Mapping[str, Series], others: list[OtherStep]) -> ResultTable:
    rows = []
    for code, series in own.items():
        if series.change is None:
            continue
        year = series.periods_a_year or 1
        name = panel.indicators[code].name
        slope = [np.expm1(year * x) for x in (series.change.slope, series.change.slope_low, series.change.slope_high)]
        rows.append((panel.name(panel.own or ""), name, "trend a year", None, *slope, None))
        rows.extend(
            (panel.name(panel.own or ""), name, "step", series.starts[step.at], *_shares(step), step.p) for step in series.change.steps
        )
    rows.extend(
        (panel.name(one.force_id), panel.indicators[one.indicator_id].name, "step", one.starts, *_shares(one.step), one.p) for one in others
    )
    schema = {
        "force": pl.String,
        "indicator": pl.String,
        "what": pl.String,
        "from": pl.Date,
        "size": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "p": pl.Float64,
    }
    return ResultTable(
        title="Trends and lasting steps",
        rows=pl.DataFrame(rows, schema=schema, orient="row"),
        units={"size": "share", "low": "share", "high": "share"},
        note="Sizes are shares of the level. p: how often noise without a step shows as large a one anywhere in the series.",
    )


def _shares(step: Step) -> tuple[float, float, float]:
    size, low, high = np.expm1([step.size, step.low, step.high])
    return float(size), float(low), float(high)


ANALYSIS = Analysis(
    name="compare.trend",
    title="Signals in the indicators over time",
    question="Is an indicator changing, did it step, and is its last value a signal or noise?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "force_characteristics"),
    Spec=Spec,
    answer=answer,
)
