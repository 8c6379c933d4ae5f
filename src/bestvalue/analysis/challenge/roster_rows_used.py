"""Which rows is a roster worked out from? The rows of each table, used and left out by rule: they add up to those of its files."""

from collections.abc import Collection
from datetime import datetime

import polars as pl

from bestvalue.analysis.challenge.records_at_fault import ACCOUNT, ADDS_UP, NO_UNIT, USED, with_set_apart
from bestvalue.analysis.contract import ResultTable
from bestvalue.dataset.dataset import Dataset

Line = tuple[str, str, int, str]

_COUNTS = {
    "deployments outside": "SELECT COUNT(*) AS rows FROM deployments WHERE assigned_at < :first OR assigned_at >= :last",
    "incidents": "SELECT COUNT(*) AS rows FROM incidents",
}
_SPELLS = """
    SELECT CASE WHEN u.unit_id IS NULL THEN 'unit' WHEN a.starts_at < :first OR a.starts_at >= :last THEN 'outside'
           ELSE 'inside' END AS what, COUNT(*) AS rows
    FROM abstractions a LEFT JOIN units u ON u.unit_id = a.unit_id GROUP BY 1
"""
_SHIFTS = "SELECT u.pool_id AS pool_id, COUNT(*) AS rows FROM shifts s LEFT JOIN units u ON u.unit_id = s.unit_id GROUP BY 1"
_UNITS = """
    SELECT CASE WHEN s.unit_id IS NULL THEN 'idle' ELSE 'on duty' END AS what, COUNT(*) AS rows
    FROM units u LEFT JOIN (SELECT DISTINCT unit_id FROM shifts) s ON s.unit_id = u.unit_id GROUP BY 1
"""
_OUTSIDE = "outside the weeks that are planned for"


def account_of_jobs(
    dataset: Dataset, *, first: datetime, last: datetime, faults: pl.DataFrame, early: int, sent_to: int, away: int
) -> tuple[Line, ...]:
    """Rows of deployments, incidents and abstractions that make no job, and the incidents and spells that do.

    Args:
        dataset: with deployments, incidents and units.
        first: moment at which the weeks begin.
        last: moment at which they are over.
        faults: what was left out, `roster_faults.FAULTS`.
        early: deployments that could have been sent outside the weeks, although they were sent in them.
        sent_to: incidents to which a unit was sent.
        away: spells for which units are taken.
    """
    outside = int(dataset.query(_COUNTS["deployments outside"], first=first, last=last)["rows"][0])
    incidents = int(dataset.query(_COUNTS["incidents"])["rows"][0])
    wrong = faults.filter(pl.col("done") == "left out").select("fault", "rows").iter_rows()
    lines: list[Line] = [
        ("deployments", _OUTSIDE, outside, "left out"),
        *(("deployments", fault, rows, "left out") for fault, rows in wrong),
        ("deployments", "could have been sent before the first of the weeks or after the last", early, "left out"),
        ("incidents", USED, sent_to, "a unit was sent to it in these weeks"),
        ("incidents", "nobody was sent to it in these weeks, or its deployment was left out", incidents - sent_to, "left out"),
    ]
    if "abstractions" in dataset.tables:
        spells = dict(dataset.query(_SPELLS, first=first, last=last).iter_rows())
        lines += [
            ("abstractions", USED, away, "takes its unit away"),
            ("abstractions", NO_UNIT, spells.get("unit", 0), "left out"),
            ("abstractions", _OUTSIDE, spells.get("outside", 0), "left out"),
            ("abstractions", "lasts no time", spells.get("inside", 0) - away, "left out"),
        ]
    return tuple(lines)


def rows_used(dataset: Dataset, lines: tuple[Line, ...], *, jobs: dict[str, int], planned: Collection[str]) -> ResultTable:
    """The table of the answer.

    Args:
        dataset: that was asked.
        lines: of `account_of_jobs`.
        jobs: deployments that make a job, by pool.
        planned: pools that are planned.
    """
    mine = sum(rows for pool, rows in jobs.items() if pool in planned)
    turns = dict(dataset.query(_SHIFTS).iter_rows())
    worked = sum(rows for pool, rows in turns.items() if pool in planned)
    unknown = turns.get(None, 0)
    units = dict(dataset.query(_UNITS).iter_rows())
    others = "of pools that are not planned"
    whole: list[Line] = [
        ("deployments", USED, mine, "a job of a pool that is planned"),
        ("deployments", others, sum(jobs.values()) - mine, "left out"),
        *lines,
        ("shifts", USED, worked, "today's roster"),
        ("shifts", others, sum(turns.values()) - worked - unknown, "left out"),
        ("shifts", NO_UNIT, unknown, "left out"),
        ("units", USED, units.get("on duty", 0), "on duty by its shifts"),
        ("units", "no shift", units.get("idle", 0), "not on duty in today's roster; its jobs count"),
    ]
    return ResultTable(
        title="Rows used and left out",
        rows=with_set_apart(pl.DataFrame(whole, schema=ACCOUNT, orient="row"), dataset),
        units={"rows": "rows"},
        note=ADDS_UP,
    )
