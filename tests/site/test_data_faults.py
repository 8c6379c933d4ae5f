"""What the data page says of a table with rows at fault, and which questions it still offers."""

from pathlib import Path

from bestvalue.analysis.challenge.overtime import ANALYSIS as OVERTIME
from bestvalue.analysis.compete.costing import ANALYSIS as COSTING
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.report import CheckReport
from bestvalue.dataset.tables import TABLES
from bestvalue.site.presenters.data import questions, table_view

DUTIES = "duty_id,staff_id,duty_kind,planned_start_at,planned_end_at,started_at,ended_at,overtime_paid_minutes\n"
STAFF = "staff_id,cost_centre_id,staff_group,overtime_eligible,hour_pence,weekly_hours\nA,C,constable,yes,4000,40\n"


def checked(folder: Path) -> CheckReport:
    data = folder / "data"
    data.mkdir()
    day = "rostered,2025-06-02 07:00,2025-06-02 15:00,2025-06-02 07:00,2025-06-02 15:00,0\n"
    (data / "duties.csv").write_text(DUTIES + "".join(f"D{n},{'A' if n < 20 else 'nobody'},{day}" for n in range(32)), encoding="utf-8")
    (data / "staff.csv").write_text(STAFF, encoding="utf-8")
    return check_folder(data, cache=folder / "cache")


def test_rows_with_one_fault_and_value_are_one_line_and_all_are_counted(tmp_path: Path) -> None:
    view = table_view(checked(tmp_path).tables["duties"].report, TABLES["duties"])
    assert [(line.what, line.row) for line in view.faults] == [
        ('staff_id "nobody" is not in staff.staff_id: 12 rows, first at row 22', "22")
    ]
    assert (view.faults_total, view.faults_unlisted) == (12, 0)


def test_a_question_with_a_rule_for_such_rows_can_be_asked_and_says_so(tmp_path: Path) -> None:
    overtime, costing = questions([OVERTIME, COSTING], checked(tmp_path))
    assert (overtime.answerable, overtime.without_faulty) == (True, ("duties",))
    assert not costing.answerable
