"""Which duties can be counted? Duties with their people, in elapsed minutes; what cannot be right is named and left out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from bestvalue.analysis.clock_changes import even_time, from_utc, zoned
from bestvalue.dataset.dataset import Dataset

DUTIES = """
    SELECT d.duty_id, d.staff_id, d.unit_id, d.duty_kind, d.planned_start_at, d.planned_end_at, d.started_at, d.ended_at,
           d.overtime_reason, d.overtime_told_at, d.overtime_paid_minutes,
           s.staff_id AS known_as, s.pool_id, s.cost_centre_id, s.staff_group, s.overtime_eligible, s.hour_pence, s.weekly_hours
    FROM duties d LEFT JOIN staff s ON s.staff_id = d.staff_id
"""

TIMES = ("planned_start_at", "planned_end_at", "started_at", "ended_at")
NO_POOL, NO_REASON = "no pool", "no reason given"


@dataclass(frozen=True, kw_only=True)
class Duties:
    """Duties ready to count.

    Args:
        rows: one duty a row, sorted by person and planned start: what `DUTIES` selects and `began`, `planned_to`, `ended`
            (elapsed time), `worked_minutes`, `early_minutes`, `late_minutes`, `planned_minutes`,
            `overtime_minutes`, `reason`, `told` (before the tour), `usual_unit`, `clocks_changed`.
        found: duties in the table; those left out are `found - rows.height`.
        faults: what was wrong, how many rows, what was done, and the first of them: `fault`, `rows`, `done`, `first`.
        first_day, last_day: first and last planned start.
    """

    rows: pl.DataFrame
    found: int
    faults: pl.DataFrame
    first_day: date
    last_day: date

    @property
    def weeks(self) -> float:
        """Length of the period in weeks."""
        return ((self.last_day - self.first_day).days + 1) / 7


def read_duties(dataset: Dataset, *, longest_hours: float) -> Duties | None:
    """The duties of a dataset; None where none can be counted.

    Args:
        dataset: has duties and staff.
        longest_hours: a duty longer than this is taken for an error of recording.
    """
    every = dataset.query(DUTIES).sort("staff_id", "planned_start_at", "started_at", "duty_id")
    left_out = [
        ("The person is not in the staff table", "left out", pl.col("known_as").is_null()),
        ("The duty ends before it starts", "left out", pl.col("ended_at") < pl.col("started_at")),
        ("The planned end is not after the planned start", "left out", pl.col("planned_end_at") <= pl.col("planned_start_at")),
        (
            f"The duty is longer than {longest_hours:g} hours",
            "left out",
            pl.col("ended_at") - pl.col("started_at") > timedelta(hours=longest_hours),
        ),
        (
            "The same person, plan and times as another duty",
            "left out, all but one",
            pl.struct("staff_id", *TIMES).is_first_distinct().not_(),
        ),
    ]
    faults, rows = [], every
    for fault, done, wrong in left_out:
        faults.append(_fault(fault, rows.filter(wrong), done))
        rows = rows.filter(~wrong)
    if rows.height == 0:
        return None
    rows, clock_faults = _elapsed(rows, dataset.time_zone)
    rows = _usual_unit(_overtime(rows))
    faults += [*clock_faults, *_kept(rows), *_units_without_shifts(dataset)]
    days = rows.select(pl.min("planned_start_at").alias("first"), pl.max("planned_start_at").alias("last")).row(0)
    return Duties(
        rows=rows,
        found=every.height,
        faults=pl.concat(faults).filter(pl.col("rows") > 0),
        first_day=_day(days[0]),
        last_day=_day(days[1]),
    )


def _day(moment: datetime) -> date:
    return moment.date()


def _fault(fault: str, rows: pl.DataFrame, done: str, *, named: str = "duty_id") -> pl.DataFrame:
    first = rows[named].head(3).to_list()
    return pl.DataFrame(
        {"fault": [fault], "rows": [rows.height], "done": [done], "first": [", ".join(str(one) for one in first)]},
        schema={"fault": pl.String, "rows": pl.Int64, "done": pl.String, "first": pl.String},
    )


def _elapsed(rows: pl.DataFrame, zone: str) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """Add times that run evenly: `began`, `planned_to` and `ended`; the local clock skips an hour in spring and repeats one in autumn."""
    named = {"planned_start_at": "planned_from", "planned_end_at": "planned_to", "started_at": "began", "ended_at": "ended"}
    skipped = pl.any_horizontal([zoned(column, zone).is_null() for column in named])
    changed = from_utc("started_at", zone) != from_utc("ended_at", zone)
    faults = [
        _fault("A time that the clock skipped in spring", rows.filter(skipped), "moved an hour on"),
        _fault("The clocks changed during the duty", rows.filter(changed), "counted in elapsed time"),
    ]
    even = [even_time(column, zone).alias(name) for column, name in named.items()]
    return rows.with_columns(even, clocks_changed=changed), faults


def _overtime(rows: pl.DataFrame) -> pl.DataFrame:
    """Add minutes worked, early and late, and overtime: what lies outside the plan, or all of a duty that was not rostered."""
    minutes = [
        (pl.col("ended") - pl.col("began")).dt.total_minutes().alias("worked_minutes"),
        (pl.col("planned_from") - pl.col("began")).dt.total_minutes().clip(0).alias("early_minutes"),
        (pl.col("ended") - pl.max_horizontal("planned_to", "began")).dt.total_minutes().clip(0).alias("late_minutes"),
        (pl.col("planned_to") - pl.col("planned_from")).dt.total_minutes().alias("planned_minutes"),
    ]
    rostered = pl.col("duty_kind") == "rostered"
    return rows.with_columns(minutes).with_columns(
        overtime_minutes=pl.when(rostered).then("late_minutes").otherwise("worked_minutes"),
        pool_id=pl.col("pool_id").fill_null(NO_POOL),
        reason=pl.col("overtime_reason").fill_null(NO_REASON),
        told=pl.col("overtime_told_at").is_not_null() & (pl.col("overtime_told_at") <= pl.col("started_at")),
    )


def _usual_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the unit that each person crewed most often, to which overtime without a unit is put."""
    counted = rows.filter(pl.col("unit_id").is_not_null()).group_by("staff_id", "unit_id").len()
    usual = counted.sort("staff_id", "len", "unit_id", descending=[False, True, False]).unique("staff_id", keep="first")
    joined = rows.join(usual.select("staff_id", usual_unit="unit_id"), on="staff_id", how="left")
    return joined.with_columns(usual_unit=pl.coalesce("unit_id", "usual_unit")).sort(
        "staff_id", "planned_start_at", "started_at", "duty_id"
    )


def _kept(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """What looks wrong but is counted as it stands."""
    before = pl.col("ended").cum_max().shift(1).over("staff_id")
    return [
        _fault(
            "The duty begins before another of the same person has ended",
            rows.sort("staff_id", "began", "duty_id").filter(pl.col("began") < before),
            "counted; the two are one turn in the checks of working time",
        ),
        _fault(
            "Overtime was paid to a person who is not eligible",
            rows.filter(~pl.col("overtime_eligible") & (pl.col("overtime_paid_minutes") > 0)),
            "counted as paid; nothing was due",
        ),
        _fault(
            "The person has no pool",
            rows.filter(pl.col("pool_id") == NO_POOL),
            f"counted under '{NO_POOL}'",
        ),
    ]


def _units_without_shifts(dataset: Dataset) -> list[pl.DataFrame]:
    if not {"units", "shifts"} <= set(dataset.tables):
        return []
    idle = dataset.query(
        "SELECT u.unit_id FROM units u LEFT JOIN shifts s ON s.unit_id = u.unit_id WHERE s.unit_id IS NULL GROUP BY 1 ORDER BY 1"
    )
    return [_fault("A unit has no shift in the shifts table", idle, "its duties are counted; its breaks are not known", named="unit_id")]
