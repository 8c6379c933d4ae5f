"""Writes where the synthetic force works: areas, their neighbours and the drives between them."""

from pathlib import Path

import numpy as np

from bestvalue.dataset.synthetic.boroughs import BOROUGHS, at_night, daytime
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.synthetic.response import DETOUR
from bestvalue.dataset.tables import places

ORDINARY_METRES_A_SECOND = 7.5
"""An ordinary drive without lights, 27 km/h."""


def write_places(folder: Path) -> list[TableWriter]:
    """Write areas, area_neighbours and area_travel_times."""
    areas = write_table(
        places.AREAS,
        folder,
        {
            "area_id": [borough.code for borough in BOROUGHS],
            "area_name": [borough.name for borough in BOROUGHS],
            "area_group": [borough.group for borough in BOROUGHS],
            "resident_population": [borough.residents for borough in BOROUGHS],
            "daytime_population": [daytime(borough) for borough in BOROUGHS],
            "night_population": [at_night(borough) for borough in BOROUGHS],
            "area_km2": [borough.area_km2 for borough in BOROUGHS],
            "centroid_easting_m": [borough.easting_m for borough in BOROUGHS],
            "centroid_northing_m": [borough.northing_m for borough in BOROUGHS],
        },
    )
    pairs = [(borough.code, neighbour) for borough in BOROUGHS for neighbour in borough.neighbours]
    neighbours = write_table(
        places.AREA_NEIGHBOURS, folder, {"area_id": [pair[0] for pair in pairs], "neighbour_id": [pair[1] for pair in pairs]}
    )
    return [areas, neighbours, _write_travel_times(folder)]


def _write_travel_times(folder: Path) -> TableWriter:
    at = np.array([(borough.easting_m, borough.northing_m) for borough in BOROUGHS], dtype=np.float64)
    reach = np.sqrt([borough.area_km2 for borough in BOROUGHS]) * 1_000
    apart = np.linalg.norm(at[:, None] - at[None], axis=2)
    # Within one borough: half the side of a square as large, so that no drive takes no time.
    np.fill_diagonal(apart, reach / 2)
    codes = np.array([borough.code for borough in BOROUGHS])
    return write_table(
        places.AREA_TRAVEL_TIMES,
        folder,
        {
            "from_area_id": np.repeat(codes, len(codes)),
            "to_area_id": np.tile(codes, len(codes)),
            "travel_minutes": (DETOUR * apart / ORDINARY_METRES_A_SECOND / 60).ravel().round(1),
        },
    )
