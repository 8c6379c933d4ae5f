"""Metropolitan Police, borough-level crime: one row a borough and offence, one column a month, counts in the cells."""

from collections import Counter

import polars as pl

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import constant, only, place_names, sentence_case, texts, times
from bestvalue.dataset.readers.reader import SOURCE_ROW, Reader, Reading

_MONTH = r"^(19|20)\d{2}(0[1-9]|1[0-2])$"


def read_borough_crime(batch: TextRows, _time_zone: str) -> Reading:
    """Turn counts by month into incidents of a count: each cell is one row."""
    notes: Counter[str] = Counter()
    months = [name for name in batch.frame.columns if pl.Series([name]).str.contains(_MONTH)[0]]
    cells = _cells(batch, months)
    counts = cells["written"].cast(pl.Int64, strict=False)
    usable = (counts >= 0).fill_null(value=False)
    notes["cell of a month that holds no count, and is not used"] += int((~usable).sum())
    rows = (
        cells.with_columns(incident_count=counts)
        .filter(usable)
        .select(
            pl.concat_str("area_name", "major", "kind", "month", separator=" / ", ignore_nulls=True).alias("incident_id"),
            times(cells.filter(usable)["month"] + "01", ("%Y%m%d",)).alias("opened_at"),
            pl.lit("month").alias("time_precision"),
            pl.col("area_name").alias("area_id"),
            "area_name",
            "kind",
            "incident_count",
            SOURCE_ROW,
        )
    )
    used = pl.Series(range(batch.frame.height), dtype=pl.Int64()).is_in(rows[SOURCE_ROW].unique().implode())
    reasons = only(constant(batch, "no cell of the row holds a count"), ~used)
    return Reading(rows=rows, left_out=reasons, notes=notes)


def _cells(batch: TextRows, months: list[str]) -> pl.DataFrame:
    area = place_names(texts(batch, "BoroughName", "LookUp_BoroughName"))
    named = batch.frame.select(months).with_columns(
        pl.Series(range(batch.frame.height), dtype=pl.Int64()).alias(SOURCE_ROW),
        only(area, area != "Unknown").alias("area_name"),
        sentence_case(texts(batch, "MajorText")).alias("major"),
        sentence_case(texts(batch, "MinorText")).alias("kind"),
    )
    return named.unpivot(on=months, index=[SOURCE_ROW, "area_name", "major", "kind"], variable_name="month", value_name="written")


MPS_BOROUGHS = Reader(
    name="mps-borough-crime",
    version=1,
    title="Metropolitan Police borough-level crime",
    publisher="Metropolitan Police Service, London Datastore",
    needs=(("MajorText",), ("MinorText",), ("BoroughName", "LookUp_BoroughName")),
    read=read_borough_crime,
    repeats="its borough, offence and month stand in an earlier row",
    one_file_for=("opened_at",),
    rules=(
        "Each cell becomes one row with incident_count; opened_at is the first of the month and time_precision is month.",
        "Offences and boroughs are spelt one way for all editions, so that two editions can be read together.",
        "A month that several files hold is read from the first of them: editions divide offences differently, and would count them twice.",
        'kind is the minor offence; the borough "Unknown" is no area.',
    ),
)
