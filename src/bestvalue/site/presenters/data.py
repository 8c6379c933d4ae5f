"""The force's tables as a page: which are there, sound or not, what is wrong with them, and what they can answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bestvalue.analysis.contract import Analysis
from bestvalue.dataset.contracts import Table
from bestvalue.dataset.report import CheckReport, TableReport
from bestvalue.site.presenters.tags import TABLE, Tag


@dataclass(frozen=True, kw_only=True)
class FaultLine:
    """One fault: where, what, and what to do."""

    file: str
    row: str
    column: str
    what: str
    next_step: str


@dataclass(frozen=True, kw_only=True)
class TableView:
    """One table that was read."""

    name: str
    means: str
    tag: Tag
    rows: str
    left_out: tuple[str, ...]
    period: str
    files: str
    reader: str
    passed: int
    checks: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    faults: tuple[FaultLine, ...]
    faults_listed: int
    faults_unlisted: int

    @property
    def faults_total(self) -> int:
        """All faults, listed or not."""
        return self.faults_listed + self.faults_unlisted


FIELDS = {
    "challenge": "Challenge: why and how is the service provided?",
    "compare": "Compare: how do others do?",
    "consult": "Consult: what do people say?",
    "compete": "Compete: what does it cost, and who could do it best?",
    "crossborder": "Crime across borders",
    "tasking": "Tasking of support units",
    "deconfliction": "Operations in the same place",
    "delivery": "Delivery of what was agreed",
}
"""What the packages of analyses ask, in the words of a board; one that is not here goes by its name."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """An analysis, and whether these data can answer it; `without_faulty` names tables whose rows at fault it counts and leaves out."""

    name: str
    title: str
    question: str
    needs: tuple[str, ...]
    missing: tuple[str, ...]
    without_faulty: tuple[str, ...]

    @property
    def field(self) -> str:
        """The C, or the service's own question, that it belongs to; the first part of its name."""
        field = self.name.partition(".")[0]
        return FIELDS.get(field, field.capitalize())

    @property
    def answerable(self) -> bool:
        """Whether every table that it needs is there, and sound or with such faults only as it answers for."""
        return not self.missing


def table_view(report: TableReport, contract: Table) -> TableView:
    """The report of one table as words."""
    period = f"{report.first_day:%-d %B %Y} to {report.last_day:%-d %B %Y}" if report.first_day and report.last_day else ""
    return TableView(
        name=report.table,
        means=contract.means,
        tag=TABLE["sound" if report.passed else "faulty"],
        rows=f"{report.rows:,}",
        left_out=tuple(
            f"{left.rows:,} of {report.rows_read:,} rows left out because {left.reason}"
            + (f" ({'; '.join(left.examples)})" if left.examples else "")
            for left in report.left_out
        ),
        period=period,
        files=", ".join(report.files),
        reader=report.reader,
        passed=sum(check.broken == 0 for check in report.checks),
        checks=tuple((check.says, f"{check.broken:,} rows break it" if check.broken else "holds") for check in report.checks),
        warnings=report.warnings,
        faults=tuple(
            FaultLine(
                file=fault.file,
                row="" if fault.row is None else f"{fault.row:,}",
                column=fault.column,
                what=fault.what,
                next_step=fault.next_step,
            )
            for fault in report.faults
        ),
        faults_listed=sum(fault.rows for fault in report.faults),
        faults_unlisted=report.faults_total - sum(fault.rows for fault in report.faults),
    )


def questions(analyses: Iterable[Analysis[Any]], report: CheckReport) -> tuple[Question, ...]:
    """What can be asked of the tables, and what each other question still needs."""
    return tuple(
        Question(
            name=analysis.name,
            title=analysis.title,
            question=analysis.question,
            needs=analysis.needs_in_words,
            missing=analysis.missing(usable),
            without_faulty=tuple(sorted({*analysis.needs, *analysis.uses} & set(usable) - set(report.checked))),
        )
        for analysis in analyses
        for usable in [report.usable(analysis.accounts_for)]
    )
