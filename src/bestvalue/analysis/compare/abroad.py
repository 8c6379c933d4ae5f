"""The same indicators elsewhere: other countries' figures turned into pounds at equal purchasing power, with how definitions differ."""

from collections.abc import Mapping

import polars as pl

from bestvalue.analysis.compare.against import Gap
from bestvalue.analysis.compare.asked import Slice
from bestvalue.analysis.compare.printed import value_of
from bestvalue.dataset.dataset import Dataset

COMPARATORS = """
    SELECT indicator_id, comparator, country, period_starts, numerator, denominator, currency_per_pound, definition_differs, source
    FROM comparators
"""


def abroad(dataset: Dataset, found: Mapping[str, Slice], gaps: Mapping[str, Gap]) -> pl.DataFrame:
    """Comparators of the indicators that the own force has, one row each: `converted` beside `own`, and how the definition differs.

    Money is divided by the units of the country's currency that buy what one pound buys here (purchasing power parity), not by the
    rate of exchange: a salary buys what it buys where it is paid.
    """
    schema = dict.fromkeys(("indicator", "comparator", "country", "period", "definition_differs", "source"), pl.String)
    empty = pl.DataFrame(schema={**schema, "converted": pl.Float64, "own": pl.Float64})
    if "comparators" not in dataset.tables:
        return empty
    listed = dataset.query(COMPARATORS).sort("indicator_id", "comparator", "period_starts").filter(pl.col("denominator") > 0)
    rows = []
    for row in listed.iter_rows(named=True):
        one, gap = found.get(row["indicator_id"]), gaps.get(row["indicator_id"])
        if one is not None and gap is not None:
            quotient = row["numerator"] / row["denominator"] / (row["currency_per_pound"] or 1.0)
            rows.append(
                {
                    "indicator": one.indicator.name,
                    "comparator": row["comparator"],
                    "country": row["country"],
                    "period": f"from {row['period_starts']}",
                    "definition_differs": row["definition_differs"],
                    "source": row["source"],
                    "converted": value_of(one.indicator, quotient),
                    "own": value_of(one.indicator, gap.quotient),
                }
            )
    return pl.DataFrame(rows, schema=empty.schema) if rows else empty
