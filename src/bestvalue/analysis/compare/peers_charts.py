"""Picture of the peers: how often each force is among the nearest when the choice is made again."""

import altair as alt
import polars as pl

from bestvalue.analysis.compare.likeness import Likeness
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLUE, GREY, WIDTH, inline, spec
from bestvalue.analysis.rounding import percent

MOST_BARS = 20


def stability_chart(names: list[str], at: int, found: Likeness) -> Chart:
    """A bar for each force that is among the nearest at all often."""
    rows = [
        {"force": names[j], "chosen": float(found.stability[at, j]), "kind": "peer" if j in found.nearest[at] else "other"}
        for j in range(len(names))
        if j != at
    ]
    table = pl.DataFrame(rows).sort("chosen", "force", descending=[True, False]).head(MOST_BARS)
    drawn = (
        alt.Chart(inline(table), width=WIDTH - 220, height=18 * table.height)
        .mark_bar()
        .encode(
            y=alt.Y("force:N", sort=table["force"].to_list(), title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X(
                "chosen:Q", title="among the nearest in this share of resamples", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1])
            ),
            color=alt.Color(
                "kind:N", scale=alt.Scale(domain=["peer", "other"], range=[BLUE, GREY]), title=None, legend=alt.Legend(orient="top")
            ),
        )
    )
    sure = int((table.filter(pl.col("kind") == "peer")["chosen"] >= 0.8).sum())
    top = table.row(0, named=True)
    alt_text = (
        f"Bars of {table.height} forces by how often they are among the nearest of {names[at]}; "
        f"first {top['force']} with {percent(top['chosen'])}."
    )
    return Chart(
        title=f"{sure} of {found.nearest.shape[1]} peers are chosen in at least 80% of resamples",
        spec=spec(drawn),
        alt=alt_text,
        table="own_peers",
    )
