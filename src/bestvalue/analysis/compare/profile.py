"""What stands out about this force: spending, workforce, demand and results against its group, in one call?"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from bestvalue.analysis.compare import profile_statements as say
from bestvalue.analysis.compare.against import Gap, gap_of
from bestvalue.analysis.compare.asked import CompareSpec, Group, Slice, period_parameter, read_group, slices
from bestvalue.analysis.compare.funnel_limits import limits, overdispersion
from bestvalue.analysis.compare.printed import value_of
from bestvalue.analysis.compare.profile_charts import sparklines
from bestvalue.analysis.compare.ranking import count_places, draw, interval_of_places
from bestvalue.analysis.compare.series import Series, make_series
from bestvalue.analysis.compare.values import Panel, read_panel
from bestvalue.analysis.contract import Analysis, Answer, Progress, ResultTable, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

THEMES = ("spending", "workforce", "demand", "results", "")
FEWEST_FORCES = 5
FEWEST_DRAWS = 1_000
"""Behind the interval of a place in an earlier period."""


class Spec(CompareSpec):
    """Whose profile, against whom."""

    period: date | None = period_parameter()
    draws: int = parameter(
        10_000, title="Draws", help="Draws behind the interval of each place.", unit="draws", advanced=True, ge=1000, le=200_000
    )


@dataclass(frozen=True, kw_only=True)
class Line:
    """One indicator of the profile.

    Args:
        one: the indicator and period.
        gap: against the group.
        place_low, place_high: interval of the place from the lowest; None where the numerator is an amount.
        where: by the funnel with overdispersion: "within", "above outer", ...; empty where there is no funnel.
        series: the own series; None with fewer than five periods.
        history: period_starts, own, group (weighted average without the own force), unmultiplied; place from the lowest with
            place_low and place_high, and of (forces placed).
    """

    one: Slice
    gap: Gap
    place_low: int | None
    place_high: int | None
    where: str
    series: Series | None
    history: pl.DataFrame


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Put the profile of one force together.

    Raises:
        SpecError: nobody says which force, or it has no value to compare.
    """
    progress(0.05, "Reading indicator values")
    panel = read_panel(dataset, own_force=spec.own_force, wanted=spec.indicators)
    if panel.own is None:
        raise SpecError(
            "Whose profile?", where="own_force", next_step=f"Name a force, for example {panel.name(panel.values['force_id'][0])}."
        )
    group = read_group(dataset, panel, spec.group)
    found = slices(panel, period=spec.period)
    lines = _lines(panel, group, found, spec, progress)
    if not lines:
        raise SpecError(
            f"{panel.name(panel.own)} has no value that can be compared",
            where="own_force",
            next_step="Choose another force, group or period.",
        )
    progress(0.95, "Writing the answer")
    return Answer(
        statements=(
            *say.stands_out(panel, group, lines),
            *say.themes(panel, lines, spec.confidence),
            *say.changes(panel, lines, spec.confidence),
            *say.limits_of_data(panel, found, lines),
        ),
        tables={"profile": _table(panel, group, lines, spec.confidence), "history": _history(lines)},
        charts=sparklines(panel, lines),
        caveats=say.CAVEATS,
    )


def _lines(panel: Panel, group: Group, found: Mapping[str, Slice], settings: Spec, progress: Progress) -> list[Line]:
    """Every indicator's line, by theme; indicators are worked on side by side, each with random numbers of its own."""
    parts = panel.values.partition_by("indicator_id", as_dict=True)
    work = [(number, one, parts[(code,)]) for number, (code, one) in enumerate(found.items())]
    done: list[Line | None] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for line in pool.map(lambda job: _line(panel, group, job[1], job[2], settings, number=job[0]), work):
            done.append(line)
            progress(0.1 + 0.8 * len(done) / len(work), "Comparing indicators")
    lines = [line for line in done if line is not None]
    return sorted(lines, key=lambda line: THEMES.index(line.one.indicator.theme))


def _line(panel: Panel, group: Group, one: Slice, values: pl.DataFrame, settings: Spec, *, number: int) -> Line | None:
    own = panel.own or ""
    gap = gap_of(one, own, group.members, include_own=False, outlier_share=0.1, confidence=settings.confidence)
    if gap is None:
        return None
    rows = one.rows.filter(pl.col("force_id").is_in([*group.members, own])).sort("force_id")
    low, high = _places(rows, one.indicator.sort, own, settings.confidence, draws=settings.draws, key=(settings.seed, number))
    series = make_series(
        values.filter(pl.col("force_id") == own),
        sort=one.indicator.sort,
        seed=settings.seed,
        significance=0.01,
        confidence=settings.confidence,
    )
    return Line(
        one=one,
        gap=gap,
        place_low=low,
        place_high=high,
        where=_where(rows, one, own),
        series=series,
        history=_by_period(values, own, group.members).join(
            _places_by_period(values, one, own, group.members, settings, number), on="period_starts", how="left"
        ),
    )


def _places(
    rows: pl.DataFrame, sort: str, own: str, confidence: float, *, draws: int, key: tuple[int, int]
) -> tuple[int | None, int | None]:
    """The interval of the own place among these forces; None for an amount over an amount, of which no chance is known."""
    if sort == "ratio" or rows.height < 2:
        return None, None
    chance = np.random.Generator(np.random.Philox(key=list(key)))
    drawn = draw(rows["numerator"].to_numpy(), rows["denominator"].to_numpy(), sort=sort, draws=draws, chance=chance)
    low, high = interval_of_places(count_places(drawn) / draws, confidence=confidence)
    at = rows["force_id"].to_list().index(own)
    return int(low[at]), int(high[at])


def _places_by_period(values: pl.DataFrame, one: Slice, own: str, members: Sequence[str], settings: Spec, number: int) -> pl.DataFrame:
    """period_starts, place (from the lowest), place_low, place_high, of: for each period in which the own force has a value.

    Fewer draws than for the last period: a place is a whole number, and ten years of full draws would cost ten times as much.
    """
    draws, rows = max(FEWEST_DRAWS, settings.draws // 10), []
    inside = values.filter(pl.col("force_id").is_in([*members, own])).sort("period_starts", "force_id")
    for period, ((starts,), mine) in enumerate(inside.group_by("period_starts", maintain_order=True)):
        quotient = mine.filter(pl.col("force_id") == own)["quotient"]
        if len(quotient) and mine.height > 1:
            key = (settings.seed, 1_000_000 * (period + 1) + number)
            low, high = _places(mine, one.indicator.sort, own, settings.confidence, draws=draws, key=key)
            rows.append((starts, 1 + int((mine["quotient"] < quotient[0]).sum()), low, high, mine.height))
    schema = {"period_starts": pl.Date, "place": pl.Int64, "place_low": pl.Int64, "place_high": pl.Int64, "of": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _where(rows: pl.DataFrame, one: Slice, own: str) -> str:
    """Where the own force lies by additive limits of 95% and 99.8%."""
    target, sort = float(rows["numerator"].sum()) / float(rows["denominator"].sum()), one.indicator.sort
    if sort == "ratio" or rows.height < FEWEST_FORCES or target <= 0 or (sort == "proportion" and target >= 1):
        return ""
    quotient, denominator = rows["quotient"].to_numpy(), rows["denominator"].to_numpy()
    spread = overdispersion(quotient, denominator, target=target, sort=sort)
    at = rows["force_id"].to_list().index(own)
    size = denominator[at : at + 1]

    def limit(probability: float) -> float:
        return float(limits(size, target=target, sort=sort, probability=probability, spread=spread, model="additive")[0])

    for ring, tail in (("outer", 0.001), ("inner", 0.025)):
        if quotient[at] > limit(1 - tail):
            return f"above {ring}"
        if quotient[at] < limit(tail):
            return f"below {ring}"
    return "within"


def _by_period(values: pl.DataFrame, own: str, members: Sequence[str]) -> pl.DataFrame:
    """The own quotient and the group's weighted average, period by period."""
    is_own, in_group = pl.col("force_id") == own, pl.col("force_id").is_in(list(members)) & (pl.col("force_id") != own)
    return (
        values.group_by("period_starts")
        .agg(
            pl.col("quotient").filter(is_own).first().alias("own"),
            (pl.col("numerator").filter(in_group).sum() / pl.col("denominator").filter(in_group).sum()).alias("group"),
        )
        .sort("period_starts")
        .fill_nan(None)
    )


def _table(panel: Panel, group: Group, lines: Sequence[Line], confidence: float) -> ResultTable:
    rows = []
    for line in lines:
        indicator, gap, change = line.one.indicator, line.gap, line.series.change if line.series else None
        year = line.series.periods_a_year or 1 if line.series else 1
        rows.append(
            {
                "theme": indicator.theme or "other",
                "indicator": indicator.name,
                "period": line.one.when,
                "own": value_of(indicator, gap.quotient),
                "group": value_of(indicator, gap.without_own),
                "gap": gap.quotient / gap.without_own - 1 if gap.without_own else None,
                "difference": gap.cases,
                "in": indicator.numerator,
                "place": gap.place,
                "place_low": line.place_low,
                "place_high": line.place_high,
                "of": gap.of,
                "funnel": line.where or None,
                "trend_a_year": float(np.expm1(year * change.slope)) if change else None,
                "better": indicator.better,
            }
        )
    return ResultTable(
        title=f"{panel.name(panel.own or '')} against {group.name}",
        rows=pl.DataFrame(rows, infer_schema_length=None),
        labels={
            "gap": "against the group's average",
            "difference": "difference x own denominator",
            "place": "place from the lowest",
            "place_low": "place from",
            "place_high": "place to",
            "trend_a_year": "trend a year",
        },
        units={"gap": "share", "trend_a_year": "share"},
        note=f"The group's average is weighted, without the force. Intervals of places at {confidence:.0%}. Funnel: additive.",
    )


def _history(lines: Sequence[Line]) -> ResultTable:
    parts = [
        line.history.select(
            pl.lit(line.one.indicator.name).alias("indicator"),
            "period_starts",
            (pl.col("own") * value_of(line.one.indicator, 1.0)).alias("own"),
            (pl.col("group") * value_of(line.one.indicator, 1.0)).alias("group"),
            "place",
            "place_low",
            "place_high",
            "of",
        )
        for line in lines
    ]
    return ResultTable(
        title="The force and its group over the years",
        rows=pl.concat(parts),
        labels={"place": "place from the lowest", "place_low": "place from", "place_high": "place to", "of": "forces placed"},
        note="What the small pictures show, and the place in each period; no interval of the place for amounts.",
    )


ANALYSIS = Analysis(
    name="compare.profile",
    title="Value-for-money profile",
    question="What stands out about this force: spending, workforce, demand and results against its group?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "force_characteristics", "peer_lists"),
    Spec=Spec,
    answer=answer,
    version=2,
)
