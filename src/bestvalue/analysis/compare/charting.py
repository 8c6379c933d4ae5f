"""What the pictures of comparisons share: colours, inline data, and a specification without a clock in it."""

from typing import Any

import altair as alt
import polars as pl

BLUE, PALE, GREY, ORANGE, BLACK = "#1d70b8", "#9cc3e6", "#505a5f", "#b8501d", "#0b0c0c"
WIDTH = 640
OWN_OR_OTHER = alt.Scale(domain=["own force", "group", "other forces"], range=[ORANGE, BLUE, "#b1b4b6"])
"""One colour for each part that a force plays, in every picture."""


def inline(table: pl.DataFrame) -> alt.InlineData:
    """Inline values; dates as text that every time zone reads as the same day."""
    dates = [name for name, kind in table.schema.items() if kind == pl.Date]
    return alt.InlineData(values=table.with_columns(pl.col(dates).dt.strftime("%Y-%m-%dT00:00:00")).to_dicts())


def spec(chart: Any) -> dict[str, object]:
    """The chart as a Vega-Lite specification."""
    drawn: dict[str, object] = chart.to_dict(context={"pre_transform": False}, validate=False)
    return drawn


def part_of(force: pl.Expr, *, own: str | None, group: tuple[str, ...]) -> pl.Expr:
    """Whether a force is the own, of the group, or another."""
    return (
        pl.when(force == (own or ""))
        .then(pl.lit("own force"))
        .when(force.is_in(list(group)))
        .then(pl.lit("group"))
        .otherwise(pl.lit("other forces"))
    )
