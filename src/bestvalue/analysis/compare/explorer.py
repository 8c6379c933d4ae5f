"""One indicator from every side: the table of forces, the funnel, the trend, the map, and each denominator beside the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from bestvalue.analysis.compare import explorer_charts as charts
from bestvalue.analysis.compare import explorer_statements as say
from bestvalue.analysis.compare.against import Gap, gap_of
from bestvalue.analysis.compare.asked import ALL_FORCES, Group, Slice, period_parameter, read_group, slices
from bestvalue.analysis.compare.explorer_tables import tables_of
from bestvalue.analysis.compare.explorer_tiles import places_of, tile_chart, tile_rows
from bestvalue.analysis.compare.funnel import Funnel, funnel_of
from bestvalue.analysis.compare.funnel import Spec as FunnelSpec
from bestvalue.analysis.compare.funnel_charts import funnels
from bestvalue.analysis.compare.series import Series, make_series
from bestvalue.analysis.compare.trend_charts import control_charts
from bestvalue.analysis.compare.values import RESIDENTS, Indicator, Panel, people_in, read_panel
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Progress, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

Counted = Literal["resident", "daytime", "night"]
COUNTED: tuple[Counted, ...] = ("resident", "daytime", "night")
WORDS: Mapping[str, str] = {"resident": "residents", "daytime": "people by day", "night": "people at night"}
POPULATIONS: Mapping[str, str] = {"resident": RESIDENTS, "daytime": "daytime population", "night": "night population"}


class Spec(AnalysisSpec):
    """Which indicator, against whom, over whom, and when."""

    own_force: str = parameter(
        "", title="Own force", help="Code or name of the force under review; as the forces table says when left empty."
    )
    indicator: str = parameter("", title="Indicator", help="Code or name of one indicator; the first when left empty.")
    group: str = parameter(
        ALL_FORCES,
        title="Group",
        help="Whom to compare with: all for every force, the name of a list in peer_lists, or names of forces joined by semicolons.",
    )
    counted: Counted = parameter(
        "resident", title="Denominator", help="Whom an indicator per resident is divided by; other indicators keep their own denominator."
    )
    period: date | None = period_parameter()
    outlier_share: float = parameter(
        0.1,
        title="Outlier share",
        help="A force stands out when it is among this share of forces at either end.",
        unit="share (0 to 1)",
        advanced=True,
        gt=0,
        le=0.5,
    )
    confidence: float = parameter(
        0.95, title="Confidence", help="Level of the intervals.", unit="share (0 to 1)", advanced=True, ge=0.5, le=0.999
    )


@dataclass(frozen=True, kw_only=True)
class Explored:
    """Everything about one indicator.

    Args:
        panel: values of this indicator alone, over the denominator that was asked for.
        group: whom the own force is compared with.
        one: the period that was asked for.
        gap: own force against group; None where one of them has no value.
        funnel: limits by size; None for an amount, or too few forces.
        series: the own series; None with fewer than five periods.
        by_period: starts, counted, own, group (quotients), place, of, stands_out of the own force: every period and denominator.
    """

    panel: Panel
    group: Group
    one: Slice
    gap: Gap | None
    funnel: Funnel | None
    series: Series | None
    by_period: pl.DataFrame


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Show one indicator from every side.

    Raises:
        SpecError: nobody says which force is the own, or there is no such indicator, group or period.
    """
    progress(0.1, "Reading indicator values")
    panel = read_panel(dataset, own_force=spec.own_force, wanted=(spec.indicator,) if spec.indicator else ())
    if panel.own is None:
        raise SpecError(
            "Which force is under review?", where="own_force", next_step=f"Name it, for example {panel.name(panel.values['force_id'][0])}."
        )
    group = read_group(dataset, panel, spec.group)
    panel = _only(panel, next(iter(panel.indicators)))
    progress(0.4, "Comparing")
    found = _explore(panel, group, spec)
    tiles = tile_rows(found.one, found.panel, places_of(dataset, panel))
    progress(0.9, "Writing the answer")
    code = found.one.indicator.indicator_id
    drawn = {"tiles": tile_chart(found.one, tiles)} if tiles.height else {}
    drawn |= charts.ranked(found)
    if found.funnel is not None:
        limits = FunnelSpec()
        drawn |= {
            "funnel": funnels(
                found.panel, group, {code: found.funnel}, inner=limits.inner, outer=limits.outer, model=limits.overdispersion
            )[f"funnel_{code}"]
        }
    if found.series is not None:
        drawn |= {"trend": control_charts(found.panel, {code: found.series})[f"control_{code}"]}
    drawn |= charts.denominators(found)
    return Answer(
        statements=(
            *say.own(found, spec),
            *say.by_size(found),
            *say.over_time(found, spec),
            *say.denominators(found),
            *say.limits(found, tiles),
        ),
        tables=tables_of(found, tiles, spec),
        charts={name: replace(chart, table={"points": "series"}.get(chart.table, chart.table)) for name, chart in drawn.items()},
        caveats=say.CAVEATS,
    )


def _only(panel: Panel, code: str) -> Panel:
    return replace(panel, values=panel.values.filter(pl.col("indicator_id") == code), indicators={code: panel.indicators[code]})


def _explore(panel: Panel, group: Group, spec: Spec) -> Explored:
    by_people: dict[str, Panel] = {counted: over(panel, counted) for counted in COUNTED} if _per_head(panel) else {"resident": panel}
    chosen = by_people.get(spec.counted, panel) if _per_head(panel) else panel
    if chosen.values.is_empty():
        raise SpecError(
            f"Nobody says how many people there are: {spec.counted}",
            where="counted",
            next_step="Fill in the table force_populations, or choose another denominator.",
        )
    (one,) = slices(chosen, period=spec.period).values()
    own = chosen.values.filter(pl.col("force_id") == (chosen.own or ""))
    return Explored(
        panel=chosen,
        group=group,
        one=one,
        gap=_gap(one, chosen, group, spec),
        funnel=funnel_of(one, chosen, group, FunnelSpec()),
        series=make_series(own, sort=one.indicator.sort, seed=spec.seed, significance=0.01, confidence=spec.confidence),
        by_period=_by_period(by_people, group, spec),
    )


def _per_head(panel: Panel) -> bool:
    return all(indicator.denominator == RESIDENTS for indicator in panel.indicators.values())


def over(panel: Panel, counted: str) -> Panel:
    """The panel with another count of people as the denominator; values of forces for which nobody gives it are left out."""
    values = (
        panel.values.with_columns(denominator=people_in(panel.people, panel.values, counted=counted))
        if counted != "resident"
        else panel.values
    )
    usable = values.filter(pl.col("denominator") > 0).with_columns(quotient=pl.col("numerator") / pl.col("denominator"))
    named = {code: _named(one, counted) for code, one in panel.indicators.items()}
    return replace(panel, values=usable, indicators=named)


def _named(indicator: Indicator, counted: str) -> Indicator:
    """The indicator over these people, called so."""
    if counted == "resident":
        return indicator
    words = indicator.name.replace("residents", WORDS[counted])
    name = words if words != indicator.name else f"{indicator.name}, over {WORDS[counted]}"
    return replace(indicator, denominator=POPULATIONS[counted], name=name)


def _gap(one: Slice, panel: Panel, group: Group, spec: Spec) -> Gap | None:
    return gap_of(one, panel.own or "", group.members, include_own=False, outlier_share=spec.outlier_share, confidence=spec.confidence)


def _by_period(by_people: Mapping[str, Panel], group: Group, spec: Spec) -> pl.DataFrame:
    rows = []
    for counted, panel in by_people.items():
        for starts in panel.values["period_starts"].unique().sort().to_list():
            (one,) = slices(panel, period=starts).values()
            gap = _gap(one, panel, group, spec)
            if gap is not None:
                rows.append((counted, starts, gap.quotient, gap.used, gap.place, gap.of, gap.stands_out))
    schema = {"counted": pl.String, "period_starts": pl.Date, "own": pl.Float64, "group": pl.Float64}
    return pl.DataFrame(rows, schema={**schema, "place": pl.Int64, "of": pl.Int64, "stands_out": pl.Boolean}, orient="row")


ANALYSIS = Analysis(
    name="compare.explorer",
    title="One indicator from every side",
    question="How does the force do on one indicator: beside others, for its size, over time, and does the denominator decide it?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "force_characteristics", "peer_lists", "force_tiles"),
    Spec=Spec,
    answer=answer,
    version=2,
)
