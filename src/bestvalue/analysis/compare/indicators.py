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
from bestvalue.analysis.compare.printed import value_of
from bestvalue.analysis.compare.values import RESIDENTS, Panel, people_in, read_panel
from bestvalue.analysis.contract import Analysis, Answer, Progress, ResultTable, parameter
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
        tables=_tables(panel, group, found, gaps, people, elsewhere, spec),
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


def _tables(
    panel: Panel,
    group: Group,
    found: Mapping[str, Slice],
    gaps: Mapping[str, Gap],
    people: pl.DataFrame,
    elsewhere: pl.DataFrame,
    spec: Spec,
) -> dict[str, ResultTable]:
    tables = {
        "indicators": ResultTable(
            title=f"{panel.name(panel.own or '')} against {group.name}",
            rows=_own_rows(found, gaps),
            labels={
                "with_own": "group's average, own force in it",
                "without_own": "group's average without it",
                "difference": "difference x own denominator",
                "place": "place from the lowest",
                "of": "forces placed",
                "stands_out": "stands out",
            },
            note=f"Averages are sums over sums. The difference is from the average {'with' if spec.include_own else 'without'} the "
            f"own force. Intervals at {spec.confidence:.0%}, by chance alone; none for amounts. {group.source}".strip(),
        ),
        "forces": ResultTable(
            title="Every force on every indicator",
            rows=_force_rows(panel, group, found),
            note="Numerator over denominator, and the quotient as printed.",
        ),
        "kept_out": ResultTable(
            title="Values kept out of the arithmetic",
            rows=panel.kept_out.with_columns(force=_names(panel)).select("indicator_id", "force", "period_starts", "found", "why"),
            note="What stands in the publication, and why it cannot be used.",
        ),
        "definitions": ResultTable(title="What the indicators are", rows=_definition_rows(panel)),
    }
    if people.height:
        tables["denominators"] = ResultTable(
            title="The same counts over residents, people by day and people at night",
            rows=people.drop("indicator_id"),
            labels={"counted": "people counted", "place": "place from the lowest", "of": "forces placed", "stands_out": "stands out"},
        )
    if elsewhere.height:
        tables["elsewhere"] = ResultTable(
            title="The same indicators elsewhere",
            rows=elsewhere,
            labels={"converted": "in pounds at equal purchasing power", "definition_differs": "how the definition differs"},
            note="Definitions differ, so these are pointers for questions and no ranking.",
        )
    return tables


def _own_rows(found: Mapping[str, Slice], gaps: Mapping[str, Gap]) -> pl.DataFrame:
    rows = [
        {
            "indicator": found[code].indicator.name,
            "period": found[code].when,
            "own": value_of(found[code].indicator, gap.quotient),
            "low": None if gap.low is None else value_of(found[code].indicator, gap.low),
            "high": None if gap.high is None else value_of(found[code].indicator, gap.high),
            "with_own": value_of(found[code].indicator, gap.with_own),
            "without_own": value_of(found[code].indicator, gap.without_own),
            "difference": gap.cases,
            "difference_low": gap.cases_low,
            "difference_high": gap.cases_high,
            "in": found[code].indicator.numerator,
            "place": gap.place,
            "of": gap.of,
            "better": found[code].indicator.better,
            "stands_out": gap.stands_out,
        }
        for code, gap in gaps.items()
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _force_rows(panel: Panel, group: Group, found: Mapping[str, Slice]) -> pl.DataFrame:
    parts = [
        one.rows.select(
            pl.lit(one.indicator.name).alias("indicator"),
            pl.lit(one.when).alias("period"),
            _names(panel).alias("force"),
            pl.col("force_id").is_in(list(group.members)).alias("in_group"),
            "numerator",
            "denominator",
            (pl.col("quotient") * (1.0 if one.indicator.sort == "proportion" else one.indicator.multiplier)).alias("printed"),
        ).sort("printed")
        for one in found.values()
    ]
    return pl.concat(parts)


def _definition_rows(panel: Panel) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "indicator": one.name,
                "numerator": one.numerator,
                "denominator": one.denominator,
                "sort": one.sort,
                "multiplier": one.multiplier,
                "better": one.better,
                "definition": one.definition,
                "source": one.source,
            }
            for one in panel.indicators.values()
        ]
    )


def _names(panel: Panel) -> pl.Expr:
    return pl.col("force_id").replace(dict(panel.forces)) if panel.forces else pl.col("force_id")


ANALYSIS = Analysis(
    name="compare.indicators",
    title="Indicators against the group",
    question="How does the force compare with its group, in rates and in pounds or cases, and does the denominator decide it?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "peer_lists", "comparators"),
    Spec=Spec,
    answer=answer,
)
