"""Where does each force stand on the map? Squares of one size, near their neighbours, coloured by the indicator."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import altair as alt
import polars as pl

from bestvalue.analysis.compare.asked import Slice
from bestvalue.analysis.compare.printed import axis_format, printed, value_of
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLACK, ORANGE, WIDTH, inline, spec
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.readers.force_names import bare_name, force_name

Places = Mapping[str, tuple[int, int]]
"""Column from the west and row from the north, by code of the force."""

ENOUGH = 0.6
"""Of the forces compared, the share that a layout must place to be drawn: half a map misleads."""

SIZE = 56
LETTERS, LONGEST = 4, 6
"""Letters of a name that fit into a square."""


@cache
def layouts() -> Mapping[str, Places]:
    """Our own layouts by name: "police_forces" of England and Wales, and "london_boroughs"; places by name."""
    text = resources.files("bestvalue.analysis.compare").joinpath("tiles.toml").read_text(encoding="utf-8")
    return {name: {place: (column, row) for place, (column, row) in spots.items()} for name, spots in tomllib.loads(text).items()}


def places_of(dataset: Dataset, panel: Panel) -> Places:
    """The square of each force: as the table force_tiles says, or by the layout that knows most of their names; empty where none does."""
    codes = panel.values["force_id"].unique().sort().to_list()
    if "force_tiles" in dataset.tables:
        rows = dataset.query("SELECT force_id, tile_column, tile_row FROM force_tiles").sort("force_id")
        return {code: (column, row) for code, column, row in rows.iter_rows() if code in codes}
    found = [{code: spots[name] for code in codes if (name := _known(panel.name(code), spots))} for spots in layouts().values()]
    best = max(found, key=len)
    return best if len(best) >= ENOUGH * len(codes) else {}


def _known(name: str, spots: Places) -> str | None:
    """The name by which a layout knows a place; None where it does not."""
    for said in (bare_name(name), force_name(name)):
        if said in spots:
            return said
    return None


def tile_rows(one: Slice, panel: Panel, places: Places) -> pl.DataFrame:
    """force, short, tile_column, tile_row, printed of each force that has a square: the table that the map shows."""
    rows = one.rows.filter(pl.col("force_id").is_in(list(places))).sort("force_id")
    short = short_names({code: panel.name(code) for code in rows["force_id"]})
    return pl.DataFrame(
        {
            "force": [panel.name(code) for code in rows["force_id"]],
            "short": list(short.values()),
            "tile_column": [places[code][0] for code in rows["force_id"]],
            "tile_row": [places[code][1] for code in rows["force_id"]],
            "printed": [value_of(one.indicator, quotient) for quotient in rows["quotient"]],
            "own": [code == panel.own for code in rows["force_id"]],
        }
    )


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """A few letters for each code, no two alike: initials or a beginning of the name, longer where names begin alike, else the code.

    Example:
        >>> list(short_names(dict.fromkeys("ab") | {"a": "Avon and Somerset", "b": "Kent"}).values())
        ['AS', 'Kent']
        >>> list(short_names({"F1": "West Mercia", "F2": "West Midlands", "F3": "Northumbria", "F4": "Northants"}).values())
        ['WMer', 'WMid', 'Northu', 'Northa']
    """
    ways = {code: _ways(name) for code, name in names.items()}
    found = {}
    for code, mine in ways.items():
        taken = [{way for other, theirs in ways.items() if other != code for way in theirs[:place]} for place in range(1, len(mine) + 1)]
        found[code] = next((way for place, way in enumerate(mine) if way not in taken[place]), code[:LONGEST])
    return found


def _ways(name: str) -> list[str]:
    """Ways to shorten a name, the shortest first."""
    words = [word for word in bare_name(name.partition(" (")[0]).replace("-", " ").split() if word[0].isupper()]
    if len(words) > 1:
        initials = "".join(word[0] for word in words)
        return [initials, *(initials[:-1] + words[-1][:letters] for letters in (3, 5))]
    return ["".join(words)[:letters] for letters in range(LETTERS, LONGEST + 1)]


def tile_chart(one: Slice, table: pl.DataFrame) -> Chart:
    """The map; the own force has an orange frame."""
    share = one.indicator.sort == "proportion"
    said = table.with_columns(said=pl.Series([f"{value:.1%}" if share else f"{value:,.4g}" for value in table["printed"]]))
    columns, rows = (int(table[name].max()) + 1 for name in ("tile_column", "tile_row"))  # type: ignore[arg-type] # the table has rows
    low, high = float(table["printed"].min()), float(table["printed"].max())  # type: ignore[arg-type]
    base = alt.Chart(inline(said)).encode(x=alt.X("tile_column:O", axis=None), y=alt.Y("tile_row:O", axis=None))
    colour = alt.Color(
        "printed:Q",
        title=one.indicator.unit,
        scale=alt.Scale(scheme="blues", domain=[low, high] if high > low else [low - 1, high + 1]),
        legend=alt.Legend(orient="bottom", titleLimit=WIDTH, gradientLength=220, format=axis_format(one.indicator)),
    )
    ink = alt.condition(f"datum.printed > {low + 0.55 * (high - low)}", alt.value("white"), alt.value(BLACK))
    drawn = alt.layer(
        base.mark_rect(stroke="white", strokeWidth=2).encode(color=colour),
        base.transform_filter("datum.own").mark_rect(fill=None, stroke=ORANGE, strokeWidth=4),
        base.mark_text(dy=-7, fontSize=11).encode(text="short:N", color=ink),
        base.mark_text(dy=9, fontSize=11).encode(text="said:N", color=ink),
    ).properties(width=SIZE * columns, height=SIZE * rows)
    first, last = (table.sort("printed", descending=down).row(0, named=True)["force"] for down in (True, False))
    quotients = one.rows["quotient"]
    return Chart(
        title=f"{one.indicator.name}, {one.when}: a square for each of {table.height} forces",
        spec=spec(drawn),
        alt=f"Tile map of {table.height} forces, darker for more. Highest: {first}; lowest: {last}; all lie between "
        f"{printed(one.indicator, float(quotients.min()))} and {printed(one.indicator, float(quotients.max()))}.",  # type: ignore[arg-type]
        table="tiles",
    )
