"""The register goes out as a workbook and comes back on the command line."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bestvalue.errors import TableFaults, WorkspaceError

DAY = date(2026, 1, 5)


@pytest.fixture
def opened(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The record of the tests stands in for that of a workspace; in it a manager with a plan of one action. Returns their address."""
    from bestvalue.cli import workbook
    from bestvalue.record.bodies.models import Body, Membership, Person, User
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Status

    monkeypatch.setattr(workbook, "open_workspace", lambda _: None)
    monkeypatch.setattr(workbook, "open_record", lambda _: None)
    authority = Body.objects.create(name="Authority", kind="authority")
    manager = Person.objects.create(name="Manager", user=User.objects.create_user("manager@example.org"))
    Membership.objects.create(person=manager, body=authority, role="project manager", starts=DAY)
    rows = [changes.Entered(number="1", text="Share the units.")]
    (made,) = changes.enter_recommendations(authority, report_title="Review", made_on=DAY, rows=rows, by=manager)
    for status in (Status.ACCEPTED, Status.IN_PROGRESS):
        changes.set_status(made, status=status, on=DAY, by=manager)
    said = {"what": "Open tasking", "why": "Boroughs wait.", "how": "One form.", "target": "A week.", "lead": manager}
    changes.add_action(made, original_date=date(2026, 6, 30), by=manager, **said)  # type: ignore[arg-type]  # the least of a plan
    return "manager@example.org"


@pytest.fixture
def changed(opened: str, tmp_path: Path) -> Callable[[str], Path]:
    """Takes the workbook out and writes another “how” into it."""
    from bestvalue.cli.workbook import out

    def change(how: str) -> Path:
        file = tmp_path / "plan.xlsx"
        out(file, by=opened, plan="review")
        book = load_workbook(io.BytesIO(file.read_bytes()))
        headings = [cell.value for cell in book["Actions"][1]]
        book["Actions"].cell(row=2, column=headings.index("How") + 1).value = how  # type: ignore[assignment]  # it can be changed
        book.save(file)
        return file

    return change


def how() -> str:
    from bestvalue.record.delivery.models import Action

    return Action.objects.get().how


def test_it_is_shown_first_and_written_when_asked(opened: str, changed: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    from bestvalue.cli.workbook import back

    file = changed("Two forms.")
    back(file, by=opened)
    shown = capsys.readouterr()
    assert "Actions, row 2, Authority / review / 1.1: How: One form. -> Two forms." in shown.out
    assert "Nothing is written" in shown.out
    assert how() == "One form."
    back(file, by=opened, write=True)
    assert "1 change written" in capsys.readouterr().out
    assert how() == "Two forms."
    back(file, by=opened, write=True)
    assert "there is nothing to write" in capsys.readouterr().out


def test_a_row_that_breaks_a_rule_ends_with_its_place_and_writes_nothing(opened: str, changed: Callable[[str], Path]) -> None:
    from bestvalue.cli.workbook import back

    with pytest.raises(TableFaults, match=r"plan\.xlsx, sheet Actions, row 2, column How: The plan would not say how"):
        back(changed(""), by=opened, write=True)
    assert how() == "One form."


def test_only_somebody_who_signs_in_takes_it_out(opened: str, tmp_path: Path) -> None:
    from bestvalue.cli.workbook import out

    with pytest.raises(WorkspaceError, match=r"Nobody signs in as nobody@example\.org"):
        out(tmp_path / "plan.xlsx", by="nobody@example.org")
    assert not (tmp_path / "plan.xlsx").exists()
