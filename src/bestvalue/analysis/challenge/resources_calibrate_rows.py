"""Which incidents and deployments can a simulation be calibrated on? Every row read is used, or listed with the reason why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

FEWEST_DEPLOYMENTS = 200
"""Fewer first deployments than this give no picture of how long things take."""

_INCIDENTS = """
    SELECT incident_id, opened_at, time_precision, area_id, easting_m, northing_m, grade, COALESCE(kind, 'not said') AS kind, support_skill
    FROM incidents WHERE opened_at >= :starts AND opened_at < :ends ORDER BY opened_at, incident_id
"""

_SENT = """
    SELECT d.deployment_id, d.incident_id, d.unit_id, d.wave, d.assigned_at, d.arrived_at, d.cleared_at,
           d.from_easting_m, d.from_northing_m, {opened_at} AS opened_at, u.pool_id
    FROM deployments d {incidents} LEFT JOIN units u ON u.unit_id = d.unit_id
    {where}
"""

_DEPLOYMENTS = _SENT.format(
    opened_at="i.opened_at",
    incidents="JOIN incidents i ON i.incident_id = d.incident_id",
    where="WHERE i.opened_at >= :starts AND i.opened_at < :ends",
)

_STRAYS = _SENT.format(
    opened_at="CAST(NULL AS TIMESTAMP)",
    incidents="",
    where="WHERE NOT EXISTS (SELECT 1 FROM incidents i WHERE i.incident_id = d.incident_id AND i.opened_at IS NOT NULL)",
)
"""Apart, so that the incidents of all years need not be beside those that are wanted."""

_TURNS = """
    SELECT unit_id, (weekday - 1) * 1440 + starts_minute AS starts, (weekday - 1) * 1440 + starts_minute + length_minutes AS ends
    FROM shifts ORDER BY unit_id, starts
"""

_RETURNS = "SELECT unit_id, ends_at AS returned_at FROM abstractions WHERE unit_id IS NOT NULL AND ends_at IS NOT NULL ORDER BY ends_at"

WEEK_MINUTES = 7 * 1_440


@dataclass(frozen=True, kw_only=True)
class Window:
    """From the first moment to the moment after the last, local clock; whole weeks from Monday to Sunday."""

    starts: datetime
    ends: datetime

    @property
    def weeks(self) -> int:
        """Whole weeks."""
        return (self.ends - self.starts) // timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What was read.

    Args:
        incidents: attended incidents: incident_id, opened_at, area_id, easting_m, northing_m, grade, kind, support_skill. Where several
            units came in the first wave, each but the first is an incident of its own, of grade `FURTHER`, at the same place.
        first: one deployment each: deployment_id, incident_id, unit_id, pool_id, assigned_at, arrived_at, cleared_at,
            from_easting_m, from_northing_m, opened_at, free_before_seconds (how long its unit had been on duty and free), clean (times
            comparable).
        second: support units, same columns.
        account: table, what, rows, rule: of each table the parts add up to the rows read.
    """

    incidents: pl.DataFrame
    first: pl.DataFrame
    second: pl.DataFrame
    account: pl.DataFrame


def span_of_deployments(dataset: Dataset) -> tuple[datetime, datetime]:
    """First and last report of an incident to which a unit was sent.

    Raises:
        SpecError: no deployment belongs to an incident.
    """
    span = dataset.query(
        "SELECT MIN(i.opened_at) AS first, MAX(i.opened_at) AS last FROM deployments d JOIN incidents i ON i.incident_id = d.incident_id"
    ).row(0, named=True)
    if span["first"] is None:
        raise SpecError(
            "No deployment belongs to an incident",
            where="deployments: incident_id",
            next_step="Give deployments and incidents of the same time, with the same numbers.",
        )
    return span["first"], span["last"]


def read_rows(dataset: Dataset, window: Window, *, areas: dict[str, tuple[float, float] | None], grades: tuple[str, ...]) -> Rows:
    """Read the incidents and deployments of a time and judge each row.

    Args:
        dataset: with incidents, deployments and units.
        window: whole weeks.
        areas: areas with a local pool and their centres, where known.
        grades: grades to which units are sent, most urgent first.

    Raises:
        SpecError: too few deployments are left.
    """
    # A year of a large force is 2.5 million rows, so each table is let go of as soon as the next is made of it.
    sent = _sent(dataset, window)
    sent = sent.with_columns(_on_duty_since(sent, dataset))
    deployments, of_deployments = _judge_deployments(sent, _clock_changes(dataset.time_zone, window))
    del sent
    attended = deployments.filter(pl.col("wave") == 1)["incident_id"].unique()
    used, of_incidents = _judge_incidents(dataset, window, areas, grades, attended)
    del attended
    used, placed = _place(used, areas)
    ordered = deployments.join(used.select("incident_id"), on="incident_id", how="semi").sort("incident_id", "arrived_at", "deployment_id")
    del deployments
    first_wave, second = (ordered.filter(pl.col("wave") == wave) for wave in (1, 2))
    del ordered
    first = first_wave.unique("incident_id", keep="first", maintain_order=True)
    if first.height < FEWEST_DEPLOYMENTS:
        span = f"{window.starts:%-d %b %Y} to {window.ends:%-d %b %Y}"
        raise SpecError(
            f"{first.height} incidents from {span} have a usable first deployment; it takes {FEWEST_DEPLOYMENTS}",
            where="deployments",
            next_step="Give more weeks, or see the list of rows left out: bestvalue check.",
        )
    account = pl.concat(
        [
            _count(
                "incidents",
                of_incidents,
                {USED: f"replayed; {placed:,} without a place on the grid stand at the centre of their area"} | INCIDENT_RULES,
            ),
            _count("deployments", of_deployments, {USED: "times are read from it"} | DEPLOYMENT_RULES),
        ]
    )
    used, first = _with_further_units(used, first, first_wave)
    return Rows(
        incidents=used,
        first=first,
        second=second,
        account=account,
    )


USED = "used"
FURTHER = "further units"
"""Grade of the units that come to a scene after the first; they have no target and wait longest."""

INCIDENT_RULES = {
    "no time of day": "left out: a simulation needs the minute",
    "outside every area that has a pool": "left out: no pool serves it",
    "grade that nobody is sent to": "left out: takes no unit's time",
    "no unit was sent, or its deployment was left out": "left out: takes no unit's time",
}
DEPLOYMENT_RULES = {
    "incident is not in the table": "left out",
    "unit is not in the table": "left out",
    "same unit, incident and time twice": "first one kept",
    "sent before the incident was reported": "left out: one of the clocks is wrong",
    "arrived before it was sent, or cleared before it arrived": "left out",
    "turned back before it arrived, or arrival missing": "left out of times",
    "around a change of the clock": "kept as a deployment, its lengths of time not used",
}
NO_TIMES = (
    "same unit, incident and time twice",
    "sent before the incident was reported",
    "arrived before it was sent, or cleared before it arrived",
)
"""Rows whose times say nothing of their unit, nor of the job that it had next."""


def _with_further_units(used: pl.DataFrame, first: pl.DataFrame, first_wave: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Make an incident of its own of every first-wave unit but the first."""
    further = first_wave.join(first.select("deployment_id"), on="deployment_id", how="anti")
    own_id = pl.concat_str("incident_id", "deployment_id", separator=" ")
    theirs = further.select("incident_id", "deployment_id").join(used, on="incident_id")
    as_incidents = theirs.with_columns(incident_id=own_id, grade=pl.lit(FURTHER), support_skill=pl.lit(None, pl.String))
    return (
        pl.concat([used, as_incidents.select(used.columns)]).sort("opened_at", "incident_id"),
        pl.concat([first, further.with_columns(incident_id=own_id).select(first.columns)]).sort("incident_id"),
    )


def _on_duty_since(sent: pl.DataFrame, dataset: Dataset) -> pl.Series:
    """When the unit of each deployment last came on duty, by its turns, or back to it: who waited for that was not free before."""
    monday = pl.col("assigned_at").dt.truncate("1w")
    found = (
        sent.select("unit_id", "assigned_at", minute=(pl.col("assigned_at") - monday).dt.total_minutes())
        .with_row_index("place")
        .sort("minute")
        .join_asof(_turns_begun(dataset), on="minute", by="unit_id", check_sortedness=False)
        .select("place", "unit_id", "assigned_at", on_duty_since=monday + pl.duration(minutes="began"))
    )
    if "abstractions" in dataset.tables:
        returns = dataset.query(_RETURNS)
        found = (
            found.sort("assigned_at")
            .join_asof(returns, left_on="assigned_at", right_on="returned_at", by="unit_id", check_sortedness=False)
            .select("place", on_duty_since=pl.max_horizontal("on_duty_since", "returned_at"))
        )
    return found.sort("place")["on_duty_since"]


def _turns_begun(dataset: Dataset) -> pl.DataFrame:
    """Minute of the week at which each unit comes on duty, of this week and the one before; not where one turn follows on another."""
    turns = dataset.query(_TURNS)
    twice = pl.concat([turns.with_columns(pl.col("starts", "ends") - WEEK_MINUTES), turns]).sort("unit_id", "starts")
    begun = twice.filter((pl.col("starts") > pl.col("ends").shift(1).over("unit_id")).fill_null(value=True))
    return begun.select("unit_id", minute="starts", began="starts").sort("minute")


def _sent(dataset: Dataset, window: Window) -> pl.DataFrame:
    """Deployments to the incidents of the window, and those to no known incident, in order of unit and time."""
    known = dataset.query(_DEPLOYMENTS, starts=window.starts, ends=window.ends)
    strays = dataset.query(_STRAYS)
    return pl.concat([known, strays]).sort("unit_id", "assigned_at", "deployment_id", nulls_last=True)


def _judge_deployments(sent: pl.DataFrame, changes: tuple[datetime, ...]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Usable deployments with how long their unit had been free, and how many of all there are by reason."""
    hour = timedelta(hours=1)
    near_change = pl.any_horizontal(
        pl.lit(value=False), *((pl.col("assigned_at") < at + hour) & (pl.col("cleared_at") > at - hour) for at in changes)
    )
    twice = pl.struct("unit_id", "incident_id", "assigned_at").is_first_distinct().not_()
    reasons = dict(
        zip(
            DEPLOYMENT_RULES,
            (
                pl.col("opened_at").is_null(),
                pl.col("pool_id").is_null(),
                twice,
                pl.col("assigned_at") < pl.col("opened_at"),
                (pl.col("arrived_at") < pl.col("assigned_at")) | (pl.col("cleared_at") < pl.coalesce("arrived_at", "assigned_at")),
                pl.col("arrived_at").is_null(),
                near_change,
            ),
            strict=True,
        )
    )
    judged = sent.with_columns(
        what=pl.coalesce(*(pl.when(broken).then(pl.lit(why)) for why, broken in reasons.items()), pl.lit(USED)),
    )
    # Turned back or not, a unit was busy: what counts for the next job is when it was free of the last, of those whose times can be right.
    freed = pl.when(pl.col("what").is_in(NO_TIMES).not_()).then("cleared_at").forward_fill().shift(1).over("unit_id")
    judged = judged.with_columns(
        free_before_seconds=(pl.col("assigned_at") - pl.max_horizontal(freed, "on_duty_since")).dt.total_seconds(),
    )
    clock = "around a change of the clock"
    usable = judged.filter(pl.col("what").is_in([USED, clock])).with_columns(clean=pl.col("what") == USED)
    return usable.drop("what", "on_duty_since"), _by_reason(judged)


def _judge_incidents(
    dataset: Dataset,
    window: Window,
    areas: dict[str, tuple[float, float] | None],
    grades: tuple[str, ...],
    attended: pl.Series,
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Incidents that can be replayed, and how many of all there are by reason."""
    incidents = dataset.query(_INCIDENTS, starts=window.starts, ends=window.ends)
    judged = incidents.with_columns(what=_reason_of_incident(areas, grades, attended))
    return judged.filter(pl.col("what") == USED).drop("what", "time_precision"), _by_reason(judged)


def _by_reason(judged: pl.DataFrame) -> dict[str, int]:
    return dict(judged.group_by("what").len().iter_rows())


def _reason_of_incident(areas: dict[str, tuple[float, float] | None], grades: tuple[str, ...], attended: pl.Series) -> pl.Expr:
    broken = (
        pl.col("time_precision").is_in(["hour", "day", "month"]),
        pl.col("area_id").is_null() | ~pl.col("area_id").is_in(list(areas)),
        pl.col("grade").is_null() | ~pl.col("grade").is_in(list(grades)),
        ~pl.col("incident_id").is_in(attended.implode()),
    )
    return pl.coalesce(*(pl.when(rule).then(pl.lit(why)) for why, rule in zip(INCIDENT_RULES, broken, strict=True)), pl.lit(USED))


def _place(used: pl.DataFrame, areas: dict[str, tuple[float, float] | None]) -> tuple[pl.DataFrame, int]:
    """Put incidents without a place at the centre of their area, and say how many."""
    centre = {area: at for area, at in areas.items() if at is not None}
    missing = pl.col("easting_m").is_null() | pl.col("northing_m").is_null()
    count = used.filter(missing).height
    columns = []
    for name, axis in (("easting_m", 0), ("northing_m", 1)):
        middle = pl.col("area_id").replace_strict({area: at[axis] for area, at in centre.items()}, default=None, return_dtype=pl.Float64)
        columns.append(pl.when(missing).then(middle).otherwise(pl.col(name)).alias(name))
    placed = used.with_columns(columns)
    if placed.filter(missing).height:
        raise SpecError(
            f"{placed.filter(missing).height:,} incidents have no place on the grid, and their area has no centre",
            where="incidents: easting_m, northing_m; areas: centroid_easting_m, centroid_northing_m",
            next_step="Give the places of the incidents, or the centres of the areas.",
        )
    return placed, count


def _count(table: str, counts: dict[str, int], rules: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "table": [table] * len(rules),
            "what": list(rules),
            "rows": [counts.get(what, 0) for what in rules],
            "rule": list(rules.values()),
        },
        schema={"table": pl.String, "what": pl.String, "rows": pl.Int64, "rule": pl.String},
    )


def _clock_changes(time_zone: str, window: Window) -> tuple[datetime, ...]:
    """Local times at which the clock is put forward or back within the window, found by looking at every hour."""
    zone = ZoneInfo(time_zone)
    hours = int((window.ends - window.starts).total_seconds() // 3_600)
    offsets = [(window.starts + timedelta(hours=hour)).replace(tzinfo=zone).utcoffset() for hour in range(hours + 1)]
    return tuple(window.starts + timedelta(hours=hour) for hour in range(1, hours + 1) if offsets[hour] != offsets[hour - 1])
