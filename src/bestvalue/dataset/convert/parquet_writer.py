"""Writing the table's Parquet: whole or not at all."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

_ROWS_A_GROUP = 250_000


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A path to write to, which becomes `target` when the block ends well and vanishes when it does not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".unfinished-", suffix=target.suffix, delete=False) as made:
        unfinished = Path(made.name)
    try:
        yield unfinished
        if unfinished.exists():
            unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


class ParquetWriter:
    """Writes batches of one schema to a Parquet file.

    Args:
        path: the file.
        schema: names and polars types of the columns, in order; a batch may lack some, which are empty then.
    """

    def __init__(self, path: Path, schema: Mapping[str, pl.DataType]) -> None:
        self._schema = schema
        self._arrow_schema = pa.schema([(name, _arrow_type(kind)) for name, kind in schema.items()])
        # Without Arrow's own schema in the file every engine reads plain texts, not Arrow's large ones.
        self._writer = pq.ParquetWriter(path, self._arrow_schema, compression="zstd", compression_level=1, store_schema=False)
        self.rows = 0

    def write(self, frame: pl.DataFrame) -> None:
        """Add one batch."""
        lacking = [pl.lit(None, dtype=kind).alias(name) for name, kind in self._schema.items() if name not in frame.columns]
        whole = frame.with_columns(lacking).select(list(self._schema))
        self._writer.write_table(whole.to_arrow().cast(self._arrow_schema), row_group_size=_ROWS_A_GROUP)
        self.rows += frame.height

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()

    def __enter__(self) -> "ParquetWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _arrow_type(kind: pl.DataType) -> pa.DataType:
    known = {pl.String(): pa.string(), pl.Int64(): pa.int64(), pl.Float64(): pa.float64(), pl.Boolean(): pa.bool_(), pl.Date(): pa.date32()}
    return known.get(kind, pa.timestamp("us"))
