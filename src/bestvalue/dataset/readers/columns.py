"""Columns of published layouts as values: numbers, times and names of rows, with what could not be read counted."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from bestvalue.dataset.checks.conditions import EARLIEST_YEAR
from bestvalue.dataset.checks.values import read_values
from bestvalue.dataset.contracts import Kind
from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.files.source import stem


def texts(batch: TextRows, *names: str) -> pl.Series:
    """The first of these columns that the file has; empty where it has none."""
    for name in names:
        if name in batch.frame.columns:
            return batch.frame[name]
    return constant(batch, None)


def constant(batch: TextRows, value: str | None) -> pl.Series:
    """The same text for every row."""
    return pl.Series([value], dtype=pl.String()).new_from_index(0, batch.frame.height)


def numbers(batch: TextRows, name: str, *, notes: Counter[str], low: float | None = None, high: float | None = None) -> pl.Series:
    """A column of numbers; one that is no number, or outside its bounds, is left empty and noted."""
    written = texts(batch, name)
    values = read_values(written, Kind.NUMBER, time_zone="UTC").values
    if low is not None:
        values = only(values, values >= low)
    if high is not None:
        values = only(values, values <= high)
    notes[f"{name} is no number that can be used, and is left empty"] += values.null_count() - written.null_count()
    return values


def times(written: pl.Series, formats: Sequence[str]) -> pl.Series:
    """Times without a zone, by the first format that reads each; null for what none reads."""
    # A format with four digits of year reads "17" as the year 17, and would keep the format with two digits from it.
    readings = (written.str.to_datetime(form, strict=False, time_unit="us") for form in formats)
    return pl.select(pl.coalesce(only(reading, reading.dt.year() >= EARLIEST_YEAR) for reading in readings)).to_series()


def only(values: pl.Series, keep: pl.Series) -> pl.Series:
    """The values where `keep` is true, and null elsewhere."""
    return pl.select(pl.when(keep).then(values)).to_series()


def row_names(batch: TextRows) -> pl.Series:
    """A name for rows that the publisher does not number: the file's name and the row in it."""
    file = stem(batch.source.path.with_name(batch.source.shown.replace("/", " ")))
    return pl.Series(batch.row_numbers).cast(pl.String).rename("row").to_frame().select(pl.format(f"{file} row {{}}", "row")).to_series()


def place_names(written: pl.Series) -> pl.Series:
    """Names in capitals as people write them: "KINGSTON UPON THAMES" as "Kingston upon Thames"."""
    names = written.str.to_titlecase()
    for word in ("And", "Upon", "Of", "The"):
        names = names.str.replace_all(f" {word} ", f" {word.lower()} ", literal=True)
    return names


def sentence_case(written: pl.Series) -> pl.Series:
    """Texts in capitals or title case as a sentence begins: one spelling for all editions of a publication."""
    small = written.str.to_lowercase()
    return small.str.slice(0, 1).str.to_uppercase() + small.str.slice(1)
