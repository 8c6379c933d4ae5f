"""Home Office, police workforce by force: workbooks of September and March, one sheet a kind of staff, forces down, days across."""

import re
from collections.abc import Iterator
from datetime import date, datetime

import polars as pl

from bestvalue.dataset.files.open_document import SHEET, TITLE
from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.counts import IS_SUM, NO_FORCE, Cell, counts_reading
from bestvalue.dataset.readers.force_names import is_sum, without_regions
from bestvalue.dataset.readers.reader import Reader, Reading

_TITLE = r"^(?i:Table \d+[:.] Police officers.* by police force area)"
_SUBJECT = re.compile(r"(?i)^table \w+\s*[:.]\s*(?P<subject>.+?)\s+by police force area")
_LAW = re.compile(r"\s*\(s\.\s?38[^)]*\)\d*|\s+combined\b")
_AS_AT = re.compile(r"(?i)as at (\d{1,2} \w+ \d{4})")
_UNITS = ("full-time equivalent", "headcount")


def read_workforce(batch: TextRows, _time_zone: str) -> Reading:
    """Turn each figure of a force and day into a row of `indicator_values`."""
    cells: list[Cell] = []
    why: dict[int, str] = {}
    numbered = batch.frame.with_row_index("at")
    for sheet in numbered.partition_by(SHEET, maintain_order=True):
        subject = _SUBJECT.match(sheet[TITLE][0] or "")
        if subject:
            cells.extend(_sheet(sheet, subject["subject"], why))
    return counts_reading(batch, cells, why)


def _sheet(sheet: pl.DataFrame, subject: str, why: dict[int, str]) -> Iterator[Cell]:
    grid = sheet.drop("at", SHEET, TITLE).select(pl.exclude("row of the sheet")).rows()
    days = _days(grid, sheet[TITLE][0])
    indicator = _indicator(subject, grid)
    labels = [row[0] for row in grid]
    for at, label, force, row in zip(sheet["at"], labels, without_regions(labels), grid, strict=True):
        if force is not None:
            for column, day in days.items():
                yield Cell(row=at, indicator=indicator, force=force, starts=day, ends=day, written=row[column])
        elif label and any(row[column] for column in days):
            why[at] = IS_SUM if is_sum(label) or label.strip().lower() == "west midlands" else NO_FORCE


def _days(grid: list[tuple[str | None, ...]], title: str) -> dict[int, date]:
    """The day of each column that holds figures, from the heading, or from the title where there is only one."""
    for row in grid[:12]:
        found = {column: day for column, text in enumerate(row) if column and (day := _day(text)) is not None}
        if found:
            return found
    named = _AS_AT.search(re.sub(r"(\d{4})\d+(,\d+)*", r"\1", title))
    return {1: datetime.strptime(named[1], "%d %B %Y").date()} if named else {}  # noqa: DTZ007 - a day has no zone


def _day(text: str | None) -> date | None:
    for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d", "%d %B %Y", "%B %Y", "%b-%y"):
        try:
            return datetime.strptime((text or "").strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _indicator(subject: str, grid: list[tuple[str | None, ...]]) -> str:
    name = re.sub(r"(?<=[a-z])\d+$", "", _LAW.sub("", subject).strip())
    written = " ".join(text.lower() for row in grid[:6] for text in row if text)
    unit = next((f"{unit}s" if unit.startswith("full") else unit for unit in _UNITS if unit in written), "number")
    return f"{name} ({unit})"


HOME_OFFICE_WORKFORCE = Reader(
    name="home-office-police-workforce",
    version=1,
    title="Home Office police workforce tables",
    publisher="Home Office",
    needs=((_TITLE,),),
    read=read_workforce,
    repeats="its kind of staff, force and day stand in an earlier row or file",
    table="indicator_values",
    rules=(
        'Every sheet whose title says "by police force area" is read; the kind of staff and its unit name the indicator.',
        "Each figure of a force and day is one row: period_starts and period_ends are that day. Changes and percentages are left out.",
        "Regions and totals are sums and left out; so are the British Transport Police and central secondments.",
        "A cell of two dots, an asterisk or a dash is kept as such in suppressed_as, without a number.",
        "The workbooks give no population: name force_populations, or the figures can be compared with nothing.",
        "Where two editions hold the same day, the file that is read first is used: put the newest first.",
    ),
)
