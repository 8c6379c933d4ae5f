"""What does a file of boundaries say? GeoJSON or a shapefile: one row a place, with its attributes, its area and whom it borders.

The area is taken on the ellipsoid where the file is in degrees, and in the plane of its grid where it is in metres. Two places border
on each other where they share a stretch of line, point by point, which publishers' files hold to: a shared corner is no border.
"""

import json
import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.files.rows import OpenFile, TextRows, tidy
from bestvalue.dataset.files.source import Source
from bestvalue.errors import TableError

KM2, NEIGHBOURS, EASTING, NORTHING = "boundary km2", "boundary neighbours", "boundary easting", "boundary northing"
"""Columns that are worked out: area, the rows it borders on (from 0, joined by semicolons), and the middle where the file is in metres."""

Ring = NDArray[np.float64]
"""Corners of a closed line, array (n, 2), the last one the first again."""

SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563
"""Of the ellipsoid WGS 84."""

M2_A_KM2 = 1_000_000
MOST_BYTES = 1 << 28
SHAPEFILE, END_OF_FIELDS = 9994, 0x0D
"""How a shapefile begins, and how the list of fields of its table ends."""

_POLYGONS = (5, 15, 25)
"""Kinds of shape of a shapefile that have an area: plain, with heights, with measures."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place: its attributes as text, and its rings, the outer ones with a positive area and holes with a negative one."""

    attributes: Mapping[str, str]
    rings: Sequence[Ring]


def open_boundaries(source: Source) -> OpenFile:
    """Make a file of boundaries ready to be read.

    Raises:
        TableError: it is no such file, is cut short, or holds no places with an area.
    """
    if source.path.stat().st_size > MOST_BYTES:
        raise _refused(source.path, f"The file is larger than {MOST_BYTES >> 20} MB")
    try:
        places = _shapefile(source.path) if source.path.suffix.lower() == ".shp" else _geojson(source.path)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, struct.error) as cause:
        raise _refused(source.path, f"The boundaries cannot be read: {cause}") from cause
    if not places:
        raise _refused(source.path, "The file holds no place with an area")
    frame = tidy(_table(places))

    def batches() -> Iterator[TextRows]:
        yield TextRows(source=source, frame=frame, row_numbers=np.arange(2, frame.height + 2))

    return OpenFile(source=source, header=frame.columns, batches=batches)


def _refused(path: Path, what: str) -> TableError:
    return TableError(what, where=path.name, next_step="Supply the boundaries as GeoJSON, or as a shapefile with its .dbf beside it.")


def _table(places: Sequence[Place]) -> pl.DataFrame:
    names = list(dict.fromkeys(name for place in places for name in place.attributes))
    in_degrees = all(np.abs(ring).max() <= 360 for place in places for ring in place.rings)
    borders = neighbours([place.rings for place in places])
    columns = {name: [place.attributes.get(name) for place in places] for name in names}
    columns[KM2] = [f"{area_km2(place.rings, in_degrees=in_degrees):.6f}" for place in places]
    columns[NEIGHBOURS] = [";".join(map(str, mine)) for mine in borders]
    if not in_degrees:
        middles = [_middle(place.rings) for place in places]
        columns |= {EASTING: [f"{x:.0f}" for x, _ in middles], NORTHING: [f"{y:.0f}" for _, y in middles]}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def neighbours(places: Sequence[Sequence[Ring]]) -> list[list[int]]:
    """For each place the others that share a stretch of its line.

    Example: three squares in an L share two sides; the first and the last meet in a corner only.
        >>> def square(x, y): return [np.array([[x, y], [x, y + 1], [x + 1, y + 1], [x + 1, y], [x, y]], dtype=float)]
        >>> neighbours([square(0, 0), square(1, 0), square(1, 1)])
        [[1], [0, 2], [1]]
    """
    owners: dict[tuple[tuple[float, float], ...], set[int]] = defaultdict(set)
    for number, rings in enumerate(places):
        for ring in rings:
            corners = [(x, y) for x, y in np.round(ring, 7).tolist()]
            for start, end in pairwise(corners):
                if start != end:
                    owners[tuple(sorted((start, end)))].add(number)
    found: list[set[int]] = [set() for _ in places]
    for several in owners.values():
        for number in several:
            found[number] |= several - {number}
    return [sorted(mine) for mine in found]


def area_km2(rings: Sequence[Ring], *, in_degrees: bool) -> float:
    """Area of a place in square kilometres, holes taken off.

    Degrees are laid out on the plane by the equal-area projection of Lambert, by way of the authalic latitude, which keeps every
    area of the ellipsoid.

    Source: Snyder, Map Projections: A Working Manual (1987), equations 3-11, 3-12 and 10-1.
    Example: the belt of one degree along the equator, on one degree of longitude, is 12,308 square kilometres and a half.
        >>> round(area_km2([np.array([[0, 0], [0, 1.0], [1, 1], [1, 0], [0, 0]])], in_degrees=True))
        12308
    """
    flat = [_equal_area(ring) for ring in rings] if in_degrees else rings
    return abs(sum(_signed(ring) for ring in flat)) / M2_A_KM2


def _equal_area(ring: Ring) -> Ring:
    square = FLATTENING * (2 - FLATTENING)
    e = np.sqrt(square)
    sine = np.sin(np.radians(ring[:, 1]))

    def q(s: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((1 - square) * (s / (1 - square * s**2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e)))

    # x = a * longitude and y = a * q / 2 keep areas: q / q_pole is the sine of the authalic latitude on a sphere of a * sqrt(q_pole / 2).
    return np.column_stack([SEMI_MAJOR_M * np.radians(ring[:, 0]), SEMI_MAJOR_M * q(sine) / 2])


def _signed(ring: Ring) -> float:
    """Area within a ring, positive where it runs clockwise; corners are counted from the first, so that large grids lose no digits."""
    x, y = (ring - ring[0]).T
    return float(np.sum(x[1:] * y[:-1] - x[:-1] * y[1:])) / 2


def _middle(rings: Sequence[Ring]) -> tuple[float, float]:
    """The centre of gravity of a place in metres."""
    total, at = 0.0, np.zeros(2)
    for ring in rings:
        near = ring - ring[0]
        x, y = near.T
        cross = x[1:] * y[:-1] - x[:-1] * y[1:]
        area = float(cross.sum()) / 2
        if area:
            centre = ring[0] + np.array([((x[1:] + x[:-1]) * cross).sum(), ((y[1:] + y[:-1]) * cross).sum()]) / (6 * area)
            total, at = total + area, at + area * centre
    return (float(at[0] / total), float(at[1] / total)) if total else (float(rings[0][0][0]), float(rings[0][0][1]))


def _geojson(path: Path) -> list[Place]:
    found = json.loads(path.read_text(encoding="utf-8-sig"))
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise ValueError("it is no collection of features")
    places = []
    for feature in found["features"]:
        rings = [
            _turned(np.array(ring, dtype=np.float64)[:, :2], clockwise=place == 0)
            for polygon in _polygons(feature["geometry"])
            for place, ring in enumerate(polygon)
        ]
        if rings:
            said = {str(name): "" if value is None else str(value) for name, value in (feature.get("properties") or {}).items()}
            places.append(Place(attributes=said, rings=rings))
    return places


def _polygons(shape: Mapping[str, Any] | None) -> list[Any]:
    match (shape or {}).get("type"):
        case "Polygon":
            return [shape["coordinates"]] if shape else []
        case "MultiPolygon":
            return list(shape["coordinates"]) if shape else []
        case _:
            return []


def _turned(ring: Ring, *, clockwise: bool) -> Ring:
    return ring if (_signed(ring) > 0) == clockwise else ring[::-1]


def _shapefile(path: Path) -> list[Place]:
    """The places of a shapefile and the attributes of the .dbf beside it. Source: ESRI Shapefile Technical Description (1998)."""
    content = path.read_bytes()
    if struct.unpack(">i", content[:4])[0] != SHAPEFILE:
        raise ValueError("it is no shapefile")
    attributes, at, places = _dbf(_beside(path)), 100, []
    while at < len(content):
        (number, words), at = struct.unpack(">2i", content[at : at + 8]), at + 8
        record, at = content[at : at + 2 * words], at + 2 * words
        if struct.unpack("<i", record[:4])[0] in _POLYGONS:
            places.append(Place(attributes=attributes[number - 1], rings=_rings(record)))
    return places


def _beside(path: Path) -> Path:
    found = next((path.with_suffix(ending) for ending in (".dbf", ".DBF") if path.with_suffix(ending).exists()), None)
    if found is None:
        raise ValueError(f"{path.stem}.dbf with its names is not beside it")
    return found


def _rings(record: bytes) -> list[Ring]:
    parts, points = struct.unpack("<2i", record[36:44])
    starts = [*struct.unpack(f"<{parts}i", record[44 : 44 + 4 * parts]), points]
    corners = np.frombuffer(record, dtype="<f8", count=2 * points, offset=44 + 4 * parts).reshape(points, 2)
    return [corners[start:end] for start, end in pairwise(starts)]


def _dbf(path: Path) -> list[dict[str, str]]:
    """Rows of a dBase table as text."""
    content = path.read_bytes()
    rows, start, length = struct.unpack("<IHH", content[4:12])
    fields, at = [], 32
    while content[at] != END_OF_FIELDS:
        fields.append((content[at : at + 11].split(b"\0")[0].decode("ascii"), content[at + 16]))
        at += 32
    found = []
    for row in range(rows):
        at = start + row * length + 1
        values = {}
        for name, width in fields:
            values[name] = content[at : at + width].decode("utf-8", errors="replace").strip()
            at += width
        found.append(values)
    return found
