"""Tables of the comparison with a group: the own force, every force, what was kept out, the denominators, and elsewhere."""

from collections.abc import Mapping

import polars as pl

from bestvalue.analysis.compare.against import Gap
from bestvalue.analysis.compare.asked import Group, Slice
from bestvalue.analysis.compare.printed import value_of
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import ResultTable


def tables_of(
    panel: Panel,
    group: Group,
    found: Mapping[str, Slice],
    gaps: Mapping[str, Gap],
    people: pl.DataFrame,
    elsewhere: pl.DataFrame,
    *,
    confidence: float,
    include_own: bool,
) -> dict[str, ResultTable]:
    """Every table of the answer; those of denominators and of elsewhere only where there is something in them."""
    tables = {
        "indicators": _own(panel, group, found, gaps, confidence=confidence, include_own=include_own),
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


def _own(
    panel: Panel, group: Group, found: Mapping[str, Slice], gaps: Mapping[str, Gap], *, confidence: float, include_own: bool
) -> ResultTable:
    return ResultTable(
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
        note=f"Averages are sums over sums. The difference is from the average {'with' if include_own else 'without'} the "
        f"own force. Intervals at {confidence:.0%}, by chance alone; none for amounts. {group.source}".strip(),
    )


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
