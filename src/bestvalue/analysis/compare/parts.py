"""Which part does a force play in a picture: the own, one of its group, another? One colour each."""

import altair as alt
import polars as pl

from bestvalue.analysis.drawing import BLUE, ORANGE

OWN_OR_OTHER = alt.Scale(domain=["own force", "group", "other forces"], range=[ORANGE, BLUE, "#b1b4b6"])
"""One colour for each part that a force plays, in every picture."""


def part_of(force: pl.Expr, *, own: str | None, group: tuple[str, ...]) -> pl.Expr:
    """Whether a force is the own, of the group, or another."""
    return (
        pl.when(force == (own or ""))
        .then(pl.lit("own force"))
        .when(force.is_in(list(group)))
        .then(pl.lit("group"))
        .otherwise(pl.lit("other forces"))
    )
