"""Tables of one indicator: every force with its limits, the own series, the squares of the map, and each denominator by period."""

from typing import TYPE_CHECKING

import polars as pl

from bestvalue.analysis.compare.printed import value_of
from bestvalue.analysis.contract import ResultTable
from bestvalue.analysis.rates import quotient_interval

if TYPE_CHECKING:
    from bestvalue.analysis.compare.explorer import Explored, Spec

LIMITS = ("allowed_outer_low", "allowed_inner_low", "allowed_inner_high", "allowed_outer_high")


def tables_of(found: "Explored", tiles: pl.DataFrame, spec: "Spec") -> dict[str, ResultTable]:
    """Every table that has rows."""
    tables = {"forces": _forces(found, spec)}
    if found.funnel is not None:
        tables["funnel"] = _funnel(found)
    if found.series is not None:
        tables["series"] = _series(found)
    if tiles.height:
        tables["tiles"] = ResultTable(
            title="The squares of the map",
            rows=tiles,
            labels={"printed": found.one.indicator.unit, "tile_column": "column from the west", "tile_row": "row from the north"},
        )
    tables["denominators"] = _denominators(found)
    return tables


def _times(found: "Explored") -> float:
    return value_of(found.one.indicator, 1.0)


def _names(found: "Explored") -> pl.Expr:
    return pl.col("force_id").replace(dict(found.panel.forces)) if found.panel.forces else pl.col("force_id")


def _forces(found: "Explored", spec: "Spec") -> ResultTable:
    rows = found.one.rows.sort("quotient", "force_id", descending=[True, False])
    interval = quotient_interval(
        rows["numerator"].to_numpy(), rows["denominator"].to_numpy(), sort=found.one.indicator.sort, confidence=spec.confidence
    )
    ends = {name: None if interval is None else pl.Series(getattr(interval, name)) for name in ("low", "high")}
    table = rows.with_columns(**{name: pl.lit(None, pl.Float64) if end is None else end for name, end in ends.items()}).select(
        _names(found).alias("force"),
        pl.col("force_id").is_in(list(found.group.members)).alias("in_group"),
        "numerator",
        "denominator",
        *((pl.col(name) * _times(found)).alias(said) for name, said in (("quotient", "printed"), ("low", "low"), ("high", "high"))),
        pl.int_range(1, pl.len() + 1).alias("place"),
    )
    return ResultTable(
        title=f"Every force: {found.one.indicator.name}, {found.one.when}",
        rows=table,
        labels={
            "printed": found.one.indicator.unit,
            "low": "from",
            "high": "to",
            "in_group": "in the group",
            "place": "place from the highest",
        },
        units=dict.fromkeys(("printed", "low", "high"), "share") if found.one.indicator.sort == "proportion" else {},
        note=f"Intervals at {spec.confidence:.0%}, by chance alone; none for amounts. {found.group.source}".strip(),
    )


def _funnel(found: "Explored") -> ResultTable:
    assert found.funnel is not None  # noqa: S101 - asked for only where there is one
    scaled = [(pl.col(name) * _times(found)).alias(name.removeprefix("allowed_")) for name in LIMITS]
    table = found.funnel.rows.select(
        _names(found).alias("force"),
        "denominator",
        (pl.col("quotient") * _times(found)).alias("printed"),
        *scaled,
        "by_chance",
        "by_allowed",
    )
    return ResultTable(
        title="Every force against its limits",
        rows=table,
        labels={
            "printed": found.one.indicator.unit,
            "by_chance": "by chance alone",
            "by_allowed": "with overdispersion",
            **{
                f"{ring}_{end}": f"{ring} limit, {word}"
                for ring in ("outer", "inner")
                for end, word in (("low", "lower"), ("high", "upper"))
            },
        },
        note="Target: weighted average of the forces. Limits: 95% and 99.8%, with additive overdispersion.",
    )


def _series(found: "Explored") -> ResultTable:
    series, times = found.series, _times(found)
    assert series is not None  # noqa: S101 - asked for only where there is one
    group = found.by_period.filter(pl.col("counted") == found.by_period["counted"][0]).select(
        "period_starts", (pl.col("group") * times).alias("group")
    )
    flags = [", ".join(rule for rule, points in series.flags.items() if points[at]) for at in range(len(series.values))]
    table = pl.DataFrame(
        {
            "period_starts": series.starts,
            "published": series.raw * times,
            "adjusted": series.values * times,
            "centre": series.limits.centre * times,
            "low": series.limits.low * times,
            "high": series.limits.high * times,
            "signal": flags,
        }
    ).join(group, on="period_starts", how="left")
    return ResultTable(
        title="The force over time",
        rows=table,
        labels={
            "adjusted": "season taken out",
            "centre": "middle",
            "low": "lower limit",
            "high": "upper limit",
            "group": "group's average",
        },
        note="Natural limits of the own series; the group's average is weighted, without the force.",
    )


def _denominators(found: "Explored") -> ResultTable:
    times = _times(found)
    return ResultTable(
        title="The same counts over residents, people by day and people at night, period by period",
        rows=found.by_period.with_columns(pl.col("own") * times, pl.col("group") * times),
        labels={"counted": "people counted", "place": "place from the lowest", "of": "forces placed", "stands_out": "stands out"},
        note="An indicator that is not per resident has one denominator only.",
    )
