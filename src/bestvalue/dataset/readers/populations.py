"""Published populations of forces and boroughs, by year: ONS and Home Office force tables, London boroughs long and wide."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

import polars as pl

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import numbers, only, texts
from bestvalue.dataset.readers.force_names import FORCES, force_name, is_sum
from bestvalue.dataset.readers.reader import SOURCE_ROW, Reader, Reading

_BOROUGH_CODE = r"^E09\d{6}$"
_REPEATS = "its force or borough, year and count stand in an earlier row or file"


def read_force_populations(batch: TextRows, _time_zone: str) -> Reading:
    """One row a force, one column a year ("MYE2018", "Population 2010")."""
    named = texts(batch, "name", "Label")
    names = pl.Series(
        [None if is_region(code, name) else force_name(name) for code, name in zip(texts(batch, "code"), named, strict=True)],
        dtype=pl.String,
    )
    reasons = ["the row is a sum of other rows" if is_sum(name) else "the row is no territorial force" for name in named]
    return _wide(batch, names, reasons, r"^(?:MYE|Population )(?P<year>\d{4})$")


def is_region(code: str | None, name: str | None) -> bool:
    """A region by its ONS code; "West Midlands" is both a region (E12) and a force (E23)."""
    return code is not None and not code.startswith(("E23", "W15")) and is_sum(name)


def read_boroughs_wide(batch: TextRows, _time_zone: str) -> Reading:
    """One row a borough, one column a year ("2011_Population")."""
    names = _boroughs(texts(batch, "Code"), texts(batch, "Area name", "Name"))
    return _wide(batch, names, ["the row is no borough"] * batch.frame.height, r"^(?P<year>\d{4})_Population$")


def read_boroughs_long(batch: TextRows, _time_zone: str) -> Reading:
    """One row a borough and year."""
    notes: Counter[str] = Counter()
    names = _boroughs(texts(batch, "Code"), texts(batch, "Name"))
    people, year = numbers(batch, "Population", notes=notes, low=0), numbers(batch, "Year", notes=notes)
    notes["the figure is a projection, not an estimate"] += int((~texts(batch, "Source").str.contains("MYE").fill_null(value=False)).sum())
    rows = _long(pl.DataFrame({"force_id": names, "year": year, "people": people}).with_row_index(SOURCE_ROW))
    used = pl.Series(range(batch.frame.height)).is_in(rows[SOURCE_ROW].implode())
    return Reading(
        rows=rows, left_out=only(pl.Series(["the row is no borough with a population"] * batch.frame.height), ~used), notes=notes
    )


def _boroughs(code: pl.Series, name: pl.Series) -> pl.Series:
    return only(name, code.str.contains(_BOROUGH_CODE).fill_null(value=False))


def _wide(batch: TextRows, names: pl.Series, reasons: Sequence[str], column: str) -> Reading:
    notes: Counter[str] = Counter()
    years = {name: int(match["year"]) for name in batch.frame.columns if (match := re.match(column, name))}
    parts = [
        pl.DataFrame(
            {"force_id": names, "year": [float(year)] * len(names), "people": numbers(batch, name, notes=notes, low=0)}
        ).with_row_index(SOURCE_ROW)
        for name, year in years.items()
    ]
    rows = _long(pl.concat(parts))
    used = set(rows[SOURCE_ROW])
    left_out = pl.Series([None if at in used else reason for at, reason in enumerate(reasons)], dtype=pl.String)
    return Reading(rows=rows, left_out=left_out, notes=notes)


def _long(table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(pl.all_horizontal(pl.col("force_id", "year", "people").is_not_null())).select(
        "force_id",
        pl.col("year").cast(pl.Int64),
        pl.lit("resident").alias("counted"),
        pl.col("people").round().cast(pl.Int64),
        pl.col(SOURCE_ROW).cast(pl.Int64),
    )


def _reader(
    name: str,
    title: str,
    publisher: str,
    needs: tuple[tuple[str, ...], ...],
    read: Callable[[TextRows, str], Reading],
    rules: tuple[str, ...],
) -> Reader:
    return Reader(
        name=name,
        version=1,
        title=title,
        publisher=publisher,
        needs=needs,
        read=read,
        repeats=_REPEATS,
        rules=rules,
        table="force_populations",
    )


FORCE_POPULATIONS = _reader(
    "police-force-populations",
    "Populations of police force areas",
    "Office for National Statistics; Home Office",
    (("name", "Label"), (r"^MYE\d{4}$", r"^Population \d{4}$")),
    read_force_populations,
    (
        f"Each of the {len(FORCES)} territorial forces has a row for each year that a column names; regions and countries are left out.",
        "Forces bear the one name that every reader gives them, so that populations and counts of different publishers meet.",
    ),
)
BOROUGH_POPULATIONS_WIDE = _reader(
    "london-borough-populations-by-year",
    "London borough populations, a column a year",
    "Greater London Authority",
    (("Code",), ("Area name", "Name"), (r"^\d{4}_Population$",)),
    read_boroughs_wide,
    ("Boroughs and the City of London; a row for each year that a column names.",),
)
BOROUGH_POPULATIONS = _reader(
    "london-borough-populations",
    "London borough populations and density",
    "Greater London Authority, London Datastore",
    (("Code",), ("Name",), ("Year",), ("Source",), ("Population",)),
    read_boroughs_long,
    ("Boroughs and the City of London; estimates and, for later years, the publisher's projections.",),
)
