"""Pictures of one indicator: every force in order, and the own place under each denominator over the years."""

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from bestvalue.analysis.compare.parts import OWN_OR_OTHER, part_of
from bestvalue.analysis.compare.printed import axis_format, position, printed, value_of
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import WIDTH, inline, spec

if TYPE_CHECKING:
    from bestvalue.analysis.compare.explorer import Explored

SAID = {"resident": "residents", "daytime": "people by day", "night": "people at night"}


def ranked(found: "Explored") -> dict[str, Chart]:
    """A bar for each force, the highest first."""
    one, panel = found.one, found.panel
    name = pl.col("force_id").replace(dict(panel.forces)) if panel.forces else pl.col("force_id")
    rows = one.rows.sort("quotient", descending=True).select(
        name.alias("force"),
        (pl.col("quotient") * value_of(one.indicator, 1.0)).alias("printed"),
        part_of(pl.col("force_id"), own=panel.own, group=found.group.members).alias("part"),
    )
    drawn = (
        alt.Chart(inline(rows), width=WIDTH - 220, height=15 * rows.height)
        .mark_bar()
        .encode(
            y=alt.Y("force:N", sort=rows["force"].to_list(), title=None, axis=alt.Axis(labelLimit=200)),
            x=alt.X("printed:Q", title=one.indicator.unit, axis=alt.Axis(format=axis_format(one.indicator))),
            color=alt.Color("part:N", scale=OWN_OR_OTHER, title=None, legend=alt.Legend(orient="top")),
        )
    )
    place = "" if found.gap is None else f": {panel.name(panel.own or '')} is {position(found.gap.place, found.gap.of)}"
    first, last = rows.row(0, named=True), rows.row(-1, named=True)
    return {
        "ranked": Chart(
            title=f"{one.indicator.name}, {one.when}{place}",
            spec=spec(drawn),
            alt=f"Bars of {rows.height} forces from {first['force']}, {printed(one.indicator, float(one.rows['quotient'].max()))}, "  # type: ignore[arg-type]
            f"to {last['force']}, {printed(one.indicator, float(one.rows['quotient'].min()))}.",  # type: ignore[arg-type]
            table="forces",
        )
    }


def denominators(found: "Explored") -> dict[str, Chart]:
    """The own place in each period, a line for each denominator; filled points where it stands out."""
    rows = found.by_period
    if rows["counted"].n_unique() < 2:
        return {}
    shown = rows.with_columns(pl.col("counted").replace(SAID), from_top=pl.col("of") + 1 - pl.col("place"))
    base = alt.Chart(inline(shown), width=WIDTH - 160, height=240).encode(
        x=alt.X("period_starts:T", title=None),
        y=alt.Y(
            "from_top:Q",
            title="place, 1 is the highest",
            scale=alt.Scale(reverse=True, zero=False),
            axis=alt.Axis(tickMinStep=1, format="d"),
        ),
        color=alt.Color("counted:N", title="over", sort=list(SAID.values())),
    )
    drawn = alt.layer(
        base.mark_line(strokeWidth=2).encode(strokeDash=alt.StrokeDash("counted:N", title="over", sort=list(SAID.values()))),
        base.transform_filter("!datum.stands_out").mark_point(filled=False, size=50),
        base.transform_filter("datum.stands_out").mark_point(filled=True, size=70, opacity=1),
    )
    counts = "; ".join(
        f"over {SAID[counted]} {int(mine['stands_out'].sum())} of {mine.height}"
        for (counted,), mine in rows.group_by("counted", maintain_order=True)
        if isinstance(counted, str)
    )
    own = found.panel.name(found.panel.own or "")
    return {
        "denominators": Chart(
            title=f"Periods in which {own} stands out: {counts}",
            spec=spec(drawn),
            alt=f"Lines of the place of {own} under each denominator. Filled points: it stands out. Periods in which it does: {counts}.",
            table="denominators",
        )
    }
