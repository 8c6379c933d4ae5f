"""How tables get into charts and charts into results: the colours, inline values, and Vega-Lite as plain data."""

from typing import Any

import altair as alt
import polars as pl

BLUE, PALE, GREY, ORANGE, BLACK = "#1d70b8", "#9cc3e6", "#505a5f", "#b8501d", "#0b0c0c"
WIDTH = 640
"""Of a chart, in pixels: what a page of the site and of a report holds."""


def inline(table: pl.DataFrame) -> alt.InlineData:
    """The values of a table; dates as text that every time zone reads as the same day, what is no number as missing.

    Example:
        >>> from datetime import date
        >>> inline(pl.DataFrame({"on": [date(2026, 4, 1)], "count": [float("nan")]})).values
        [{'on': '2026-04-01T00:00:00', 'count': None}]
    """
    dates = [name for name, kind in table.schema.items() if kind == pl.Date]
    return alt.InlineData(values=table.fill_nan(None).with_columns(pl.col(dates).dt.strftime("%Y-%m-%dT00:00:00")).to_dicts())


def spec(chart: Any) -> dict[str, object]:
    """A chart of altair as a Vega-Lite specification with its data in it."""
    # Not checked against the schema: that costs more than the drawing, and a wrong chart fails when it is drawn.
    drawn: dict[str, object] = chart.to_dict(context={"pre_transform": False}, validate=False)
    return drawn
