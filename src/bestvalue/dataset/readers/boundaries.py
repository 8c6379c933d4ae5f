"""Boundaries of boroughs and force areas: their names, how large they are, and who shares a border with whom."""

import re
from collections.abc import Callable
from datetime import date

import polars as pl

from bestvalue.dataset.files.boundaries import EASTING, KM2, NEIGHBOURS, NORTHING
from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import only, texts
from bestvalue.dataset.readers.force_names import force_name
from bestvalue.dataset.readers.reader import SOURCE_ROW, Reader, Reading

CODE = r"^(?i:gss_code|[a-z]{3,5}\d\dcd)$"
NAME = r"^(?i:name|[a-z]{3,5}\d\dnm)$"
FORCE_CODE = r"^(?i:pfa(?P<year>\d\d)cd)$"
"""A publisher's column of codes of police force areas bears the year of the boundaries."""

AREA = "area (square kilometres)"
NEIGHBOURING = "neighbours by shared border"
_PUBLISHER = "Office for National Statistics; Greater London Authority"
_NO_FORCE = "the place is no territorial force"


def read_areas(batch: TextRows, _time_zone: str) -> Reading:
    """One row a place: code, name, area, and its middle where the file is in metres or says it."""
    code, name = _column(batch, CODE), _column(batch, NAME)
    rows = pl.DataFrame(
        {
            "area_id": texts(batch, code),
            "area_name": texts(batch, name),
            "area_km2": batch.frame[KM2].cast(pl.Float64),
            "centroid_easting_m": _metres(batch, "BNG_E", EASTING),
            "centroid_northing_m": _metres(batch, "BNG_N", NORTHING),
            SOURCE_ROW: pl.Series(range(batch.frame.height), dtype=pl.Int64()),
        }
    )
    usable = rows["area_id"].is_not_null() & rows["area_name"].is_not_null()
    return Reading(rows=rows.filter(usable), left_out=_reasons(batch, "the place has no code or no name", used=usable))


def read_neighbours(batch: TextRows, _time_zone: str) -> Reading:
    """One row for each place and each place that it shares a border with."""
    codes = texts(batch, _column(batch, CODE)).to_list()
    pairs = [(codes[at], codes[other], at) for at, other in _pairs(batch) if codes[at] and codes[other]]
    rows = pl.DataFrame(pairs, schema={"area_id": pl.String, "neighbour_id": pl.String, SOURCE_ROW: pl.Int64}, orient="row")
    return Reading(rows=rows, left_out=_reasons(batch, "the place borders on none of the others", used=_used(batch, rows)))


def read_force_areas(batch: TextRows, _time_zone: str) -> Reading:
    """The area of each territorial force, as a characteristic."""
    forces, year = _forces(batch), _year(batch)
    rows = pl.DataFrame(
        {
            "force_id": forces,
            "characteristic": [AREA] * len(forces),
            "year": pl.Series([year] * len(forces), dtype=pl.Int64),
            "value": batch.frame[KM2].cast(pl.Float64),
            SOURCE_ROW: pl.Series(range(len(forces)), dtype=pl.Int64()),
        }
    ).filter(pl.col("force_id").is_not_null())
    return Reading(rows=rows, left_out=_reasons(batch, _NO_FORCE, used=_used(batch, rows)))


def read_force_neighbours(batch: TextRows, _time_zone: str) -> Reading:
    """The forces that share a border with each, as a list of peers."""
    forces = _forces(batch).to_list()
    pairs = [(forces[at], forces[other], at) for at, other in _pairs(batch) if forces[at] and forces[other]]
    rows = pl.DataFrame(pairs, schema={"force_id": pl.String, "peer_force_id": pl.String, SOURCE_ROW: pl.Int64}, orient="row").select(
        pl.lit(NEIGHBOURING).alias("list_name"),
        "force_id",
        "peer_force_id",
        pl.lit(date(_year(batch), 12, 31)).alias("listed_on"),
        pl.lit(f"shared borders in {batch.source.path.name}").alias("source"),
        SOURCE_ROW,
    )
    reason = "the place is no territorial force, or borders on none"
    return Reading(rows=rows, left_out=_reasons(batch, reason, used=_used(batch, rows)))


def _column(batch: TextRows, pattern: str) -> str:
    return next(name for name in batch.frame.columns if re.match(pattern, name))


def _metres(batch: TextRows, *names: str) -> pl.Series:
    found = next((name for name in names if name in batch.frame.columns), None)
    return pl.Series([None] * batch.frame.height, dtype=pl.Float64) if found is None else batch.frame[found].cast(pl.Float64, strict=False)


def _pairs(batch: TextRows) -> list[tuple[int, int]]:
    return [(at, int(other)) for at, line in enumerate(batch.frame[NEIGHBOURS]) for other in (line or "").split(";") if other]


def _forces(batch: TextRows) -> pl.Series:
    return pl.Series([force_name(name) for name in texts(batch, _column(batch, NAME))], dtype=pl.String)


def _year(batch: TextRows) -> int:
    found = re.match(FORCE_CODE, _column(batch, FORCE_CODE))
    return 2000 + int(found["year"]) if found else 0


def _used(batch: TextRows, rows: pl.DataFrame) -> pl.Series:
    return pl.Series(range(batch.frame.height), dtype=pl.Int64()).is_in(rows[SOURCE_ROW].unique().implode())


def _reasons(batch: TextRows, reason: str, *, used: pl.Series) -> pl.Series:
    return only(pl.Series([reason] * batch.frame.height, dtype=pl.String()), ~used)


def _reader(
    name: str,
    title: str,
    table: str,
    needs: tuple[tuple[str, ...], ...],
    read: Callable[[TextRows, str], Reading],
    repeats: str,
    *rules: str,
) -> Reader:
    return Reader(
        name=name, version=1, title=title, publisher=_PUBLISHER, needs=needs, read=read, repeats=repeats, rules=rules, table=table
    )


_OF_PLACES, _OF_FORCES = ((CODE,), (NAME,), (KM2,)), ((FORCE_CODE,), (NAME,), (KM2,))
_SHARED = (
    "Places share a border where they share a stretch of line; a shared corner is none, and boundaries that are cut off at the water's "
    "edge do not meet across a river."
)
BOUNDARY_AREAS = _reader(
    "boundaries-areas",
    "Boundaries of boroughs or force areas (shapefile or GeoJSON): the places",
    "areas",
    _OF_PLACES,
    read_areas,
    "its code stands in an earlier row",
    "The area is that within the boundary, in square kilometres: on the ellipsoid for degrees, on the grid for metres.",
    "The middle is given in metres, where the file is in metres or names it (BNG_E, BNG_N); it gives no people.",
)
BOUNDARY_NEIGHBOURS = _reader(
    "boundaries-neighbours",
    "Boundaries of boroughs or force areas (shapefile or GeoJSON): who borders on whom",
    "area_neighbours",
    _OF_PLACES,
    read_neighbours,
    "its pair of places stands in an earlier row",
    _SHARED,
    "Each border makes two rows: take out those over which no help goes.",
)
FORCE_AREAS = _reader(
    "boundaries-force-areas",
    "Boundaries of police force areas: how large each is",
    "force_characteristics",
    _OF_FORCES,
    read_force_areas,
    "its force stands in an earlier row",
    "The year is that of the boundaries, which the column of codes bears: PFA16CD is of 2016.",
)
FORCE_NEIGHBOURS = _reader(
    "boundaries-force-neighbours",
    "Boundaries of police force areas: a list of peers of those that share a border",
    "peer_lists",
    _OF_FORCES,
    read_force_neighbours,
    "its pair of forces stands in an earlier row",
    _SHARED,
    f'The list is called "{NEIGHBOURING}" and dated the last day of the year of the boundaries.',
)
