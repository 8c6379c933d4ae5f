"""Which incidents say which station came, from where to where, and how long it took? Records of a service that waits at stations.

A fire brigade's published records have no units and no shifts, but they name the station that came first and give the seconds
that it took. That is enough to find the stations, their engines and the law of the drive; see `resources_stations`.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_weeks import SECONDS_OF_WEEK
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

LONGEST_SECONDS = 3_600
"""An attendance of more than an hour is taken for an error of the clock, not for a drive."""

FEWEST_INCIDENTS = 500
"""Fewer first arrivals than this cannot tell a hundred stations apart."""

MONDAY_1970_SECONDS = 4 * 86_400
"""The first Monday of 1970 was the fifth of January."""

_COLUMNS = """
    SELECT opened_at, time_precision, area_id, COALESCE(area_name, area_id) AS area, easting_m, northing_m,
           COALESCE(kind, 'not said') AS kind, COALESCE(outcome, kind, 'not said') AS outcome,
           COALESCE(place_kind, 'not said') AS place_kind, first_attendance_seconds, first_station, second_station
    FROM incidents
    ORDER BY opened_at, incident_id
"""

RULES: dict[str, pl.Expr] = {
    "no time of day": pl.col("opened_at").is_null() | pl.col("time_precision").is_in(["day", "month", "hour"]),
    "outside every area": pl.col("area_id").is_null(),
    "no place on the grid": pl.col("easting_m").is_null() | pl.col("northing_m").is_null(),
    "no first arrival: nobody sent, or not recorded": pl.col("first_attendance_seconds").is_null() | pl.col("first_station").is_null(),
    "attendance of less than a second or more than an hour": ~pl.col("first_attendance_seconds").is_between(1, LONGEST_SECONDS),
}
"""Why a row is left out; the first reason that fits is the one that counts, so that the parts add up to the whole."""


@dataclass(frozen=True, kw_only=True)
class FirstArrivals:
    """First arrivals in order of time, one array a column.

    Args:
        seconds: of the call, from 1970 on the local clock.
        east, north: metres on the grid.
        area, kind, outcome, place_kind, station: numbers into the lists of names.
        second: station that came second, -1 for none.
        attendance: seconds from sending to arrival, > 0.
        area_names, kinds, outcomes, place_kinds, stations: the lists.
    """

    seconds: NDArray[np.int64]
    east: NDArray[np.float64]
    north: NDArray[np.float64]
    area: NDArray[np.int64]
    kind: NDArray[np.int64]
    outcome: NDArray[np.int64]
    place_kind: NDArray[np.int64]
    station: NDArray[np.int64]
    second: NDArray[np.int64]
    attendance: NDArray[np.float64]
    area_names: tuple[str, ...]
    kinds: tuple[str, ...]
    outcomes: tuple[str, ...]
    place_kinds: tuple[str, ...]
    stations: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.seconds)

    @property
    def hour_of_day(self) -> NDArray[np.int64]:
        """0 to 23."""
        return self.seconds // 3_600 % 24

    @property
    def seconds_of_week(self) -> NDArray[np.int64]:
        """From Monday midnight."""
        return (self.seconds - MONDAY_1970_SECONDS) % SECONDS_OF_WEEK

    def part(self, chosen: NDArray[np.bool_]) -> "FirstArrivals":
        """Some of them, under the same names."""
        columns = ("seconds", "east", "north", "area", "kind", "outcome", "place_kind", "station", "second", "attendance")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})


@dataclass(frozen=True, kw_only=True)
class Records:
    """The first arrivals, and an account of every row that was read.

    Args:
        arrivals: what can be used.
        account: `what`, `rows`: used and left out, which add up to the rows of the table.
    """

    arrivals: FirstArrivals
    account: pl.DataFrame


STATION_COLUMNS = ("first_station", "first_attendance_seconds", "easting_m", "northing_m")
"""Columns of incidents that a brigade is inferred from."""


def has_stations(dataset: Dataset) -> bool:
    """Do the incidents name stations and times, so that the force can be taken for stations and engines?"""
    counted = dataset.query(
        "SELECT COUNT(*) AS arrivals FROM incidents WHERE first_station IS NOT NULL AND first_attendance_seconds IS NOT NULL "
        "AND easting_m IS NOT NULL"
    )
    return int(counted["arrivals"][0]) >= FEWEST_INCIDENTS


def read_records(dataset: Dataset) -> Records:
    """Read the first arrivals and count what is left out, by reason.

    Raises:
        SpecError: too few are left to tell stations apart.
    """
    rows = dataset.query(_COLUMNS)
    reason = pl.coalesce(*(pl.when(broken).then(pl.lit(why)) for why, broken in RULES.items()), pl.lit("used"))
    judged = rows.with_columns(what=reason)
    used = judged.filter(pl.col("what") == "used")
    if used.height < FEWEST_INCIDENTS:
        raise SpecError(
            f"{used.height} incidents say which station came first and how long it took; it takes {FEWEST_INCIDENTS}",
            where="incidents: first_station, first_attendance_seconds, easting_m, northing_m",
            next_step="Give more weeks, or the tables pools, units, shifts and deployments.",
        )
    order = ["used", *RULES]
    counts = dict(judged.group_by("what").len().iter_rows())
    account = pl.DataFrame({"what": order, "rows": [counts.get(what, 0) for what in order]}, schema={"what": pl.String, "rows": pl.Int64})
    return Records(arrivals=_arrays(used), account=account)


def _arrays(used: pl.DataFrame) -> FirstArrivals:
    stations = tuple(sorted(used["first_station"].unique().to_list()))
    named = ("area", "kind", "outcome", "place_kind")
    areas, kinds, outcomes, place_kinds = (tuple(sorted(used[name].unique().to_list())) for name in named)

    def numbered(column: str, names: tuple[str, ...]) -> NDArray[np.int64]:
        places = {name: number for number, name in enumerate(names)}
        return used[column].replace_strict(places, default=-1, return_dtype=pl.Int64).to_numpy().copy()

    return FirstArrivals(
        seconds=used["opened_at"].dt.epoch("s").to_numpy().copy(),
        east=used["easting_m"].to_numpy().astype(np.float64),
        north=used["northing_m"].to_numpy().astype(np.float64),
        area=numbered("area", areas),
        kind=numbered("kind", kinds),
        outcome=numbered("outcome", outcomes),
        place_kind=numbered("place_kind", place_kinds),
        station=numbered("first_station", stations),
        second=numbered("second_station", stations),
        attendance=used["first_attendance_seconds"].to_numpy().astype(np.float64),
        area_names=areas,
        kinds=kinds,
        outcomes=outcomes,
        place_kinds=place_kinds,
        stations=stations,
    )


def moment(seconds: int) -> datetime:
    """The local clock time that `seconds` from 1970 stands for."""
    return datetime.fromisoformat(str(np.datetime64(int(seconds), "s")))
