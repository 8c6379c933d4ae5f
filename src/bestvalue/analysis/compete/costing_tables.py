"""How is money shown in a costing's tables? In pounds, with plain headings; whole pence stay where the penny is proved."""

from collections.abc import Mapping

import polars as pl

from bestvalue.analysis.contract import ResultTable
from bestvalue.analysis.pence import PENCE_A_POUND

MONEY_LABELS = {
    "direct_pounds": "direct",
    "support_pounds": "business support",
    "overhead_pounds": "sustaining overhead",
    "total_pounds": "total",
    "low_pounds": "from",
    "high_pounds": "to",
    "each_pounds": "each",
    "cost_pounds": "cost",
}


def in_pounds(table: pl.DataFrame) -> pl.DataFrame:
    """Columns of pence as columns of pounds, which is what people read; totals of whole pence stay exact in a float of this size."""
    pence = [name for name in table.columns if name.endswith("pence")]
    return table.with_columns(pl.col(name) / PENCE_A_POUND for name in pence).rename(
        {name: f"{name.removesuffix('pence')}pounds" for name in pence}
    )


def money_table(title: str, table: pl.DataFrame, note: str, *, labels: Mapping[str, str] | None = None) -> ResultTable:
    """A table with its columns of pence in pounds, and their headings and units."""
    rows = in_pounds(table)
    money = [name for name in rows.columns if name.endswith("pounds")]
    return ResultTable(
        title=title,
        rows=rows,
        labels={name: MONEY_LABELS.get(name, name.removesuffix("pounds").replace("_", " ").strip() or "pounds") for name in money}
        | dict(labels or {}),
        units=dict.fromkeys(money, "pounds") | {name: "share" for name in rows.columns if name in ("share", "change")},
        note=note,
    )
