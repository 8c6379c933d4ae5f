"""How does the force compare with its group on each indicator, in rates and in pounds or cases, and does the denominator decide it?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from bestvalue.analysis.compare import indicators_charts as charts
from bestvalue.analysis.compare import indicators_statements as say
from bestvalue.analysis.compare.abroad import abroad
from bestvalue.analysis.compare.against import Gap, gap_of
from bestvalue.analysis.compare.asked import CompareSpec, Group, Slice, period_parameter, read_group, slices
from bestvalue.analysis.compare.indicators_tables import tables_of
from bestvalue.analysis.compare.values import RESIDENTS, Panel, people_in, read_panel
from bestvalue.analysis.contract import Analysis, Answer, Progress, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

COUNTED = ("resident", "daytime", "night")


class Spec(CompareSpec):
    """Which indicators, against whom, and what makes a force stand out."""

    period: date | None = period_parameter()
    include_own: bool = parameter(
        default=False, title="Own force in the average", help="Take the difference from an average that the own force is part of."
    )
    outlier_share: float = parameter(
        0.1,
        title="Outlier share",
        help="A force stands out when it is among this share of forces at either end, and by more than the indicator's own least gap.",
        unit="share (0 to 1)",
        gt=0,
        le=0.5,
    )


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Compare the own force with its group on every indicator.

    Raises:
        SpecError: nobody says which force is the own, or nothing is left to compare.
    """
    progress(0.05, "Reading indicator values")
    panel = read_panel(dataset, own_force=spec.own_force, wanted=spec.indicators)
    if panel.own is None:
        raise SpecError(
            "Which force is under review?", where="own_force", next_step=f"Name it, for example {panel.name(panel.values['force_id'][0])}."
        )
    group = read_group(dataset, panel, spec.group)
    found = slices(panel, period=spec.period)
    progress(0.4, "Comparing")
    gaps = {code: gap for code, one in found.items() if (gap := _gap(one, panel, group, spec)) is not None}
    people = _by_denominator(panel, group, found, spec)
    elsewhere = abroad(dataset, {code: found[code] for code in gaps}, gaps)
    progress(0.9, "Writing the answer")
    return Answer(
        statements=(
            *say.overview(panel, group, found, gaps, spec.outlier_share, include_own=spec.include_own),
            *say.largest_differences(panel, group, found, gaps, spec.confidence),
            *say.standing_out(panel, found, gaps, spec.outlier_share),
            *say.denominators(found, people),
            *say.best(panel, group, found, gaps),
            *say.elsewhere(panel, elsewhere),
            *say.kept_out(panel),
            *say.not_compared(panel, found, gaps),
        ),
        tables=tables_of(panel, group, found, gaps, people, elsewhere, confidence=spec.confidence, include_own=spec.include_own),
        charts=charts.gaps(panel, found, gaps) | charts.denominators(people),
        caveats=say.CAVEATS,
    )


def _gap(one: Slice, panel: Panel, group: Group, spec: Spec) -> Gap | None:
    return gap_of(
        one, panel.own or "", group.members, include_own=spec.include_own, outlier_share=spec.outlier_share, confidence=spec.confidence
    )


def _by_denominator(panel: Panel, group: Group, found: Mapping[str, Slice], spec: Spec) -> pl.DataFrame:
    """The comparison by each count of people, for the indicators that are per resident."""
    rows = []
    for code, one in found.items():
        if one.indicator.denominator != RESIDENTS:
            continue
        for counted in COUNTED:
            swapped = one.rows.with_columns(period_starts=pl.lit(one.period)).with_columns(
                denominator=people_in(panel.people, one.rows.with_columns(period_starts=pl.lit(one.period)), counted=counted)
            )
            usable = swapped.filter(pl.col("denominator") > 0).with_columns(quotient=pl.col("numerator") / pl.col("denominator"))
            gap = _gap(replace(one, rows=usable), panel, group, spec)
            if gap is not None:
                multiplier = one.indicator.multiplier
                rows.append(
                    (code, one.indicator.name, counted, gap.quotient * multiplier, gap.used * multiplier, gap.place, gap.of, gap.stands_out)
                )
    return pl.DataFrame(
        rows,
        schema={
            "indicator_id": pl.String,
            "indicator": pl.String,
            "counted": pl.String,
            "own": pl.Float64,
            "group": pl.Float64,
            "place": pl.Int64,
            "of": pl.Int64,
            "stands_out": pl.Boolean,
        },
        orient="row",
    )


ANALYSIS = Analysis(
    name="compare.indicators",
    title="Indicators against the group",
    question="How does the force compare with its group, in rates and in pounds or cases, and does the denominator decide it?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "force_characteristics", "peer_lists", "comparators"),
    Spec=Spec,
    answer=answer,
)
