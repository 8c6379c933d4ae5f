"""Pictures of what more and fewer units do: the curve, the map of tiles, who lends to whom, before and after, and the test."""

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import polars as pl
from scipy.optimize import linear_sum_assignment

from bestvalue.analysis.challenge.resources_tally import AREA, NINETIETH
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLUE, GREY, WIDTH, inline, spec
from bestvalue.analysis.rounding import percent

COLOURS = ("#1d70b8", "#b8501d", "#00703c", "#6f4a8e", "#505a5f")
LEAST_LETTERS = 4
ROOM = 1.35
"""Cells of a tile map for each area: some stay empty, so that the outline is that of the place."""


def curve(response: pl.DataFrame, pools: Sequence[tuple[str, str]]) -> Chart | None:
    """Share within target against the factor, one line for each grade, one panel for each of the pools.

    Args:
        response: table of the result.
        pools: name in the table and as it is said.
    """
    today = response.filter(pl.col("kind") == "today")
    parts = [
        pl.concat([response.filter((pl.col("kind") == "scaled") & (pl.col("pools") == name)), today]).with_columns(panel=pl.lit(said))
        for name, said in pools
    ]
    rows = pl.concat(parts).filter(pl.col("grade") != "every grade").select("panel", "factor", "grade", "within", "low", "high")
    rows = rows.filter(pl.col("within").is_not_nan()).sort("panel", "grade", "factor")
    if rows["factor"].n_unique() < 3:
        return None
    grades = [grade for grade in response["grade"].unique(maintain_order=True) if grade in set(rows["grade"])]
    base = alt.Chart(inline(rows)).encode(
        x=alt.X("factor:Q", title="times today's units", scale=alt.Scale(type="log", base=2), axis=alt.Axis(values=_marks(rows))),
        color=alt.Color("grade:N", title="grade", scale=alt.Scale(domain=grades, range=list(COLOURS[: len(grades)]))),
    )
    y = alt.Y("within:Q", title="reached within target", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
    layers = alt.layer(
        base.mark_area(opacity=0.25).encode(y=alt.Y("low:Q", title="reached within target"), y2="high:Q"),
        base.mark_line().encode(y=y),
        base.mark_point(filled=True, size=30).encode(y=y),
    ).properties(width=WIDTH // 2 - 40, height=200)
    drawn = layers.facet(facet=alt.Facet("panel:N", title=None, sort=[said for _, said in pools]), columns=2)
    ends = rows.filter(pl.col("panel") == pools[0][1]).sort("factor")
    first, last = ends.row(0, named=True), ends.row(-1, named=True)
    alt_text = (
        f"Lines of the share reached within target by how many units there are, with bands of uncertainty. {pools[0][1]}: {first['grade']} "
        f"{percent(first['within'])} at {first['factor']:g} times, {last['grade']} {percent(last['within'])} at {last['factor']:g} times."
    )
    return Chart(title="What more and fewer units do to the share reached within target", spec=spec(drawn), alt=alt_text, table="response")


def tiles(areas: pl.DataFrame, places: Mapping[str, tuple[float, float]]) -> Chart | None:
    """A square for each area, roughly where it lies, coloured by the change of its share within target; one panel a scenario."""
    known = {area: at for area, at in places.items() if area in set(areas["area"])}
    if len(known) < 3:
        return None
    spots, letters = tile_places(known), short_names(list(known))
    rows = areas.filter(pl.col("area").is_in(list(known))).with_columns(
        column=pl.col("area").replace_strict({area: spot[0] for area, spot in spots.items()}, return_dtype=pl.Int64),
        row=pl.col("area").replace_strict({area: spot[1] for area, spot in spots.items()}, return_dtype=pl.Int64),
        short=pl.col("area").replace_strict(letters, return_dtype=pl.String),
        said=pl.Series([f"{100 * change:+.1f}" for change in areas.filter(pl.col("area").is_in(list(known)))["change"]]),
    )
    widest = max(float(rows.select(pl.col("change").abs().max()).item()), 0.01)
    base = alt.Chart(inline(rows.select("scenario", "area", "short", "said", "column", "row", "change", "today", "then"))).encode(
        x=alt.X("column:O", axis=None), y=alt.Y("row:O", axis=None)
    )
    colour = alt.Color(
        "change:Q",
        title="change, points",
        scale=alt.Scale(scheme="redblue", domain=[-widest, 0, widest]),
        legend=alt.Legend(labelExpr="format(100 * datum.value, '+.0f')"),
    )
    dark = f"abs(datum.change) > {0.6 * widest}"
    ink = alt.condition(dark, alt.value("white"), alt.value("#0b0c0c"))
    drawn = (
        alt.layer(
            base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour, tooltip=["area:N", "today:Q", "then:Q"]),
            base.mark_text(dy=-6, fontSize=10).encode(text="short:N", color=ink),
            base.mark_text(dy=7, fontSize=10).encode(text="said:N", color=ink),
        )
        .properties(width=WIDTH // 2 - 30, height=260)
        .facet(facet=alt.Facet("scenario:N", title=None, sort=rows["scenario"].unique(maintain_order=True).to_list()), columns=2)
    )
    worst = areas.sort("change").row(0, named=True)
    alt_text = (
        f"Tile maps of {len(known)} areas, coloured by the change of the share reached within target, in points. The largest loss is "
        f"{worst['area']}, {100 * worst['change']:+.1f} points, when: {worst['scenario']}."
    )
    title = f"{worst['area']} loses most: {100 * worst['change']:+.1f} points ({worst['scenario']})"
    return Chart(title=title, spec=spec(drawn), alt=alt_text, table="areas")


def tile_places(places: Mapping[str, tuple[float, float]]) -> dict[str, tuple[int, int]]:
    """A cell of a grid for each area, as near as can be to where it lies: column from the west, row from the north.

    Source: assignment of least squared distance, Kuhn (1955).

    Example:
        >>> tile_places({"west": (0, 0), "middle": (10, 0), "east": (20, 0)})
        {'west': (0, 0), 'middle': (1, 0), 'east': (2, 0)}
    """
    at = np.array(list(places.values()), dtype=np.float64)
    span = np.maximum(at.max(axis=0) - at.min(axis=0), 1e-9)
    wide = min(6.0, max(1 / 6, float(span[0] / span[1])))
    columns = max(1, min(len(at), round(np.sqrt(len(at) * ROOM * wide))))
    rows = max(1, int(np.ceil(len(at) * (ROOM if 1 < columns < len(at) else 1.0) / columns)))
    spots = np.array([(column, row) for row in range(rows) for column in range(columns)])
    scaled = (at - at.min(axis=0)) / span * np.array([columns - 1, rows - 1])
    scaled[:, 1] = rows - 1 - scaled[:, 1]
    cost = ((scaled[:, None, :] - spots[None, :, :]) ** 2).sum(axis=2)
    area, cell = linear_sum_assignment(cost)
    names = list(places)
    return {names[number]: (int(spots[place][0]), int(spots[place][1])) for number, place in zip(area, cell, strict=True)}


def short_names(names: Sequence[str]) -> dict[str, str]:
    """The first letters of each name, as many as tell it from the others.

    Example:
        >>> short_names(["Haringey", "Harrow", "Bexley"])
        {'Haringey': 'Hari', 'Harrow': 'Harr', 'Bexley': 'Bexl'}
    """
    short = {}
    for name in names:
        length = LEAST_LETTERS
        while length < len(name) and any(other != name and other[:length] == name[:length] for other in names):
            length += 1
        short[name] = name[:length]
    return short


def lending(table: pl.DataFrame, scenario: str) -> Chart | None:
    """Who lends to whom: the area that was helped down, the lender across."""
    away = table.filter(pl.col("area") != pl.col("lender"))
    if away.height == 0:
        return None
    drawn = (
        alt.Chart(inline(away), width=WIDTH - 100, height=WIDTH - 160)
        .mark_rect()
        .encode(
            x=alt.X("lender:N", title="lends", axis=alt.Axis(labelAngle=-90)),
            y=alt.Y("area:N", title="is helped"),
            color=alt.Color("units_a_week:Q", title="units a week", scale=alt.Scale(scheme="blues", zero=True)),
        )
    )
    top = away.sort("units_a_week", descending=True).row(0, named=True)
    most = f"{top['units_a_week']:.1f} a week, from {top['lender']} to {top['area']}"
    alt_text = f"Heat map of units sent across borders, as it would be in the simulation ({scenario}); most, {most}."
    return Chart(
        title=f"{top['lender']} would lend most, to {top['area']} (simulated: {scenario})", spec=spec(drawn), alt=alt_text, table="lending"
    )


def before_after(response: pl.DataFrame, scenarios: Sequence[str]) -> Chart | None:
    """Share within target by grade, today and in a few scenarios, with intervals."""
    rows = response.filter(pl.col("scenario").is_in(list(scenarios)) & (pl.col("grade") != "every grade") & pl.col("within").is_not_nan())
    if rows.height == 0:
        return None
    base = alt.Chart(inline(rows.select("scenario", "grade", "within", "low", "high"))).encode(
        y=alt.Y("scenario:N", title=None, sort=list(scenarios))
    )
    drawn = (
        alt.layer(
            base.mark_bar(color=BLUE).encode(
                x=alt.X("within:Q", title="reached within target", axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
            ),
            base.mark_rule(color="#0b0c0c").encode(x="low:Q", x2="high:Q"),
        )
        .properties(width=WIDTH - 200, height=22 * len(scenarios))
        .facet(row=alt.Row("grade:N", title=None, sort=rows["grade"].unique(maintain_order=True).to_list()))
    )
    listed = "; ".join(f"{row['grade']}, {row['scenario']}: {percent(row['within'])}" for row in rows.head(6).iter_rows(named=True))
    return Chart(
        title="Before and after, by grade",
        spec=spec(drawn),
        alt=f"Bars of the share reached within target by grade and scenario. {listed}.",
        table="response",
    )


def validation(rows: pl.DataFrame, grade: str) -> Chart | None:
    """Predicted against recorded 90th percentile of each area, with the 90% interval."""
    areas = rows.filter((pl.col("by") == AREA) & (pl.col("measure") == NINETIETH) & (pl.col("grade") == grade))
    if areas.height < 3:
        return None
    ends = [
        float(areas.select(pl.min_horizontal("low", "recorded").min()).item()),
        float(areas.select(pl.max_horizontal("high", "recorded").max()).item()),
    ]
    line = pl.DataFrame({"x": ends, "y": ends})
    base = alt.Chart(inline(areas.select("name", "predicted", "low", "high", "recorded")))
    scale = alt.Scale(zero=False)
    drawn = alt.layer(
        alt.Chart(inline(line)).mark_line(color=GREY, strokeDash=[4, 3]).encode(x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale)),
        base.mark_rule(color=BLUE, opacity=0.6).encode(x="recorded:Q", y="low:Q", y2="high:Q"),
        base.mark_point(color=BLUE, filled=True, size=40).encode(
            x=alt.X("recorded:Q", title="recorded, minutes"), y=alt.Y("predicted:Q", title="predicted, minutes"), tooltip=["name:N"]
        ),
    ).properties(width=WIDTH - 200, height=360)
    inside = int(areas["inside"].sum())
    return Chart(
        title=f"Weeks that were not used: {inside} of {areas.height} areas lie inside their 90% interval",
        spec=spec(drawn),
        alt=f"Points of predicted against recorded 90th percentile of {grade} response in {areas.height} areas, with 90% intervals; "
        f"{inside} intervals hold the recorded value.",
        table="validation",
    )


def _marks(rows: pl.DataFrame) -> list[float]:
    return sorted(rows["factor"].unique().to_list())
