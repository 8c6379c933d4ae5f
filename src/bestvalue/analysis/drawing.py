"""How tables get into charts, and charts into results: inline values, and Vega-Lite as plain data."""

from typing import Any

import altair as alt
import polars as pl


def inline(table: pl.DataFrame) -> alt.InlineData:
    """The values of a table; dates as text that every time zone reads as the same day.

    Example:
        >>> from datetime import date
        >>> inline(pl.DataFrame({"on": [date(2026, 4, 1)], "count": [3]})).values
        [{'on': '2026-04-01T00:00:00', 'count': 3}]
    """
    dates = [name for name, kind in table.schema.items() if kind == pl.Date]
    return alt.InlineData(values=table.with_columns(pl.col(dates).dt.strftime("%Y-%m-%dT00:00:00")).to_dicts())


def spec_of(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """A chart as a Vega-Lite specification with its data in it."""
    # Not checked against the schema: that costs more than the drawing, and a wrong chart fails when it is drawn.
    spec: dict[str, Any] = chart.to_dict(context={"pre_transform": False}, validate=False)
    return spec
