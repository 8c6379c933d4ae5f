"""Which units are there, when are they on duty, and when were they taken away? The establishment, ready to be scaled and moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

MINUTES_OF_WEEK = 7 * 1_440
WEEK_SECONDS = 7 * 86_400


@dataclass(frozen=True, kw_only=True)
class Pool:
    """One pool: its code, name, area (None: support), minimum on duty, and pence for a unit-hour (None: not given)."""

    pool_id: str
    name: str
    area: int | None
    minimum_units: int
    unit_hour_pence: float | None


@dataclass(frozen=True, kw_only=True)
class Establishment:
    """Pools in the order of the simulation (one local pool an area, then support) and their units.

    Args:
        areas: code of each area; area_names as reports print them.
        centres: metres east and north of each area, None where not known.
        neighbours: bool array (areas, areas): row may borrow from column.
        pools: see there.
        unit_ids: one a unit, in order of pool.
        unit_pool, unit_east, unit_north: arrays (units).
        skills: names; unit_skills: bits, array (units).
        unit_base: names of their bases, "" where not given.
        turns: array (turns, 4): unit, first minute of the week, length and break in minutes.
        away: array (spells, 4): week of the window, unit, first and last second of that week.
        away_reasons: unit-hours taken away in the window, by pool and reason.
        account: rows of units, shifts, abstractions: used and left out.
    """

    areas: tuple[str, ...]
    area_names: tuple[str, ...]
    centres: tuple[tuple[float, float] | None, ...]
    neighbours: NDArray[np.bool_]
    pools: tuple[Pool, ...]
    unit_ids: tuple[str, ...]
    unit_pool: NDArray[np.int32]
    unit_east: NDArray[np.float64]
    unit_north: NDArray[np.float64]
    skills: tuple[str, ...]
    unit_skills: NDArray[np.uint64]
    unit_base: tuple[str, ...]
    turns: NDArray[np.int64]
    away: NDArray[np.int64]
    away_reasons: pl.DataFrame
    account: pl.DataFrame

    @property
    def empty_pools(self) -> tuple[str, ...]:
        """Names of pools without a unit on duty at any time."""
        on_duty = set(self.unit_pool[np.unique(self.turns[:, 0])].tolist())
        return tuple(pool.name for number, pool in enumerate(self.pools) if number not in on_duty)

    def duty_hours_a_week(self) -> NDArray[np.float64]:
        """Unit-hours on duty in a week by the shifts, array (pools)."""
        hours = np.bincount(self.unit_pool[self.turns[:, 0]], self.turns[:, 2] / 60, len(self.pools))
        return hours.astype(np.float64)


def read_places(dataset: Dataset) -> dict[str, tuple[float, float] | None]:
    """Areas that a local pool serves, with their centres where the areas table gives them.

    Raises:
        SpecError: no pool is local.
    """
    pools = dataset.query("SELECT DISTINCT area_id FROM pools WHERE level = 'local' AND area_id IS NOT NULL ORDER BY area_id")
    if pools.height == 0:
        raise SpecError("No pool is local", where="pools: level, area_id", next_step="Give at least one pool with level local and an area.")
    centres: dict[str, tuple[float, float] | None] = dict.fromkeys(pools["area_id"].to_list())
    if "areas" in dataset.tables:
        known = dataset.query("SELECT area_id, centroid_easting_m, centroid_northing_m FROM areas WHERE centroid_easting_m IS NOT NULL")
        centres |= {area: (east, north) for area, east, north in known.iter_rows() if area in centres}
    return centres


def read_establishment(dataset: Dataset, window: Window, places: Mapping[str, tuple[float, float] | None]) -> Establishment:
    """Read pools, units, skills, shifts and abstractions; units without a shift and what does not fit are left out and counted.

    Raises:
        SpecError: no unit has a shift, or there are more skills than the simulation can hold.
    """
    areas = tuple(places)
    pools, number_of_pool = _pools(dataset, areas)
    units, accounts = _units(dataset, number_of_pool, places)
    turns, turn_account = _turns(dataset, units)
    worked = units.filter(pl.col("unit_id").is_in(turns["unit_id"].unique().implode()))
    accounts.append(("units", "no shift", units.height - worked.height, "left out: never on duty"))
    accounts.append(("units", "used", worked.height, "can be sent"))
    if worked.height == 0:
        raise SpecError("No unit has a shift", where="shifts: unit_id", next_step="Give the turns of duty that each unit works every week.")
    number_of_unit = {unit: number for number, unit in enumerate(worked["unit_id"])}
    skills, unit_skills = _skills(dataset, number_of_unit)
    away, reasons, away_account = _away(dataset, window, number_of_unit, dict(zip(worked["unit_id"], worked["pool"], strict=True)))
    rows = [*accounts, *turn_account, *away_account]
    return Establishment(
        areas=areas,
        area_names=_area_names(dataset, areas),
        centres=tuple(places.values()),
        neighbours=_neighbours(dataset, areas),
        pools=pools,
        unit_ids=tuple(worked["unit_id"]),
        unit_pool=worked["pool"].to_numpy().astype(np.int32),
        unit_east=worked["base_easting_m"].to_numpy().astype(np.float64),
        unit_north=worked["base_northing_m"].to_numpy().astype(np.float64),
        skills=skills,
        unit_skills=unit_skills,
        unit_base=tuple(worked["base_name"]),
        turns=_as_numbers(turns, number_of_unit),
        away=away,
        away_reasons=reasons,
        account=pl.DataFrame(rows, schema={"table": pl.String, "what": pl.String, "rows": pl.Int64, "rule": pl.String}, orient="row"),
    )


def _area_names(dataset: Dataset, areas: tuple[str, ...]) -> tuple[str, ...]:
    if "areas" not in dataset.tables:
        return areas
    names = dict(dataset.query("SELECT area_id, area_name FROM areas").iter_rows())
    return tuple(names.get(area, area) for area in areas)


def _neighbours(dataset: Dataset, areas: tuple[str, ...]) -> NDArray[np.bool_]:
    borders = np.zeros((len(areas), len(areas)), dtype=np.bool_)
    if "area_neighbours" in dataset.tables:
        number = {area: index for index, area in enumerate(areas)}
        for area, neighbour in dataset.query("SELECT area_id, neighbour_id FROM area_neighbours").iter_rows():
            if area in number and neighbour in number:
                borders[number[area], number[neighbour]] = True
    return borders


def _pools(dataset: Dataset, areas: tuple[str, ...]) -> tuple[tuple[Pool, ...], dict[str, int]]:
    """Pools in order, and the number of each; several local pools of one area are one to the simulation."""
    rows = dataset.query("SELECT pool_id, pool_name, level, area_id, minimum_units, unit_hour_pence FROM pools ORDER BY pool_id")
    numbers: dict[str, int] = {}
    pools: list[Pool] = []
    for index, area in enumerate(areas):
        same = rows.filter((pl.col("level") == "local") & (pl.col("area_id") == area))
        numbers |= dict.fromkeys(same["pool_id"].to_list(), index)
        price = same["unit_hour_pence"].mean()
        pools.append(
            Pool(
                pool_id=same["pool_id"][0],
                name=" and ".join(same["pool_name"]),
                area=index,
                minimum_units=int(same["minimum_units"].sum()),
                unit_hour_pence=None if price is None else float(price),  # type: ignore[arg-type] # polars types mean() as any scalar
            )
        )
    for row in rows.filter(pl.col("level") == "support").iter_rows(named=True):
        numbers[row["pool_id"]] = len(pools)
        pence = row["unit_hour_pence"]
        pools.append(
            Pool(
                pool_id=row["pool_id"],
                name=row["pool_name"],
                area=None,
                minimum_units=int(row["minimum_units"]),
                unit_hour_pence=None if pence is None else float(pence),
            )
        )
    return tuple(pools), numbers


def _units(
    dataset: Dataset, number_of_pool: Mapping[str, int], places: Mapping[str, tuple[float, float] | None]
) -> tuple[pl.DataFrame, list[tuple[str, str, int, str]]]:
    """Units with the number of their pool, in its order; a unit without a base starts from the centre of its area."""
    rows = dataset.query(
        "SELECT unit_id, pool_id, COALESCE(base_name, '') AS base_name, base_area_id, base_easting_m, base_northing_m "
        "FROM units ORDER BY unit_id"
    )
    known = [at for at in places.values() if at is not None]
    middle = tuple(np.mean(known, axis=0)) if known else (None, None)
    area_of_pool = dict(dataset.query("SELECT pool_id, area_id FROM pools").iter_rows())

    def base(row: dict[str, object], axis: int) -> float | None:
        here = row["base_easting_m" if axis == 0 else "base_northing_m"]
        if here is not None:
            return float(here)  # type: ignore[arg-type] # a row of polars is untyped
        at = places.get(str(row["base_area_id"])) or places.get(str(area_of_pool.get(str(row["pool_id"]))))
        found = middle[axis] if at is None else at[axis]
        return None if found is None else float(found)

    units = rows.with_columns(
        pool=pl.col("pool_id").replace_strict(dict(number_of_pool), default=None, return_dtype=pl.Int32),
        base_easting_m=pl.Series([base(row, 0) for row in rows.iter_rows(named=True)], dtype=pl.Float64),
        base_northing_m=pl.Series([base(row, 1) for row in rows.iter_rows(named=True)], dtype=pl.Float64),
    )
    usable = units.filter(pl.col("pool").is_not_null() & pl.col("base_easting_m").is_not_null())
    return usable.sort("pool", "unit_id"), [
        ("units", "pool not in the table, or no base and no centre of its area", units.height - usable.height, "left out")
    ]


def _turns(dataset: Dataset, units: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[str, str, int, str]]]:
    rows = dataset.query(
        "SELECT unit_id, weekday, starts_minute, length_minutes, COALESCE(break_minutes, 0) AS break_minutes FROM shifts "
        "ORDER BY unit_id, weekday, starts_minute"
    ).with_columns(starts=(pl.col("weekday") - 1) * 1_440 + pl.col("starts_minute"))
    known = rows.filter(pl.col("unit_id").is_in(units["unit_id"].implode()))
    ends = pl.col("starts") + pl.col("length_minutes")
    # The first turn of the week may be met by the last one, which runs on past Sunday midnight.
    following = pl.col("starts").shift(-1).over("unit_id").fill_null(pl.col("starts").first().over("unit_id") + MINUTES_OF_WEEK)
    usable = known.filter(ends <= following)
    return usable, [
        ("shifts", "unit not in the table", rows.height - known.height, "left out"),
        ("shifts", "overlaps the unit's next turn", known.height - usable.height, "left out: a unit is in one place at a time"),
        ("shifts", "used", usable.height, "worked every week"),
    ]


def _as_numbers(turns: pl.DataFrame, number_of_unit: Mapping[str, int]) -> NDArray[np.int64]:
    numbered = turns.with_columns(unit=pl.col("unit_id").replace_strict(dict(number_of_unit), return_dtype=pl.Int64))
    return numbered.sort("unit", "starts").select("unit", "starts", "length_minutes", "break_minutes").to_numpy().astype(np.int64)


def _skills(dataset: Dataset, number_of_unit: Mapping[str, int]) -> tuple[tuple[str, ...], NDArray[np.uint64]]:
    bits = np.zeros(len(number_of_unit), dtype=np.uint64)
    if "unit_skills" not in dataset.tables:
        return (), bits
    rows = dataset.query("SELECT unit_id, skill FROM unit_skills ORDER BY skill, unit_id")
    skills = tuple(rows["skill"].unique(maintain_order=True))
    if len(skills) > 64:
        raise SpecError(
            f"There are {len(skills)} skills; the simulation holds 64", where="unit_skills", next_step="Join skills that are the same."
        )
    for unit, skill in rows.iter_rows():
        if unit in number_of_unit:
            bits[number_of_unit[unit]] |= np.uint64(1 << skills.index(skill))
    return skills, bits


def _away(
    dataset: Dataset, window: Window, number_of_unit: Mapping[str, int], pool_of_unit: Mapping[str, int]
) -> tuple[NDArray[np.int64], pl.DataFrame, list[tuple[str, str, int, str]]]:
    empty = pl.DataFrame(schema={"pool": pl.Int64, "reason": pl.String, "unit_hours": pl.Float64})
    if "abstractions" not in dataset.tables:
        return np.zeros((0, 4), dtype=np.int64), empty, []
    rows = dataset.query("SELECT unit_id, reason, starts_at, ends_at FROM abstractions ORDER BY unit_id, starts_at, ends_at")
    inside = rows.filter((pl.col("starts_at") < window.ends) & (pl.col("ends_at") > window.starts))
    known = inside.filter(pl.col("unit_id").is_in(list(number_of_unit)) & (pl.col("ends_at") > pl.col("starts_at")))
    account = [
        ("abstractions", "outside the weeks that are replayed", rows.height - inside.height, "left out"),
        ("abstractions", "unit has no shift or is not in the table, or ends before it starts", inside.height - known.height, "left out"),
        ("abstractions", "used", known.height, "replayed with its week"),
    ]
    spells = [
        (week, number_of_unit[unit], low, high)
        for unit, starts, ends in known.select("unit_id", "starts_at", "ends_at").iter_rows()
        for week, low, high in _by_week(starts, ends, window)
    ]
    hours = (
        known.with_columns(
            pool=pl.col("unit_id").replace_strict(dict(pool_of_unit), return_dtype=pl.Int64),
            seconds=(
                pl.min_horizontal("ends_at", pl.lit(window.ends)) - pl.max_horizontal("starts_at", pl.lit(window.starts))
            ).dt.total_seconds(),
        )
        .group_by("pool", "reason")
        .agg(unit_hours=pl.col("seconds").sum() / 3_600)
        .sort("pool", "reason")
    )
    return np.array(spells, dtype=np.int64).reshape(-1, 4), hours, account


def _by_week(starts: datetime, ends: datetime, window: Window) -> list[tuple[int, int, int]]:
    """A spell cut at Monday midnights: week of the window, first and last second of that week."""
    low = int((max(starts, window.starts) - window.starts) / timedelta(seconds=1))
    high = int((min(ends, window.ends) - window.starts) / timedelta(seconds=1))
    parts = []
    while low < high:
        week = low // WEEK_SECONDS
        end = min(high, (week + 1) * WEEK_SECONDS)
        parts.append((week, low - week * WEEK_SECONDS, end - week * WEEK_SECONDS))
        low = end
    return parts
