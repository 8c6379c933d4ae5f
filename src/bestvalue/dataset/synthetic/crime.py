"""Which crimes were recorded, and which of them belong together? Crimes of the last year, with true series among them.

Every crime is an incident of the last year that ended in a record. Series are planted among burglaries, robberies and
vehicle crimes: near each other in space and time, by the same offenders in much the same manner, often over a border.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import pick, stream
from bestvalue.dataset.synthetic.demand import KINDS
from bestvalue.dataset.synthetic.demand_tables import incident_ids
from bestvalue.dataset.synthetic.incidents import OUTCOMES, Incidents
from bestvalue.dataset.synthetic.parquet import TableWriter, clock, coded, numbered, numbers, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import crime

OFFENCES = {
    # name: days of harm (invented, in the order of a sentencing scale), serious and organised
    "common assault": (5, False),
    "assault with injury": (20, False),
    "grievous bodily harm": (1_460, False),
    "homicide": (5_475, False),
    "burglary of a home": (20, False),
    "burglary of a business": (12, False),
    "robbery of a person": (365, False),
    "robbery of a business": (730, False),
    "theft from a person": (8, False),
    "shoplifting": (1, False),
    "theft of a vehicle": (20, False),
    "theft from a vehicle": (4, False),
    "criminal damage": (3, False),
    "dangerous driving": (60, False),
    "threats": (10, False),
    "affray": (40, False),
    "possession of drugs": (3, False),
    "supply of drugs": (730, True),
    "stalking": (90, False),
}

OFFENCES_BY_KIND: dict[str, dict[str, float]] = {
    "violence": {"common assault": 0.5, "assault with injury": 0.44, "grievous bodily harm": 0.0595, "homicide": 0.0005},
    "domestic": {"common assault": 0.55, "assault with injury": 0.33, "stalking": 0.10, "grievous bodily harm": 0.02},
    "burglary": {"burglary of a home": 0.7, "burglary of a business": 0.3},
    "robbery": {"robbery of a person": 0.9, "robbery of a business": 0.1},
    "theft": {"shoplifting": 0.6, "theft from a person": 0.4},
    "vehicle crime": {"theft from a vehicle": 0.7, "theft of a vehicle": 0.3},
    "antisocial behaviour": {"criminal damage": 0.7, "threats": 0.3},
    "traffic collision": {"dangerous driving": 1.0},
    "welfare": {"threats": 1.0},
    "suspicious activity": {"criminal damage": 0.8, "threats": 0.2},
    "public order": {"affray": 0.35, "threats": 0.45, "criminal damage": 0.2},
    "drugs": {"possession of drugs": 0.8, "supply of drugs": 0.2},
}

SERIES_KINDS = ("burglary", "robbery", "vehicle crime")
PREMISES = ("terraced house", "flat", "semi-detached house", "shop", "street", "car park", "underpass", "office")
ENTRIES = (
    "forced rear door",
    "window",
    "insecure door",
    "lock snapped",
    "distraction",
    "threat",
    "force",
    "keyless device",
    "glass broken",
)
PROPERTY = ("jewellery", "electronics", "cash", "phone", "vehicle", "tools", "bicycle", "nothing")

SERIES_SHARE = 0.06
"""Share of the crimes of `SERIES_KINDS` that belong to a series."""

LARGEST_SERIES, SERIES_REACH_METRES, SERIES_DAYS = 9, 6_000.0, 45
SAME_MANNER = 0.85
"""Chance that one feature of a crime in a series is the series' own."""


@dataclass(frozen=True, kw_only=True)
class Crimes:
    """Crimes of the last year in order of time; `series` is 0 for none, else its number."""

    incident: NDArray[np.int64]
    borough: NDArray[np.int64]
    kind: NDArray[np.int64]
    offence: NDArray[np.int64]
    opened: NDArray[np.int64]
    easting: NDArray[np.int64]
    northing: NDArray[np.int64]
    manner: NDArray[np.int64]
    offenders: NDArray[np.int64]
    series: NDArray[np.int64]


def record_crimes(incidents: Incidents, *, seed: int) -> Crimes:
    """The crimes that the incidents of the last year led to."""
    chance = stream(seed, "crimes")
    recorded = np.isin(incidents.outcome, [OUTCOMES.index("crime recorded"), OUTCOMES.index("arrest")])
    incident = np.flatnonzero(recorded & (incidents.opened >= period.day_number(period.LAST_YEAR_FIRST_DAY) * period.DAY))
    kind = incidents.kind[incident].astype(np.int64)
    names = list(OFFENCES)
    shares = np.array([[OFFENCES_BY_KIND[one.name].get(offence, 0.0) for offence in names] for one in KINDS])
    easting, northing = incidents.easting[incident].astype(np.int64), incidents.northing[incident].astype(np.int64)
    opened = incidents.opened[incident].astype(np.int64)
    series = _series(chance, kind, opened, easting, northing)
    background = np.stack([chance.integers(0, len(values), len(incident)) for values in (PREMISES, ENTRIES, PROPERTY)], axis=1)
    own = np.stack([chance.integers(0, len(values), series.max() + 1) for values in (PREMISES, ENTRIES, PROPERTY)], axis=1)
    alike = (series > 0)[:, None] & (chance.random((len(incident), 3)) < SAME_MANNER)
    seen = np.where(series > 0, 1 + (series % 3), chance.integers(0, 4, len(incident)))
    return Crimes(
        incident=incident,
        borough=incidents.borough[incident].astype(np.int64),
        kind=kind,
        offence=pick(chance, shares, kind).astype(np.int64),
        opened=opened,
        easting=easting,
        northing=northing,
        manner=np.where(alike, own[series], background),
        offenders=seen,
        series=series,
    )


def write_crimes(folder: Path, truth: Truth, crimes: Crimes, *, seed: int) -> list[TableWriter]:
    """Write offences and crimes."""
    names = list(OFFENCES)
    offences = write_table(
        crime.OFFENCES,
        folder,
        {
            "offence": names,
            "harm_days": [OFFENCES[name][0] for name in names],
            "serious_organised": [OFFENCES[name][1] for name in names],
        },
    )
    chance = stream(seed, "crime times")
    # Property crime is found later than it was committed: its time is known only between two ends.
    found_later = np.isin(crimes.kind, [number for number, kind in enumerate(KINDS) if kind.name in ("burglary", "vehicle crime", "theft")])
    before = np.where(found_later, chance.integers(0, 12 * period.HOUR, len(crimes.kind)), 0)
    has_manner = np.isin(crimes.kind, [number for number, kind in enumerate(KINDS) if kind.name in SERIES_KINDS])
    ids = crime_ids(np.arange(len(crimes.kind)))
    with TableWriter(crime.CRIMES, folder) as writer:
        writer.write(
            {
                "crime_id": ids,
                "incident_id": incident_ids(crimes.incident),
                "area_id": coded(crimes.borough, [borough.code for borough in BOROUGHS]),
                "offence": coded(crimes.offence, names),
                "committed_from": clock(period.ORIGIN, crimes.opened - before),
                "committed_to": clock(period.ORIGIN, crimes.opened),
                "recorded_on": np.datetime64(period.FIRST_DAY, "D") + (crimes.opened // period.DAY).astype("timedelta64[D]"),
                "easting_m": crimes.easting,
                "northing_m": crimes.northing,
                "premises": coded(crimes.manner[:, 0], PREMISES, empty=~has_manner),
                "entry_method": coded(crimes.manner[:, 1], ENTRIES, empty=~has_manner),
                "property_taken": coded(crimes.manner[:, 2], PROPERTY, empty=~has_manner),
                "offenders_seen": numbers(crimes.offenders, empty=~has_manner),
            }
        )
    inside = np.flatnonzero(crimes.series)
    planted = pl.DataFrame(
        {"crime_id": [f"CR-{number + 1:07d}" for number in inside], "series": crimes.series[inside], "borough": crimes.borough[inside]}
    )
    spans = planted.with_columns(boroughs=pl.col("borough").n_unique().over("series")).drop("borough")
    truth.table("series", spans, means="The crimes that belong to a series, and how many boroughs it spans: two or more make it level 2.")
    return [offences, writer]


def crime_ids(serials: NDArray[np.int64]) -> object:
    """Ids of crimes by their number in order of time, from 0."""
    return numbered("CR-", serials + 1, digits=7)


def _series(
    chance: np.random.Generator, kind: NDArray[np.int64], opened: NDArray[np.int64], easting: NDArray[np.int64], northing: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Number of the series of each crime: some crimes of one kind, near the first in place and soon after it, until enough."""
    series = np.zeros(len(kind), dtype=np.int64)
    number = 0
    for index in (place for place, one in enumerate(KINDS) if one.name in SERIES_KINDS):
        mine = np.flatnonzero(kind == index)
        wanted = round(SERIES_SHARE * len(mine))
        for seed_place in chance.permutation(len(mine)):
            if wanted < 2:
                break
            first = mine[seed_place]
            last = np.searchsorted(opened[mine], opened[first] + SERIES_DAYS * period.DAY)
            later = mine[seed_place:last]
            near = np.hypot(easting[later] - easting[first], northing[later] - northing[first]) < SERIES_REACH_METRES
            free = later[near & (series[later] == 0)]
            size = min(int(chance.integers(2, LARGEST_SERIES + 1)), len(free), wanted)
            if size < 2 or free[0] != first:
                continue
            number += 1
            series[first] = number
            series[chance.choice(free[1:], size=size - 1, replace=False)] = number
            wanted -= size
    return series
