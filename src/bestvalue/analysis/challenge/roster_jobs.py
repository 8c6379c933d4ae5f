"""What work comes to each pool, when is it ready to be taken, and how long may it wait? Jobs of whole weeks, freed of today's waits.

A roster must be judged on demand as it comes, not as today's roster lets it be met. So each job is put at the time at which a
unit could have been sent. Where the unit was sent the moment it came free or came on duty, the job had waited; how long its
handling took is then drawn from jobs of the same grade that had not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.challenge.roster_faults import units_without_shifts, usable
from bestvalue.analysis.challenge.roster_rows_used import Line, account_of_jobs
from bestvalue.analysis.clock_changes import even_time
from bestvalue.dataset.dataset import Dataset

JOBS = """
    SELECT d.deployment_id, d.unit_id, u.pool_id, d.wave, d.assigned_at, d.arrived_at, d.cleared_at, d.incident_id, i.opened_at, i.grade
    FROM deployments d LEFT JOIN units u ON u.unit_id = d.unit_id LEFT JOIN incidents i ON i.incident_id = d.incident_id
    WHERE d.assigned_at >= :first AND d.assigned_at < :last
"""
SPELLS = """
    SELECT a.unit_id, u.pool_id, a.reason, a.starts_at, a.ends_at FROM abstractions a JOIN units u ON u.unit_id = a.unit_id
    WHERE a.starts_at >= :first AND a.starts_at < :last
"""
LAST = "SELECT MIN(assigned_at) AS first, MAX(assigned_at) AS last FROM deployments"

AT_ONCE_SECONDS = 60
"""Sent so soon after coming free, a unit had a job waiting for it."""

WEEK_SECONDS = 7 * 86_400
AWAY = "away"
"""Stands for the time for which units are taken from incidents; it goes before every grade."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """Jobs of one pool, in order of time; arrays (jobs).

    Args:
        pool_id: whose.
        week: week of the period, from 0; second: of that week, Monday 00:00 being 0: when a unit could be sent.
        busy_seconds: from sending to free again.
        grade: number in `Work.grades`; 0 is `AWAY`.
        allowed_seconds: how long it may wait to be reached within its target; negative where even no wait is too long, NaN without target.
        in_time: was it reached within its target, in truth? 1, 0, or NaN without target.
    """

    pool_id: str
    week: Integers
    second: Integers
    busy_seconds: Floats
    grade: Integers
    allowed_seconds: Floats
    in_time: Floats

    def __len__(self) -> int:
        return len(self.week)


@dataclass(frozen=True, kw_only=True)
class Work:
    """The work of all pools.

    Args:
        pools: jobs by pool, those with any.
        grades: `AWAY`, then the grades that units are sent to, most urgent first, then the second wave.
        weeks: whole weeks; first: their first Monday.
        faults: what was wrong in the data: `fault`, `rows`, `done`, `first`.
        found, used: deployments in the weeks, and those used.
        waited: jobs that had waited in truth.
        account: rows of the tables that make no job; see `roster_rows_used`.
    """

    pools: dict[str, Jobs]
    grades: tuple[str, ...]
    weeks: int
    first: datetime
    faults: pl.DataFrame
    found: int
    used: int
    waited: int
    account: tuple[Line, ...] = ()


SUPPORT = "asked for at the scene"
"""The second wave as a grade of its own, after the others."""


def read_work(
    dataset: Dataset, *, weeks: int, targets: dict[str, float], support_target_minutes: float, order: tuple[str, ...], seed: int
) -> Work | None:
    """The jobs of the last whole weeks; None where there is not one.

    Args:
        dataset: with units, shifts, incidents and deployments; abstractions where it has them.
        weeks: how many weeks, at most.
        targets: minutes from report to arrival by grade.
        support_target_minutes: minutes from sending to arrival of support.
        order: grades, most urgent first; grades that it does not name come after.
        seed: of the drawn handling times.
    """
    ends = dataset.query(LAST).row(0)
    if ends[0] is None:
        return None
    first, weeks = _period(ends[0], ends[1], weeks)
    if weeks < 1:
        return None
    last = first + timedelta(weeks=weeks)
    every = dataset.query(JOBS, first=first, last=last).sort("assigned_at", "deployment_id")
    rows, faults = usable(every, dataset.time_zone)
    faults = pl.concat([faults, units_without_shifts(dataset)])
    usable_rows, sent_to = rows.height, rows["incident_id"].n_unique()
    grades = (AWAY, *order, *sorted(set(rows.filter(pl.col("wave") == 1)["grade"].unique()) - set(order)), SUPPORT)
    rows = _ready(rows, _tour_starts(dataset), grades, seed=seed)
    rows = _allowed(rows, targets, support_target_minutes)
    if "abstractions" in dataset.tables:
        rows = pl.concat([rows, _spells(dataset, first, last)], how="diagonal")
    rows = rows.filter((pl.col("ready_at") >= first) & (pl.col("ready_at") < last)).sort("pool_id", "ready_at", "deployment_id")
    used = rows.filter(pl.col("grade") != AWAY).height
    account = account_of_jobs(
        dataset, first=first, last=last, faults=faults, early=usable_rows - used, sent_to=sent_to, away=rows.height - used
    )
    number = {grade: place for place, grade in enumerate(grades)}
    rows = rows.with_columns(grade_number=pl.col("grade").replace_strict(number, return_dtype=pl.Int64))
    return Work(
        pools={str(key[0]): _jobs(str(key[0]), part, first) for key, part in rows.group_by("pool_id", maintain_order=True)},
        grades=grades,
        weeks=weeks,
        first=first,
        faults=faults,
        found=every.height,
        used=used,
        waited=int(rows["waited"].sum()),
        account=account,
    )


def _period(first: datetime, last: datetime, weeks: int) -> tuple[datetime, int]:
    """The first Monday and the number of the last whole weeks; a week is whole that has a deployment on its Monday and its Sunday."""
    begins, ends = _monday(first), _monday(last)
    if first >= begins + timedelta(days=1):
        begins += timedelta(weeks=1)
    if last >= ends + timedelta(days=6):
        ends += timedelta(weeks=1)
    count = min(weeks, (ends - begins) // timedelta(weeks=1))
    return ends - timedelta(weeks=count), count


def _monday(moment: datetime) -> datetime:
    return datetime.combine(moment.date() - timedelta(days=moment.weekday()), datetime.min.time())


def _tour_starts(dataset: Dataset) -> pl.DataFrame:
    """Second of the week at which each turn of each unit begins."""
    shifts = dataset.query("SELECT unit_id, weekday, starts_minute FROM shifts").cast({"weekday": pl.Int64, "starts_minute": pl.Int64})
    return shifts.select("unit_id", tour_second=(pl.col("weekday") - 1) * 86_400 + pl.col("starts_minute") * 60).sort("tour_second")


def _ready(rows: pl.DataFrame, tours: pl.DataFrame, grades: tuple[str, ...], *, seed: int) -> pl.DataFrame:
    """Add `ready_at`, when a unit could be sent, and `waited`."""
    first_arrival = pl.col("arrived_at").min().over("incident_id", "wave")
    second = (pl.col("assigned_at").dt.weekday().cast(pl.Int64) - 1) * 86_400 + (
        pl.col("assigned_at") - pl.col("assigned_at").dt.truncate("1d")
    ).dt.total_seconds()
    rows = rows.with_columns(
        first=(pl.col("wave") == 1) & (pl.col("arrived_at") == first_arrival).fill_null(value=False),
        since_free=(pl.col("assigned_at") - pl.col("cleared_at").shift(1).over("unit_id", order_by="assigned_at")).dt.total_seconds(),
        second=second,
    ).drop("incident_id", "opened_at", "arrived_at", "cleared_at")
    rows = rows.sort("second").join_asof(
        tours, left_on="second", right_on="tour_second", by="unit_id", strategy="backward", check_sortedness=False
    )
    at_once = pl.any_horizontal(
        pl.col("since_free").is_between(0, AT_ONCE_SECONDS), (pl.col("second") - pl.col("tour_second")).is_between(0, AT_ONCE_SECONDS)
    ).fill_null(value=False)
    rows = rows.with_columns(waited=at_once & (pl.col("wave") == 1)).sort("assigned_at", "deployment_id")
    handling = _handling(rows, grades, np.random.Generator(np.random.Philox(seed)))
    return rows.with_columns(handling_seconds=pl.Series(handling)).with_columns(
        ready_at=pl.when(pl.col("wave") == 1)
        .then(pl.col("assigned_at") - pl.duration(seconds=pl.col("before_seconds") - pl.col("handling_seconds")))
        .otherwise("assigned_at"),
        grade=pl.when(pl.col("wave") == 1).then("grade").otherwise(pl.lit(SUPPORT)),
    )


def _handling(rows: pl.DataFrame, grades: tuple[str, ...], chance: np.random.Generator) -> Floats:
    """Seconds from report to ready: as recorded where the job had not waited, else drawn from those of its grade, and never longer."""
    recorded = rows["before_seconds"].to_numpy().astype(np.float64)
    waited, grade = rows["waited"].to_numpy(), rows["grade"].to_numpy()
    handling = recorded.copy()
    for name in grades:
        late, usual = np.flatnonzero(waited & (grade == name)), recorded[~waited & (grade == name)]
        if len(late) and len(usual):
            handling[late] = np.minimum(recorded[late], chance.choice(usual, len(late)))
    return handling


def _allowed(rows: pl.DataFrame, targets: dict[str, float], support_target_minutes: float) -> pl.DataFrame:
    """Add how long each job may wait, and whether it was in time: of the first unit at an incident, and of support."""
    target = 60 * pl.col("grade").replace_strict(targets | {SUPPORT: support_target_minutes}, default=None, return_dtype=pl.Float64)
    judged = pl.col("first") | (pl.col("grade") == SUPPORT)
    whole = pl.when(pl.col("grade") == SUPPORT).then("travel_seconds").otherwise(pl.col("before_seconds") + pl.col("travel_seconds"))
    without_wait = (
        pl.when(pl.col("grade") == SUPPORT).then("travel_seconds").otherwise(pl.col("handling_seconds") + pl.col("travel_seconds"))
    )
    return rows.with_columns(
        allowed_seconds=pl.when(judged).then(target - without_wait), in_time=pl.when(judged).then((whole <= target).cast(pl.Float64))
    )


def _spells(dataset: Dataset, first: datetime, last: datetime) -> pl.DataFrame:
    """Times for which units were taken from incidents, as jobs that go before all others."""
    spells = dataset.query(SPELLS, first=first, last=last)
    seconds = (even_time("ends_at", dataset.time_zone) - even_time("starts_at", dataset.time_zone)).dt.total_seconds()
    return spells.select(
        "pool_id",
        deployment_id=pl.concat_str(pl.lit("away "), "unit_id", pl.col("starts_at").cast(pl.String)),
        ready_at="starts_at",
        busy_seconds=seconds,
        grade=pl.lit(AWAY),
        waited=pl.lit(value=False),
        allowed_seconds=pl.lit(None, pl.Float64),
        in_time=pl.lit(None, pl.Float64),
    ).filter(pl.col("busy_seconds") > 0)


def _jobs(pool: str, rows: pl.DataFrame, first: datetime) -> Jobs:
    seconds = (rows["ready_at"] - first).dt.total_seconds().to_numpy()
    return Jobs(
        pool_id=pool,
        week=seconds // WEEK_SECONDS,
        second=seconds % WEEK_SECONDS,
        busy_seconds=rows["busy_seconds"].to_numpy().astype(np.float64),
        grade=rows["grade_number"].to_numpy(),
        allowed_seconds=rows["allowed_seconds"].fill_null(float("nan")).to_numpy(),
        in_time=rows["in_time"].fill_null(float("nan")).to_numpy(),
    )
