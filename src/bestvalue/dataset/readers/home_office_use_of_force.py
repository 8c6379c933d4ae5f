"""Home Office, police use of force: incidents and tactics by force and financial year."""

import re
from collections.abc import Iterator
from datetime import date

import polars as pl

from bestvalue.dataset.files.open_document import SHEET, SHEET_ROW, TITLE
from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.counts import IS_SUM, NO_FORCE, Cell, counts_reading
from bestvalue.dataset.readers.force_names import bare_name, force_name, is_sum
from bestvalue.dataset.readers.reader import Reader, Reading

_YEAR = re.compile(r"(?i)april (\d{4})\D+march (\d{4})")
_FINANCIAL = re.compile(r"^(\d{4})[/-]\d{2,4}$")
_PUBLICATION = r"^(?i:Police use of force statistics)"
_COUNTED = ("total", "number of times tactic reported", "number of incidents")


def read_use_of_force(batch: TextRows, _time_zone: str) -> Reading:
    """Turn each force's figures of a year into rows of `indicator_values`."""
    cells: list[Cell] = []
    why: dict[int, str] = {}
    year = _published_year(batch.frame)
    seen: set[str] = set()
    for sheet in batch.frame.with_row_index("at").partition_by(SHEET, maintain_order=True):
        found = list(_sheet(sheet, year, why))
        # Tables of tactics come once for age, once for gender, ...: their totals are the same figures again.
        fresh = [cell for cell in found if cell.indicator not in seen]
        seen |= {cell.indicator for cell in found}
        why |= {cell.row: "an earlier sheet holds the same figure" for cell in found if cell not in fresh}
        cells.extend(fresh)
    return counts_reading(batch, cells, why)


def _published_year(frame: pl.DataFrame) -> int | None:
    """The calendar year in which the publication's financial year begins."""
    found = (_YEAR.search(" ".join((text or "").split())) for text in frame["A"])
    return next((int(match[1]) for match in found if match and int(match[2]) == int(match[1]) + 1), None)


def _sheet(sheet: pl.DataFrame, year: int | None, why: dict[int, str]) -> Iterator[Cell]:
    grid = sheet.drop("at", SHEET, TITLE, SHEET_ROW).rows()
    head = next((n for n, row in enumerate(grid[:12]) if "Police force" in row), None)
    if head is None:
        return
    heads = [" ".join((text or "").split()) for text in grid[head]]
    force_at = heads.index("Police force")
    counted = next((at for name in _COUNTED for at, text in enumerate(heads) if text.lower() == name), None)
    if counted is None:
        return
    subject = _subject(sheet[TITLE][0] or "")
    for at, row in list(zip(sheet["at"], grid, strict=True))[head + 1 :]:
        force, begins = force_name(row[force_at]), _begins(row, heads, year)
        if force is None or is_total_of_region(row[force_at]):
            if row[force_at]:
                why[at] = IS_SUM if is_sum(row[force_at]) else NO_FORCE
        elif begins is not None:
            indicator = _tactic(row, heads) or subject
            yield Cell(
                row=at, indicator=indicator, force=force, starts=date(begins, 4, 1), ends=date(begins + 1, 3, 31), written=row[counted]
            )


def is_total_of_region(written: str | None) -> bool:
    """A region's row begins with "Total", with an asterisk in some editions."""
    return bare_name(written).lower().startswith("total")


def _subject(title: str) -> str:
    name = re.sub(r"(?i)^table \w+[.:]\s*", "", title)
    name = re.split(r"(?i),? by (?:type and )?police force|: ", name)[0]
    return f"{name}: use of force" if name.lower() == "incidents" else name


def _tactic(row: tuple[str | None, ...], heads: list[str]) -> str | None:
    if "Tactic" not in heads:
        return None
    tactic = (row[heads.index("Tactic")] or "").lstrip("*").removesuffix(", of which").strip()
    return f"Tactic: {tactic}" if tactic else None


def _begins(row: tuple[str | None, ...], heads: list[str], year: int | None) -> int | None:
    if "Financial year" not in heads:
        return year
    match = _FINANCIAL.match((row[heads.index("Financial year")] or "").strip())
    return int(match[1]) if match else None


HOME_OFFICE_USE_OF_FORCE = Reader(
    name="home-office-use-of-force",
    version=1,
    title="Home Office police use of force tables",
    publisher="Home Office",
    needs=((_PUBLICATION,), (r"^(?i:Table \d+[:.] .*by police force)",)),
    read=read_use_of_force,
    repeats="its measure, force and year stand in an earlier row or file",
    table="indicator_values",
    rules=(
        'Sheets with a column "Police force" are read: incidents, conducted energy devices, and each tactic\'s total by force.',
        'The year is that of the publication, or of the column "Financial year" where there is one: April to March.',
        "Tables of tactics by age, gender, ethnicity and disability repeat the same totals: only the first is read.",
        "Regions and totals are sums and left out. The publication gives no population: name force_populations.",
        "The statistics are experimental: forces record differently, and a difference may be one of recording.",
    ),
)
