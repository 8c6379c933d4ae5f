"""How a result shows itself in a notebook: statements, charts, tables, caveats, and where it came from."""

from html import escape
from typing import TYPE_CHECKING

import vl_convert

if TYPE_CHECKING:
    from bestvalue.analysis.contract import Chart, Result, ResultTable

ROWS_SHOWN = 20
"""Of each table; a notebook has the whole of it as `result.tables[name].rows`."""


def show(result: "Result") -> str:
    """The result as HTML; every text in it is escaped."""
    made = result.provenance
    parts = [f"<h2>{escape(result.title)}</h2>", f"<p>{escape(result.question)}</p>"]
    if made.synthetic:
        parts.append("<p><strong>Synthetic data: invented, and true of no force.</strong></p>")
    parts += ["<ul>", *(f"<li>{escape(statement.text)}</li>" for statement in result.statements), "</ul>"]
    parts += [_chart(chart) for chart in result.charts.values()]
    parts += [_table(table) for table in result.tables.values()]
    parts += ["<ul>", *(f"<li>{escape(caveat)}</li>" for caveat in result.caveats), "</ul>"]
    rows = ", ".join(f"{count:,} rows of {escape(name)}" for name, count in made.rows.items())
    parts.append(f"<p>{escape(made.analysis)}, from {rows}, seed {made.spec.get('seed')}, engine {escape(made.engine)}</p>")
    return "\n".join(parts)


def _chart(chart: "Chart") -> str:
    drawn = vl_convert.vegalite_to_svg(dict(chart.spec))
    return f'<figure role="img" aria-label="{escape(chart.alt)}">{drawn}<figcaption>{escape(chart.title)}</figcaption></figure>'


def _table(table: "ResultTable") -> str:
    heads = "".join(f'<th scope="col">{escape(_heading(table, column))}</th>' for column in table.rows.columns)
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in table.rows.head(ROWS_SHOWN).iter_rows())
    more = f"<p>{table.rows.height - ROWS_SHOWN:,} more rows</p>" if table.rows.height > ROWS_SHOWN else ""
    note = f"<p>{escape(table.note)}</p>" if table.note else ""
    return f"<table><caption>{escape(table.title)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>{more}{note}"


def _heading(table: "ResultTable", column: str) -> str:
    label, unit = table.labels.get(column, column.replace("_", " ")), table.units.get(column, "")
    return f"{label} ({unit})" if unit and unit not in label else label


def _cell(value: object) -> str:
    if value is None:
        return "<td></td>"
    text = (
        f"{value:,.6g}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int) and not isinstance(value, bool)
        else str(value)
    )
    return f"<td>{escape(text)}</td>"
