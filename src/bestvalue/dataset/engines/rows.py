"""What types do answers have? The same few from every engine, whatever its own arithmetic makes of them."""

import polars as pl
import pyarrow as pa


def plain_rows(answer: pa.Table) -> pl.DataFrame:
    """An engine's answer as a polars table of plain types.

    DuckDB adds whole numbers up to 128 bits and Spark counts weekdays in 32; both keep `1.5` as a decimal. Whole numbers come
    out as Int64, other numbers as Float64, times as microseconds without a zone, texts as String.

    Args:
        answer: as Arrow, any number of rows.

    Raises:
        polars.exceptions.InvalidOperationError: a whole number does not fit 64 bits.
    """
    frame = pl.DataFrame(answer)
    return frame.with_columns(_plain(frame[name]) for name in frame.columns)


def _plain(values: pl.Series) -> pl.Series:
    kind = values.dtype
    if kind.is_integer() or (isinstance(kind, pl.Decimal) and kind.scale == 0):
        return values.cast(pl.Int64)
    if kind.is_numeric():
        return values.cast(pl.Float64)
    if isinstance(kind, pl.Datetime):
        return values.dt.replace_time_zone(None).cast(pl.Datetime("us"))
    if isinstance(kind, pl.Categorical | pl.Enum):
        return values.cast(pl.String)
    return values
