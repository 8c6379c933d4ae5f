"""Which units are there, when are they on duty, and when were they taken away? The establishment, ready to be scaled and moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.challenge.resources_calibrate_away import LastingChange, find_changes, since_changes
from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.analysis.challenge.resources_calibrate_skills import read_holders
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

MINUTES_OF_WEEK = 7 * 1_440
WEEK_SECONDS = 7 * 86_400
WEEK = timedelta(days=7)
_MANNED = "SELECT DISTINCT u.pool_id AS pool_id FROM units u JOIN shifts s ON s.unit_id = u.unit_id"


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
        skills: names; unit_skills: bits, array (units), of the skills that the unit's pool is sent for.
        unit_base: names of their bases, "" where not given.
        turns: array (turns, 4): unit, first minute of the week, length and break in minutes.
        away: array (spells, 4): week of the window, unit, first and last second of that week; since the last lasting change.
        away_reasons: unit-hours taken away in the window, by pool and reason, as recorded.
        away_changes: reasons that changed for good within the window.
        account: rows of units, unit_skills, shifts, abstractions: used and left out.
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
    away_changes: tuple[LastingChange, ...]
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
    pools, number_of_pool, pool_account = _pools(dataset, areas)
    units, accounts = _units(dataset, number_of_pool, places)
    turns, turn_account = _turns(dataset, units)
    worked = units.filter(pl.col("unit_id").is_in(turns["unit_id"].unique().implode()))
    accounts.append(("units", "no shift", units.height - worked.height, "left out: never on duty"))
    accounts.append(("units", "used", worked.height, "can be sent"))
    if worked.height == 0:
        raise SpecError("No unit has a shift", where="shifts: unit_id", next_step="Give the turns of duty that each unit works every week.")
    number_of_unit = {unit: number for number, unit in enumerate(worked["unit_id"])}
    hours = turns.group_by("unit_id").agg(hours=pl.col("length_minutes").sum() / 60).join(worked, on="unit_id").sort("unit_id")
    skills, unit_skills, skill_account = _skills(dataset, window, number_of_unit, hours)
    away = _away(dataset, window, number_of_unit, pools, hours)
    rows = [*pool_account, *accounts, *turn_account, *skill_account, *away.account]
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
        away=away.spells,
        away_reasons=away.reasons,
        away_changes=away.changes,
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


def _pools(dataset: Dataset, areas: tuple[str, ...]) -> tuple[tuple[Pool, ...], dict[str, int], list[tuple[str, str, int, str]]]:
    """Pools in order, and the number of each; several local pools of one area are one to the simulation, but for those with nobody."""
    every = dataset.query("SELECT pool_id, pool_name, level, area_id, minimum_units, unit_hour_pence FROM pools ORDER BY pool_id")
    manned = pl.col("pool_id").is_in(dataset.query(_MANNED)["pool_id"].implode())
    # An area keeps its pool even where nobody is in it: its incidents happen all the same, and others reach them or nobody does.
    rows = every.filter((pl.col("level") != "local") | manned | ~manned.any().over("area_id"))
    account = [
        ("pools", "nobody in it, and others serve its area", every.height - rows.height, "left out, with its minimum and its price"),
        ("pools", "nobody in it, and no other serves its area", rows.filter(~manned).height, "kept: nobody is on duty in it"),
        ("pools", "used", rows.filter(manned).height, "local pools of one area are taken together"),
    ]
    numbers: dict[str, int] = {}
    pools: list[Pool] = []
    for index, area in enumerate(areas):
        same = rows.filter((pl.col("level") == "local") & (pl.col("area_id") == area))
        numbers |= dict.fromkeys(every.filter((pl.col("level") == "local") & (pl.col("area_id") == area))["pool_id"].to_list(), index)
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
    return tuple(pools), numbers, account


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


def _skills(
    dataset: Dataset, window: Window, number_of_unit: Mapping[str, int], hours: pl.DataFrame
) -> tuple[tuple[str, ...], NDArray[np.uint64], list[tuple[str, str, int, str]]]:
    """Names of skills, and the bits of each unit: of the skills that its pool is sent for."""
    bits = np.zeros(len(number_of_unit), dtype=np.uint64)
    if "unit_skills" not in dataset.tables:
        return (), bits, []
    rows = dataset.query("SELECT unit_id, skill FROM unit_skills ORDER BY skill, unit_id")
    skills = tuple(rows["skill"].unique(maintain_order=True))
    if len(skills) > 64:
        raise SpecError(
            f"There are {len(skills)} skills; the simulation holds 64", where="unit_skills", next_step="Join skills that are the same."
        )
    held = rows.join(hours.select("unit_id", "pool_id", "hours"), on="unit_id").sort("skill", "unit_id")
    seldom = tuple(one for one in read_holders(dataset, window, held) if one.seldom_sent)
    on_paper = {(one.pool_id, one.skill) for one in seldom}
    used = [(unit, skill) for unit, skill, pool in held.select("unit_id", "skill", "pool_id").iter_rows() if (pool, skill) not in on_paper]
    for unit, skill in used:
        bits[number_of_unit[unit]] |= np.uint64(1 << skills.index(skill))
    named = ", ".join(f"{one.pool_id} for {one.skill} ({one.sent:,} of {one.total_sent:,} requests)" for one in seldom)
    return (
        skills,
        bits,
        [
            ("unit_skills", "unit has no shift or is not in the table", rows.height - held.height, "left out"),
            (
                "unit_skills",
                "held by a pool that is not sent for it",
                held.height - len(used),
                f"not sent for it: {named}" if named else "left out",
            ),
            ("unit_skills", "used", len(used), "can be sent for it"),
        ],
    )


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """What takes units away; see `Establishment`."""

    spells: NDArray[np.int64]
    reasons: pl.DataFrame
    changes: tuple[LastingChange, ...]
    account: list[tuple[str, str, int, str]]


def _away(dataset: Dataset, window: Window, number_of_unit: Mapping[str, int], pools: tuple[Pool, ...], hours: pl.DataFrame) -> _Taken:
    if "abstractions" not in dataset.tables:
        empty = pl.DataFrame(schema={"pool": pl.Int64, "reason": pl.String, "unit_hours": pl.Float64})
        return _Taken(spells=np.zeros((0, 4), dtype=np.int64), reasons=empty, changes=(), account=[])
    rows = dataset.query("SELECT unit_id, reason, starts_at, ends_at FROM abstractions ORDER BY unit_id, starts_at, ends_at")
    inside = rows.filter((pl.col("starts_at") < window.ends) & (pl.col("ends_at") > window.starts))
    known = inside.filter(pl.col("unit_id").is_in(list(number_of_unit)) & (pl.col("ends_at") > pl.col("starts_at")))
    pool_of_unit = dict(hours.select("unit_id", pl.col("pool").cast(pl.Int64)).iter_rows())
    level = ["local" if pool.area is not None else "support" for pool in pools]
    spells = pl.DataFrame(
        [
            (week, unit, pool_of_unit[unit], level[pool_of_unit[unit]], reason or "", low, high)
            for unit, reason, starts, ends in known.iter_rows()
            for week, low, high in _by_week(starts, ends, window)
        ],
        schema={
            "week": pl.Int64,
            "unit_id": pl.String,
            "pool": pl.Int64,
            "level": pl.String,
            "reason": pl.String,
            "from": pl.Int64,
            "to": pl.Int64,
        },
        orient="row",
    ).with_columns(seconds=pl.col("to") - pl.col("from"))
    duty = {of: float(hours.filter(pl.col("pool").is_in(_of_level(level, of)))["hours"].sum()) for of in ("local", "support")}
    changes = find_changes(spells, weeks=window.weeks, duty_hours=duty)
    played = since_changes(spells, changes, weeks=window.weeks)
    early = [
        known.filter((pl.col("reason").fill_null("") == change.reason) & (pl.col("starts_at") < window.starts + change.week * WEEK)).join(
            hours.filter(pl.col("pool").is_in(_of_level(level, change.level))), on="unit_id", how="semi"
        )
        for change in changes
    ]
    replaced = sum(one.height for one in early)
    return _Taken(
        spells=played.select(
            "week", pl.col("unit_id").replace_strict(dict(number_of_unit), return_dtype=pl.Int64), "from", "to"
        ).to_numpy(),
        reasons=spells.group_by("pool", "reason").agg(unit_hours=pl.col("seconds").sum() / 3_600).sort("pool", "reason"),
        changes=changes,
        account=[
            ("abstractions", "outside the weeks that are replayed", rows.height - inside.height, "left out"),
            (
                "abstractions",
                "unit has no shift or is not in the table, or ends before it starts",
                inside.height - known.height,
                "left out",
            ),
            (
                "abstractions",
                "before its reason changed for good",
                replaced,
                "; ".join(["those of the weeks since are played in their place", *(change.told(window.starts) for change in changes)]),
            ),
            ("abstractions", "used", known.height - replaced, "replayed with its week"),
        ],
    )


def _of_level(level: list[str], wanted: str) -> list[int]:
    return [number for number, of in enumerate(level) if of == wanted]


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
