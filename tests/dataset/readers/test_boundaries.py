"""Boundaries as published: areas and borders, held against what the publishers themselves say and what any map shows."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bestvalue.dataset.files.boundaries import area_km2, neighbours, open_boundaries
from bestvalue.dataset.files.source import Format, Source
from bestvalue.dataset.readers.boundaries import AREA
from bestvalue.dataset.readers.force_names import FORCES
from bestvalue.dataset.report import Loaded
from bestvalue.errors import TableError

Load = Callable[..., Loaded]
LONDON, FORCE_AREAS = "london_boroughs/London_Borough_Excluding_MHW.shp", "police_force_areas/force_boundaries_ugc.geojson"


def rows(loaded: Loaded) -> pl.DataFrame:
    return pl.read_parquet(loaded.checked().parquet)


def test_boroughs_have_the_area_that_the_publisher_states(shared: Path, load: Load) -> None:
    """Column HECTARES of the file itself."""
    file = shared / "data" / LONDON
    places = rows(load([file], table="areas"))
    assert places.height == 33
    opened = open_boundaries(Source(path=file, shown=file.name, format=Format.BOUNDARIES))
    stated = next(opened.batches()).frame.select("GSS_CODE", pl.col("HECTARES", "NONLD_AREA").cast(pl.Float64))
    both = places.join(stated, left_on="area_id", right_on="GSS_CODE")
    inland, tidal = both.filter(pl.col("NONLD_AREA") == 0), both.filter(pl.col("NONLD_AREA") > 0)
    assert inland.height > 15
    assert (inland["area_km2"] * 100).to_list() == pytest.approx(inland["HECTARES"].to_list(), abs=0.01)
    # The boundary is drawn at mean high water: where there is tidal water, it leaves that out, to a fifth of a per cent.
    assert (tidal["area_km2"] * 100).to_list() == pytest.approx((tidal["HECTARES"] - tidal["NONLD_AREA"]).to_list(), rel=0.002)


def test_hackney_borders_on_six_and_its_middle_is_where_it_is(shared: Path, load: Load) -> None:
    places = rows(load([shared / "data" / LONDON], table="areas"))
    name_of = dict(places.select("area_id", "area_name").iter_rows())
    borders = rows(load([shared / "data" / LONDON], table="area_neighbours"))
    hackney = places.filter(pl.col("area_name") == "Hackney").row(0, named=True)
    mine = {name_of[code] for code in borders.filter(pl.col("area_id") == hackney["area_id"])["neighbour_id"]}
    assert mine == {"Haringey", "Waltham Forest", "Newham", "Tower Hamlets", "City of London", "Islington"}
    assert (hackney["centroid_easting_m"], hackney["centroid_northing_m"]) == pytest.approx((534_400, 185_500), abs=600)


def test_whoever_borders_on_another_is_bordered_on_by_it(shared: Path, load: Load) -> None:
    for file in (LONDON, FORCE_AREAS):
        pairs = set(rows(load([shared / "data" / file], table="area_neighbours")).select("area_id", "neighbour_id").iter_rows())
        assert pairs == {(other, one) for one, other in pairs}
        assert pairs


def test_forces_have_the_area_of_the_publishers_grid(shared: Path, load: Load) -> None:
    """Shape__Area of the file was measured on the national grid, whose scale is 0.9996 to 1.0004: areas differ by a thousandth at most."""
    file = shared / "data" / FORCE_AREAS
    found = rows(load([file], table="force_characteristics"))
    assert set(found["force_id"]) == set(FORCES)
    assert found.select("characteristic", "year").unique().rows() == [(AREA, 2016)]
    stated = {each["properties"]["PFA16NM"]: each["properties"]["Shape__Area"] / 1e6 for each in json.loads(file.read_text())["features"]}
    from bestvalue.dataset.readers.force_names import force_name

    for name, km2 in stated.items():
        assert found.filter(pl.col("force_id") == force_name(name))["value"][0] == pytest.approx(km2, rel=0.001)


def test_forces_that_share_a_border_are_a_list_of_peers(shared: Path, load: Load) -> None:
    peers = rows(load([shared / "data" / FORCE_AREAS], table="peer_lists"))
    kent = set(peers.filter(pl.col("force_id") == "Kent")["peer_force_id"])
    assert kent == {"Metropolitan Police", "Surrey", "Sussex"}
    assert set(peers.filter(pl.col("force_id") == "City of London")["peer_force_id"]) == {"Metropolitan Police"}


def test_areas_and_census_groups_stand_in_one_table(shared: Path, load: Load) -> None:
    folder = shared / "data" / "police_force_areas"
    both = rows(load([folder / "force_boundaries_ugc.geojson", folder / "force-demographics.csv"], table="force_characteristics"))
    assert {AREA, "White (% of residents)"} <= set(both["characteristic"])


def test_the_whole_earth_has_its_known_area() -> None:
    """WGS 84: 510,065,622 square kilometres; edges along a meridian or a parallel are exact in this projection."""
    earth = np.array([[-180, -90], [-180, 90], [180, 90], [180, -90], [-180, -90]], dtype=float)
    assert area_km2([earth], in_degrees=True) == pytest.approx(510_065_622, rel=1e-8)


def test_a_hole_is_no_part_of_a_place_and_has_its_own_neighbour(tmp_path: Path) -> None:
    """By hand, in metres: a square of 3 km with a hole of 1 km, and the place that fills the hole."""
    outer, hole = (
        [[0, 0], [3000, 0], [3000, 3000], [0, 3000], [0, 0]],
        [[1000, 1000], [2000, 1000], [2000, 2000], [1000, 2000], [1000, 1000]],
    )
    shapes = [("A", [outer, hole]), ("B", [hole])]
    features = [
        {"type": "Feature", "properties": {"LAD24CD": code, "LAD24NM": code}, "geometry": {"type": "Polygon", "coordinates": rings}}
        for code, rings in shapes
    ]
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    frame = next(open_boundaries(Source(path=file, shown=file.name, format=Format.BOUNDARIES)).batches()).frame
    assert frame["boundary km2"].cast(float).to_list() == [8, 1]
    assert frame["boundary neighbours"].to_list() == ["1", "0"]
    assert frame["boundary easting"].to_list() == ["1500", "1500"]


def test_a_corner_is_no_border() -> None:
    def square(x: float, y: float) -> list[np.ndarray]:
        return [np.array([[x, y], [x, y + 1], [x + 1, y + 1], [x + 1, y], [x, y]])]

    assert neighbours([square(0, 0), square(1, 1)]) == [[], []]


@pytest.mark.parametrize("content", [b"", b"{", b'{"type": "Feature"}', b'{"type": "FeatureCollection", "features": []}', b"[" * 200_000])
def test_what_is_no_file_of_boundaries_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "areas.geojson"
    file.write_bytes(content)
    with pytest.raises(TableError) as refused:
        open_boundaries(Source(path=file, shown=file.name, format=Format.BOUNDARIES))
    assert "as a shapefile with its .dbf beside it" in refused.value.next_step


def test_a_shapefile_that_is_cut_short_or_alone_is_refused(tmp_path: Path, shared: Path) -> None:
    whole = shared / "data" / LONDON
    file = tmp_path / "areas.shp"
    file.write_bytes(whole.read_bytes()[:5000])
    with pytest.raises(TableError, match=r"areas\.dbf with its names is not beside it"):
        open_boundaries(Source(path=file, shown=file.name, format=Format.BOUNDARIES))
    shutil.copy(whole.with_suffix(".dbf"), tmp_path / "areas.dbf")
    with pytest.raises(TableError, match="cannot be read"):
        open_boundaries(Source(path=file, shown=file.name, format=Format.BOUNDARIES))
