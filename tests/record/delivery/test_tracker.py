"""A tracker that somebody else keeps comes in by a mapping of its columns, and comes in again without a second of anything."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from tests.record.delivery.conftest import Delivering

from bestvalue.errors import RuleError, TableError, TableFaults
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import FileKind, ImportedFile, Recommendation, TrackerMapping, WaitingFile, set_waiting
from bestvalue.record.delivery.tracker.fields import Answers, DayOrder
from bestvalue.record.delivery.tracker.grid import Grid, read_grid
from bestvalue.record.delivery.tracker.guess import guess_columns, guess_days, guess_values
from bestvalue.record.delivery.tracker.taking_in import propose_tracker, refuse_tracker, rehearse_tracker, remembered, take_tracker
from bestvalue.record.ledger.models import AuditEvent

TODAY = date(2026, 3, 1)
HEADINGS = (
    "Ref",
    "Recommendation",
    "Type",
    "Report",
    "Published",
    "Status",
    "Updated",
    "Board",
    "Lead officer",
    "Due date",
    "Comments",
)
ROWS = (
    ("R1", "Publish costs.", "AFI", "PEEL 2025", "27/11/2025", "On track", "03/02/2026", "Committee", "Lead", "30/06/2026", "Half done."),
    ("R2", "Count hours.", "Cause of concern", "PEEL 2025", "27/11/2025", "Discharged", "13/01/2026", "Committee", "Ann Other", "", ""),
    ("R3", "=Say why.", "Recommendation", "PEEL 2025", "27/11/2025", "New", "", "", "", "", ""),
)


def as_csv(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS, *, above: str = "", delimiter: str = ",") -> bytes:
    lines = [delimiter.join(f'"{cell}"' for cell in line) for line in (headings, *rows)]
    return (above + "\r\n".join(lines)).encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Tracker of the inspectorate"])  # type: ignore[union-attr]  # a new workbook has a sheet
    book.active.append([])  # type: ignore[union-attr]  # as above
    for row in (HEADINGS, *rows):
        book.active.append([f"{cell}" for cell in row])  # type: ignore[union-attr]  # as above
    for cell in book.active["B"]:  # type: ignore[union-attr]  # as above
        cell.data_type = "s"
    book.save(file)
    return file.getvalue()


def as_json(rows: Sequence[Sequence[str]]) -> bytes:
    return json.dumps({"exported": "2026-03-01", "recommendations": [dict(zip(HEADINGS, row, strict=True)) for row in rows]}).encode()


def answers_for(grid: Grid, issuer: Body, **rest: Any) -> Answers:
    """What somebody answers who trusts every guess."""
    columns = guess_columns(grid)
    bodies, people = list(Body.objects.order_by("pk")), list(Person.objects.order_by("pk"))
    values = {
        key: guess_values(key, grid.words(columns[key]), bodies=bodies, people=people)
        for key in ("status", "kind", "owner", "lead")
        if key in columns
    }
    guessed = {"columns": columns, "values": values, "days": guess_days(grid, columns).value}
    return Answers(**{"source": "the portal", "issuer": issuer.pk, **guessed, **rest})


def take(content: bytes, issuer: Body, by: Person, *, name: str = "tracker.csv", leave_out: bool = False, **rest: Any) -> ImportedFile:
    answers = answers_for(read_grid(content, name=name), issuer, **rest)
    listed = Recommendation.objects.all()
    return take_tracker(content, name=name, answers=answers, listed=listed, leave_out=leave_out, on=TODAY, by=by)


def by_number() -> Mapping[str, Recommendation]:
    return {one.number: one for one in Recommendation.objects.filter(report_slug="peel-2025")}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tracker.csv", as_csv(ROWS)),
        ("tracker.csv", as_csv(ROWS, above="Tracker of the inspectorate\r\n\r\n")),
        ("tracker.csv", as_csv(ROWS, delimiter=";")),
        ("tracker.xlsx", as_xlsx(ROWS)),
        ("tracker.json", as_json(ROWS)),
    ],
)
def test_a_tracker_is_read_alike_however_it_is_written(delivering: Delivering, name: str, content: bytes) -> None:
    take(content, delivering.committee, delivering.manager, name=name)
    found = by_number()
    assert [one.text for one in found.values()] == ["Publish costs.", "Count hours.", "=Say why."]
    assert [one.kind for one in found.values()] == [Kind.AREA_FOR_IMPROVEMENT, Kind.CAUSE_OF_CONCERN, Kind.RECOMMENDATION]
    assert [(one.status, one.made_on) for one in found.values()] == [
        (Status.IN_PROGRESS, date(2025, 11, 27)),
        (Status.COMPLETE, date(2025, 11, 27)),
        (Status.MADE, date(2025, 11, 27)),
    ]
    first = found["R1"]
    assert (first.lead, first.actions.get().original_date) == (delivering.lead, date(2026, 6, 30))
    assert first.updates.get().text == "According to the portal: Half done."
    assert found["R2"].statuses.latest("pk").note == "According to the portal, from which it was taken over."
    assert found["R2"].lead == Person.objects.get(name="Ann Other")


def test_an_import_is_one_entry_of_the_ledger_that_lists_every_row(delivering: Delivering) -> None:
    before = AuditEvent.objects.count()
    taken = take(as_csv(ROWS), delivering.committee, delivering.manager)
    (entry,) = AuditEvent.objects.all()[before:]
    assert entry.payload is not None
    assert (entry.action, entry.object_id, entry.payload["source"]) == ("tracker.taken_in", str(taken.pk), "the portal")
    entered = [row["rows"][0]["key"] for row in entry.payload["rows"] if row["action"] == "recommendations.entered"]
    assert entered == [f"Committee / peel-2025 / {number}" for number in ("R1", "R2", "R3")]


def test_brought_in_again_it_updates_by_key_and_doubles_nothing(delivering: Delivering) -> None:
    take(as_csv(ROWS), delivering.committee, delivering.manager)
    again = take(as_csv(ROWS), delivering.committee, delivering.manager)
    assert (again.changes, len(by_number())) == (0, 3)
    later = [("R3", "=Say why.", "Recommendation", "PEEL 2025", "27/11/2025", "Accepted", "20/2/2026", "Committee", "Lead", "", "We will")]
    assert take(as_csv(later), delivering.committee, delivering.manager).changes == 1
    third = by_number()["R3"]
    assert (third.status, third.lead, third.updates.count(), len(by_number())) == (Status.ACCEPTED, delivering.lead, 1, 3)


def test_what_a_tracker_cannot_decide_is_told_and_not_written(delivering: Delivering) -> None:
    take(as_csv(ROWS), delivering.committee, delivering.manager)
    moved = [("R1", "Publish costs.", "AFI", "PEEL 2025", "27/11/2025", "Closed", "20/02/2026", "Other committee", "", "31/12/2026", "")]
    content = as_csv(moved)
    answers = answers_for(read_grid(content, name="t.csv"), delivering.committee)
    asked = {"name": "t.csv", "answers": answers, "listed": Recommendation.objects.all(), "on": TODAY, "by": delivering.manager}
    (told,) = rehearse_tracker(content, **asked).told  # type: ignore[arg-type]  # as asked above
    assert told.said == ()
    says = " ".join(told.notes)
    assert "requested by the lead and decided by the owning body" in says
    assert "an agreed date moves by a decision of the owning body with its cause" in says
    assert "handed over by a transfer" in says
    take(content, delivering.committee, delivering.manager)
    first = by_number()["R1"]
    assert (first.status, first.actions.get().agreed_date) == (Status.IN_PROGRESS, date(2026, 6, 30))


def test_how_a_source_is_read_is_remembered(delivering: Delivering) -> None:
    assert remembered("The Portal") is None
    take(as_csv(ROWS), delivering.committee, delivering.manager)
    known = remembered("The Portal")
    assert known is not None
    assert (known.columns["lead"], known.values["status"]["Discharged"], known.issuer) == (
        "Lead officer",
        "complete",
        delivering.committee.pk,
    )
    take(as_csv(ROWS), delivering.committee, delivering.manager, source="the PORTAL", report="Another")
    assert (TrackerMapping.objects.count(), TrackerMapping.objects.get().row_version) == (1, 2)


BROKEN = (
    ("R4", "", "AFI", "PEEL 2025", "27/11/2025", "New", "", "", "", "", ""),
    ("R5", "Do.", "AFI", "PEEL 2025", "31/02/2026", "New", "", "", "", "soon", ""),
    ("R1", "Again.", "AFI", "PEEL 2025", "", "New", "", "", "", "", ""),
)


def test_bad_rows_are_told_by_row_and_column_and_nothing_is_written(delivering: Delivering) -> None:
    before = (Recommendation.objects.count(), AuditEvent.objects.count(), TrackerMapping.objects.count())
    with pytest.raises(TableFaults) as broken:
        take(as_csv((*ROWS, *BROKEN)), delivering.committee, delivering.manager)
    assert [str(fault) for fault in broken.value.faults] == [
        "tracker.csv, row 5, column Recommendation: the cell is empty",
        "tracker.csv, row 6, column Published: “31/02/2026” is not a date",
        "tracker.csv, row 6, column Due date: “soon” is not a date",
        "tracker.csv, row 7, column Ref: “R1” stands in row 2 already",
    ]
    assert (Recommendation.objects.count(), AuditEvent.objects.count(), TrackerMapping.objects.count()) == before


def test_rows_with_faults_may_be_left_out_and_the_ledger_says_which(delivering: Delivering) -> None:
    take(as_csv((*ROWS, *BROKEN)), delivering.committee, delivering.manager, leave_out=True)
    assert set(by_number()) == {"R1", "R2", "R3"}
    entry = AuditEvent.objects.latest("seq")
    assert entry.payload is not None
    assert len(entry.payload["left_out"]) == 4


def test_only_managers_leads_and_board_members_bring_a_tracker_in(delivering: Delivering) -> None:
    with pytest.raises(RuleError, match="may not bring a tracker in"):
        take(as_csv(ROWS), delivering.committee, delivering.visitor)
    assert by_number() == {}


def test_of_two_who_answer_a_tracker_the_second_finds_what_the_first_made_of_it(delivering: Delivering) -> None:
    content, by = as_csv(ROWS), delivering.lead
    waiting = set_waiting(delivering.manager, kind=FileKind.TRACKER, name="tracker.csv", content=content)
    answers = answers_for(read_grid(content, name="tracker.csv"), delivering.committee)
    asked: dict[str, Any] = {"name": "tracker.csv", "answers": answers, "listed": Recommendation.objects.all(), "on": TODAY}
    difference = rehearse_tracker(content, **asked, by=delivering.manager)
    read_by_both = propose_tracker(waiting, difference=difference, leave_out=False, by=delivering.manager)
    refuse_tracker(read_by_both, reason="Not yet.", by=by)
    with pytest.raises(RuleError, match="need two people"):
        take_tracker(content, leave_out=True, proposed=read_by_both, by=by, **asked)
    assert by_number() == {}
    WaitingFile.objects.all().delete()
    with pytest.raises(RuleError, match="does not wait any more"):
        refuse_tracker(read_by_both, reason="Not yet.", by=by)
    assert not WaitingFile.objects.exists()


def test_days_are_told_apart_by_those_that_can_only_be_one() -> None:
    def grid(*words: str) -> Grid:
        return Grid(name="t", sheet="", sheets=(), headings=["Due"], rows=[(place, {"Due": word}) for place, word in enumerate(words)])

    assert guess_days(grid("01/02/2026", "27/03/2026"), {"due": "Due"}) is DayOrder.DAY_FIRST
    assert guess_days(grid("01/02/2026", "03/27/2026"), {"due": "Due"}) is DayOrder.MONTH_FIRST
    assert guess_days(grid("01/02/2026"), {"due": "Due"}) is DayOrder.DAY_FIRST


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("Closed - not implemented", Status.CLOSED),
        ("Not accepted", Status.NOT_ACCEPTED),
        ("being-progressed", Status.IN_PROGRESS),
        ("awaiting-review", Status.REQUESTED),
        ("Incomplete", Status.IN_PROGRESS),
        ("Partially accepted", Status.PARTLY_ACCEPTED),
        ("COMPLETE", Status.COMPLETE),
        ("Amber", ""),
    ],
)
def test_a_word_for_a_status_is_guessed_and_a_colour_is_not(word: str, meaning: str) -> None:
    assert guess_values("status", [word], bodies=[], people=[]) == {word: meaning}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("tracker.xlsm", b"", "xlsm is not a table that can be read"),
        ("tracker.docx", b"", "docx is not a table that can be read"),
        ("tracker.xlsx", b"not a workbook", "cannot be read"),
        ("tracker.csv", "Ref,Title\r\n1,caf\xe9".encode("latin-1"), "not UTF-8"),
        ("tracker.csv", b"", "no table with headings"),
        ("tracker.json", b"{", "is not JSON"),
        ("tracker.json", b'{"a": 1}', "no list of recommendations"),
    ],
)
def test_a_file_that_is_no_tracker_is_refused_with_what_to_do(name: str, content: bytes, says: str) -> None:
    with pytest.raises(TableError, match=says) as refused:
        read_grid(content, name=name)
    assert refused.value.next_step


def test_an_apostrophe_that_our_own_lists_put_before_a_formula_is_taken_off_again() -> None:
    grid = read_grid(b"Ref,Text\r\n1,'=1+1\r\n2,'tis\r\n", name="t.csv")
    assert [cells["Text"] for _, cells in grid.rows] == ["=1+1", "'tis"]
