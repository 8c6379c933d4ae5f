"""Who was involved? True persons, and the records that each borough keeps of them: incomplete, misspelt and out of date."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.crime import Crimes, crime_ids
from bestvalue.dataset.synthetic.names import borne, mistyped, name_lists
from bestvalue.dataset.synthetic.parquet import TableWriter, coded, numbered
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import crime

NAMED_SHARE, NAMED_IN_SERIES_SHARE = 0.22, 0.45
"""Share of crimes with a suspect on record."""

CRIMES_A_PERSON = 2.5
TRAVELLING_SHARE = 0.45
"""Share of offenders who offend where they do not live, the nearer the likelier."""

TRAVEL_METRES = 6_000.0
CHARGED_SHARE = 0.4
SAME_BOROUGH_TWICE = 0.06
"""Chance that a borough opens a second record for a person that it knows."""

SLIPS = {"given": 0.09, "family": 0.08, "birth_swapped": 0.03, "birth_year": 0.02, "birth_missing": 0.05, "moved": 0.15}
MISSING = {"postcode": 0.10, "phone": 0.45}
OLDEST, YOUNGEST = date(1955, 1, 1), date(2010, 1, 1)
POSTCODES_A_BOROUGH = 900


@dataclass(frozen=True, kw_only=True)
class Involvements:
    """Pairs of crime and true person, and the record under which the borough keeps that person."""

    crime: NDArray[np.int64]
    person: NDArray[np.int64]
    record: NDArray[np.int64]
    charged: NDArray[np.bool_]


def write_persons(folder: Path, truth: Truth, crimes: Crimes, *, seed: int) -> list[TableWriter]:
    """Write nominals and involvements."""
    chance = stream(seed, "persons")
    home, person_of_crime, named = _offenders(crimes, chance)
    records, involved = _records(crimes, person_of_crime, named, chance)
    nominals = _write_nominals(folder, records, home, stream(seed, "nominals"))
    with TableWriter(crime.INVOLVEMENTS, folder) as involvements:
        involvements.write(
            {
                "crime_id": crime_ids(involved.crime),
                "nominal_id": nominal_ids(involved.record),
                "role": coded(involved.charged.astype(np.int64), ["suspect", "charged"]),
            }
        )
    codes = np.array([borough.code for borough in BOROUGHS])
    who = pl.DataFrame(
        {
            "nominal_id": [f"N-{number + 1:07d}" for number in range(len(records))],
            "person": records["person"],
            "home_area_id": codes[home[records["person"].to_numpy()]],
        }
    )
    truth.table("persons", who, means="The true person behind each person record, and the home: records of one person are duplicates.")
    return [nominals, involvements]


def nominal_ids(serials: NDArray[np.int64]) -> object:
    """Ids of person records by their number, from 0."""
    return numbered("N-", serials + 1, digits=7)


def _offenders(crimes: Crimes, chance: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Home of each person, the person behind each crime that has a named one, and the numbers of those crimes."""
    share = np.where(crimes.series > 0, NAMED_IN_SERIES_SHARE, NAMED_SHARE)
    named = np.flatnonzero(chance.random(len(share)) < share)
    people = max(len(BOROUGHS), round(len(named) / CRIMES_A_PERSON))
    residents = np.array([borough.residents for borough in BOROUGHS], dtype=np.float64)
    home = np.sort(chance.choice(len(BOROUGHS), size=people, p=residents / residents.sum()))
    at = np.array([(borough.easting_m, borough.northing_m) for borough in BOROUGHS])
    apart = np.linalg.norm(at[:, None] - at[None], axis=2)
    pull = residents[:, None] * np.exp(-apart / TRAVEL_METRES)
    np.fill_diagonal(pull, 0.0)
    come_from = crimes.borough[named].copy()
    travelling = chance.random(len(named)) < TRAVELLING_SHARE
    for borough in range(len(BOROUGHS)):
        here = np.flatnonzero(travelling & (crimes.borough[named] == borough))
        come_from[here] = chance.choice(len(BOROUGHS), size=len(here), p=pull[:, borough] / pull[:, borough].sum())
    first = np.searchsorted(home, np.arange(len(BOROUGHS) + 1))
    # A few people do much of it: the square of an even number leans towards the first of each borough.
    lean = chance.random(len(named)) ** 2
    person = first[come_from] + (lean * (first[come_from + 1] - first[come_from])).astype(np.int64)
    leader = np.zeros(int(crimes.series.max()) + 1, dtype=np.int64)
    leader[crimes.series[named]] = person
    return home, np.where(crimes.series[named] > 0, leader[crimes.series[named]], person), named


def _records(
    crimes: Crimes, person: NDArray[np.int64], named: NDArray[np.int64], chance: np.random.Generator
) -> tuple[pl.DataFrame, Involvements]:
    """One record for each person and borough that dealt with them, sometimes two; and who is involved in what under which."""
    again = (chance.random(len(named)) < SAME_BOROUGH_TWICE).astype(np.int64)
    pairs = pl.DataFrame({"person": person, "borough": crimes.borough[named], "again": again, "opened": crimes.opened[named]})
    records = pairs.group_by("borough", "person", "again").agg(pl.col("opened").min()).sort("opened", "borough", "person", "again")
    found = pairs.join(
        records.with_row_index("record").drop("opened"), on=["borough", "person", "again"], how="left", maintain_order="left"
    )
    involved = Involvements(
        crime=named,
        person=person,
        record=found["record"].cast(pl.Int64).to_numpy(),
        charged=chance.random(len(named)) < CHARGED_SHARE,
    )
    return records, involved


def _write_nominals(folder: Path, records: pl.DataFrame, home: NDArray[np.int64], chance: np.random.Generator) -> TableWriter:
    given_names, family_names = name_lists()
    person, size = records["person"].to_numpy(), len(records)
    given, family = borne(chance, given_names, len(home))[person], borne(chance, family_names, len(home))[person]
    born = chance.integers(0, (YOUNGEST - OLDEST).days, len(home))[person]
    woman = (chance.random(len(home)) < 0.2)[person]
    lives = home[person]
    moved = chance.random(size) < SLIPS["moved"]
    home_now = np.where(moved & (chance.random(size) < 0.5), chance.integers(0, len(BOROUGHS), size), lives)
    postcode = np.where(moved, chance.integers(0, POSTCODES_A_BOROUGH, size), chance.integers(0, POSTCODES_A_BOROUGH, len(home))[person])
    phone = chance.integers(0, 10_000_000, len(home))[person]
    with TableWriter(crime.NOMINALS, folder) as writer:
        writer.write(
            {
                "nominal_id": nominal_ids(np.arange(size)),
                "area_id": coded(records["borough"].to_numpy(), [borough.code for borough in BOROUGHS]),
                "recorded_on": np.datetime64(period.FIRST_DAY, "D") + (records["opened"].to_numpy() // period.DAY).astype("timedelta64[D]"),
                "given_name": _written(chance, given_names[given], SLIPS["given"]),
                "family_name": _written(chance, family_names[family], SLIPS["family"]),
                "birth_date": _births(chance, born),
                "sex": coded(woman.astype(np.int64), ["male", "female"]),
                "postcode": _postcodes(home_now, postcode, chance.random(size) < MISSING["postcode"]),
                "home_area_id": coded(home_now, [borough.code for borough in BOROUGHS], empty=chance.random(size) < MISSING["postcode"]),
                "phone": [
                    None if gap else f"0999 {number:07d}" for gap, number in zip(chance.random(size) < MISSING["phone"], phone, strict=True)
                ],
            }
        )
    return writer


def _written(chance: np.random.Generator, names: NDArray[np.str_], share: float) -> list[str]:
    """The names as keyed in, a share of them with a slip."""
    written: list[str] = names.tolist()
    for row in np.flatnonzero(chance.random(len(names)) < share):
        written[row] = mistyped(chance, written[row])
    return written


def _births(chance: np.random.Generator, born: NDArray[np.int64]) -> pl.Series:
    """Dates of birth as taken down: day and month swapped, a year off, or missing, each in its share."""
    frame = pl.DataFrame({"born": np.datetime64(OLDEST, "D") + born.astype("timedelta64[D]"), "slip": chance.random(len(born))})
    swapped, year = SLIPS["birth_swapped"], SLIPS["birth_year"]
    missing = SLIPS["birth_missing"]
    day, month = pl.col("born").dt.day(), pl.col("born").dt.month()
    return frame.select(
        pl.when(pl.col("slip") < missing)
        .then(None)
        .when((pl.col("slip") < missing + swapped) & (day <= 12))
        .then(pl.date(pl.col("born").dt.year(), day, month))
        .when((pl.col("slip") >= missing + swapped) & (pl.col("slip") < missing + swapped + year))
        .then(pl.col("born").dt.offset_by("1y"))
        .otherwise(pl.col("born"))
    ).to_series()


def _postcodes(borough: NDArray[np.int64], number: NDArray[np.int64], gap: NDArray[np.bool_]) -> list[str | None]:
    """Postcodes in an area that the Post Office does not use, ZZ."""
    letters = "ABDEFGHJLN"
    return [
        None if empty else f"ZZ{area + 1:02d} {code // 100}{letters[code // 10 % 10]}{letters[code % 10]}"
        for area, code, empty in zip(borough.tolist(), number.tolist(), gap.tolist(), strict=True)
    ]
