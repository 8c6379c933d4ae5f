from pathlib import Path

import pytest
from openpyxl import load_workbook

from bestvalue.dataset.load import load_table
from bestvalue.dataset.tables import TABLES
from bestvalue.dataset.tables.demand import INCIDENTS
from bestvalue.dataset.templates import WORKBOOK, describe, write_templates


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates") / "blank"
    paths = write_templates(folder)
    assert [path.name for path in paths] == [*(f"{name}.csv" for name in TABLES), WORKBOOK]
    return folder


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("name", TABLES)
def test_a_template_is_a_sound_table_of_one_row_with_every_column(written: Path, tmp_path: Path, name: str, ending: str) -> None:
    path = written / (WORKBOOK if ending == "xlsx" else f"{name}.csv")
    report = load_table(name, [path], cache=tmp_path).report
    assert [str(fault) for fault in report.faults] == []
    assert (report.rows, report.warnings) == (1, ())
    assert report.filled == {column.name: int(bool(column.example)) for column in TABLES[name].columns}


def test_the_workbook_offers_the_allowed_values_and_explains_each_column(written: Path) -> None:
    book = load_workbook(written / WORKBOOK)
    sheet = book["incidents"]
    at = [cell.value for cell in sheet[1]].index("time_precision") + 1
    assert sheet.cell(row=1, column=at).comment.text == describe(INCIDENTS.column("time_precision"))
    (choice,) = [choice for choice in sheet.data_validations.dataValidation if sheet.cell(row=2, column=at).coordinate in choice.sqref]
    name, cells = choice.formula1.split("!")
    assert name == "'allowed values'"
    offered = [cell[0].value for cell in book["allowed values"][cells.replace("$", "")]]
    assert offered == ["second", "hour", "day", "month"]


def test_a_column_is_explained_with_unit_bounds_and_values() -> None:
    assert describe(INCIDENTS.column("latitude")) == "Degrees north. Number, in degrees. May be empty. Not below -90. Not above 90."
    assert describe(INCIDENTS.column("incident_id")) == "The force's number for it. Text. Every row needs it."
