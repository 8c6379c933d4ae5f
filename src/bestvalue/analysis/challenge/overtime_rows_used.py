"""Which rows is overtime counted on? The rows of each table, used and left out by rule: they add up to those of its files."""

import polars as pl

from bestvalue.analysis.challenge.overtime_duties import Duties
from bestvalue.analysis.challenge.overtime_structural import Structural
from bestvalue.analysis.challenge.records_at_fault import ACCOUNT, ADDS_UP, USED, faults_of, with_set_apart
from bestvalue.analysis.contract import ResultTable
from bestvalue.dataset.checks.kinds import FaultKind
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.row_checks import AccountsFor

DUTIES_AT_FAULT = faults_of(
    "duties",
    AccountsFor(table="duties", kind=FaultKind.REFERENCE, columns=("staff_id",), counted_as="The person is not in the staff table"),
    AccountsFor(
        table="duties",
        kind=FaultKind.REFERENCE,
        columns=("unit_id",),
        counted_as="its unit is not in the units table: counted under the unit's code",
        left_out=False,
    ),
    AccountsFor(table="duties", kind=FaultKind.RULE, columns=("ended_at",), counted_as="The duty ends before it starts"),
    AccountsFor(
        table="duties", kind=FaultKind.RULE, columns=("planned_end_at",), counted_as="The planned end is not after the planned start"
    ),
)
"""Faults of single duties; those that `overtime_duties` finds itself bear the same words."""

Line = tuple[str, str, int, str]


def rows_used(dataset: Dataset, duties: Duties, structural: Structural | None) -> dict[str, ResultTable]:
    """The table of the answer.

    Args:
        dataset: that was asked.
        duties: of the pools that were asked for.
        structural: the part that follows from demand; None where it could not be told.
    """
    lines = [*_of_duties(dataset, duties), *_of_people(dataset, duties), *_of_jobs(dataset, structural)]
    return {
        "rows_used": ResultTable(
            title="Rows used and left out",
            rows=with_set_apart(pl.DataFrame(lines, schema=ACCOUNT, orient="row"), dataset),
            units={"rows": "rows"},
            note=ADDS_UP,
        )
    }


def _of_duties(dataset: Dataset, duties: Duties) -> list[Line]:
    read = int(dataset.query("SELECT COUNT(*) AS rows FROM duties")["rows"][0])
    wrong = duties.faults.filter(pl.col("done").str.starts_with("left out")).select("fault", "rows", "done").iter_rows()
    return [
        ("duties", USED, duties.rows.height, "counted"),
        ("duties", "of pools that were not asked for", read - duties.found, "left out"),
        *(("duties", fault, rows, done) for fault, rows, done in wrong),
    ]


def _of_people(dataset: Dataset, duties: Duties) -> list[Line]:
    people = int(dataset.query("SELECT COUNT(*) AS rows FROM staff")["rows"][0])
    counted = duties.rows["staff_id"].n_unique()
    return [("staff", USED, counted, "worked a duty that is counted"), ("staff", "no duty that is counted", people - counted, "left out")]


def _of_jobs(dataset: Dataset, structural: Structural | None) -> list[Line]:
    if "deployments" not in dataset.tables:
        return []
    read = int(dataset.query("SELECT COUNT(*) AS rows FROM deployments")["rows"][0])
    if structural is None:
        return [("deployments", "too few weeks of duties and jobs to tell what follows from demand", read, "left out")]
    return [
        ("deployments", USED, structural.total.jobs, "tells how long a tour runs on"),
        ("deployments", "no rostered duty of its unit covers it", structural.unmatched_jobs, "left out"),
        ("deployments", "outside the time of the duties, or free again no later than it was sent", structural.unused_jobs, "left out"),
    ]
