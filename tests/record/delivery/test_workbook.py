"""The register goes out as a workbook and comes back: without loss, with every change shown, and never past a rule."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from tests.record.delivery.conftest import Delivering

from bestvalue.errors import TableError, TableFaults
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Cause, State, Status
from bestvalue.record.delivery.models import (
    MOST_PENCE,
    Action,
    ActionDependency,
    AgreedDate,
    ImportedFile,
    Ownership,
    Recommendation,
    RecommendationStatus,
    Update,
)
from bestvalue.record.delivery.workbook import layout
from bestvalue.record.delivery.workbook.bringing_back import MINE, THEIRS, difference_of, rehearse, take_workbook
from bestvalue.record.delivery.workbook.cells import as_cell, from_file, in_file, number_words
from bestvalue.record.delivery.workbook.layout import Holds
from bestvalue.record.delivery.workbook.rows import book_of
from bestvalue.record.delivery.workbook.write import write_book
from bestvalue.record.ledger.models import AuditEvent

NAME, TODAY = "register.xlsx", date(2026, 3, 1)
Edit = Callable[[Workbook], None]


def taken_out() -> bytes:
    return write_book(book_of(Recommendation.objects.all(), on=TODAY), title="Everything")


def edited(content: bytes, edit: Edit) -> bytes:
    """The workbook as somebody leaves it who opened, changed and saved it."""
    book = load_workbook(io.BytesIO(content))
    edit(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write(sheet: str, heading: str, value: object, *, row: int = 2) -> Edit:
    def edit(book: Workbook) -> None:
        headings = [cell.value for cell in book[sheet][1]]
        book[sheet].cell(row=row, column=headings.index(heading) + 1).value = value  # type: ignore[assignment]  # any value is the point

    return edit


def add(sheet: str, row: int, **cells: object) -> Edit:
    def edit(book: Workbook) -> None:
        for key, value in cells.items():
            write(sheet, layout.SHEETS[sheet].column(key).heading, value, row=row)(book)

    return edit


def both(*edits: Edit) -> Edit:
    def edit(book: Workbook) -> None:
        for one in edits:
            one(book)

    return edit


def take(content: bytes, by: Any, *, name: str = NAME, **choices: str) -> ImportedFile:
    return take_workbook(content, name=name, listed=Recommendation.objects.all(), choices=choices, on=TODAY, by=by)


def shown(content: bytes, by: Any) -> list[str]:
    """Every fault that is shown before anything is written, in words."""
    found = rehearse(content, name=NAME, listed=Recommendation.objects.all(), on=TODAY, by=by)
    return [str(fault) for fault in found.wrong]


def written() -> tuple[int, ...]:
    kinds = (Recommendation, RecommendationStatus, Ownership, Action, ActionDependency, Update, AgreedDate, ImportedFile, AuditEvent)
    versions = sum(Action.objects.values_list("row_version", flat=True)) + sum(Recommendation.objects.values_list("row_version", flat=True))
    return (*(kind.objects.count() for kind in kinds), versions)


@pytest.fixture
def plan(delivering: Delivering) -> tuple[Action, Action]:
    """Two actions, the second of which waits for the first."""
    first = delivering.action(measure="Days to answer", baseline=Decimal("9.5"), target_value=Decimal(7))
    second = delivering.action(what="Publish tasking")
    changes.add_dependency(second, needs=first, by=delivering.manager)
    changes.give_update(first, text="=It goes on", on=date(2026, 2, 10), by=delivering.lead)
    changes.forecast(first, to=date(2026, 7, 10), on=date(2026, 2, 10), by=delivering.lead)
    said = {"decided_on": date(2026, 2, 20), "minute": "Minute 2", "cause": Cause.PEOPLE, "reason": "A post is empty."}
    changes.move_agreed_date(first, to=date(2026, 8, 31), by=delivering.member, **said)  # type: ignore[arg-type]  # as the plan has it
    return first, second


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=30).filter(str.strip)
PENCE = st.none() | st.integers(0, MOST_PENCE)
MAYBE = st.none() | st.decimals(-99_999, 99_999, places=4)
DAYS = st.dates(date(2026, 2, 2), date(2026, 6, 29))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_goes_out_and_comes_back_unchanged_changes_nothing(delivering: Delivering, data: st.DataObject) -> None:
    """Over every field and link: texts that a spreadsheet could take for something else, numbers to the last digit, days, links."""
    with transaction.atomic():
        _fill(delivering, data.draw)
        before = written()
        for content in (taken_out(), edited(taken_out(), lambda _: None)):
            difference = difference_of(content, name=NAME, listed=Recommendation.objects.all(), on=TODAY)
            assert (difference.changes, difference.faults, difference.missing) == ([], [], 0)
        assert written() == before
        transaction.set_rollback(True)


def _fill(delivering: Delivering, draw: Callable[..., Any]) -> None:
    rows = [
        changes.Entered(number=f"x{place}", text=draw(WORDS), kind=draw(st.sampled_from(Kind)), asked_of=delivering.committee)
        for place in (1, 2)
    ]
    entered = changes.enter_recommendations(delivering.committee, report_title="Other", made_on=None, rows=rows, by=delivering.manager)
    for one in entered:
        one.cost_text, one.saving_text, one.non_cashable_text = (draw(st.just("") | WORDS) for _ in range(3))
        one.one_off_cost_pence, one.cost_a_year_pence, one.cashable_a_year_pence = (draw(PENCE) for _ in range(3))
        one.staffing_fte = draw(st.none() | st.decimals(-999_999, 999_999, places=2))
        if draw(st.booleans()):
            one.measure, one.measure_unit, one.baseline, one.target_value = draw(WORDS), draw(WORDS), draw(MAYBE), Decimal(draw(DAYS).day)
        one.save()
    if draw(st.booleans()):
        changes.set_status(entered[0], status=Status.NOT_ACCEPTED, on=date(2027, 1, 1), note=draw(WORDS), by=delivering.manager)
    actions: list[Action] = []
    for _ in range(draw(st.integers(1, 3))):
        words = {part: draw(WORDS) for part in ("what", "why", "how", "target", "measure", "measure_unit")}
        numbers = {"baseline": draw(MAYBE), "target_value": draw(MAYBE), "starts": draw(st.none() | DAYS)}
        action = delivering.action(**words, **numbers)
        for other in actions:
            if draw(st.booleans()):
                changes.add_dependency(action, needs=other, by=delivering.manager)
        actions.append(action)
    first, day = actions[0], draw(DAYS)
    changes.give_update(draw(st.sampled_from([first, delivering.recommendation])), text=draw(WORDS), on=day, by=delivering.lead)
    changes.set_state(first, state=State.IN_PROGRESS, on=day, note=draw(st.just("") | WORDS), by=delivering.lead)
    changes.forecast(first, to=date(2027, 1, 1), on=day, note=draw(st.just("") | WORDS), by=delivering.lead)
    moved = {
        "minute": draw(WORDS),
        "reason": draw(WORDS),
        "cause": draw(st.sampled_from([one for one in Cause if one is not Cause.EARLIER])),
    }
    changes.move_agreed_date(first, to=date(2026, 12, 1), decided_on=day, by=delivering.member, **moved)
    if draw(st.booleans()):
        changes.own(
            delivering.recommendation,
            body=delivering.committee,
            lead=delivering.visitor,
            on=TODAY,
            reason=draw(WORDS),
            by=delivering.manager,
        )


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_survives_the_cell(text: str) -> None:
    cell = as_cell(text)
    assert from_file(in_file(cell, Holds.TEXT), Holds.TEXT) == cell
    assert as_cell(cell) == cell


@given(number=st.decimals(-(10**12) + 1, 10**12 - 1, places=4))
def test_a_number_survives_the_cell_to_its_last_digit(number: Decimal) -> None:
    words = number_words(number)
    assert Decimal(words) == number
    assert from_file(in_file(words, Holds.NUMBER), Holds.NUMBER) == words


def test_a_change_is_shown_before_and_after_and_written_as_one_entry(delivering: Delivering, plan: Sequence[Action]) -> None:
    content = edited(
        taken_out(),
        both(
            write("Actions", "How", "Two forms."),
            write("Actions", "Value today", 8.25),
            write("Recommendations", "Lead", "Visitor"),
            write("Recommendations", "Owned and led since", datetime(2026, 3, 1)),  # noqa: DTZ001 - as a spreadsheet has it
            write("Recommendations", "Reason for the change of lead", "The lead moved on."),
        ),
    )
    before = written()
    difference = rehearse(content, name=NAME, listed=Recommendation.objects.all(), on=TODAY, by=delivering.manager)
    assert [(one.heading, list(one.before.values())[-1], list(one.after.values())[-1]) for one in difference.changes] == [
        ("Owning body", "", "The lead moved on."),
        ("How", "One form.", "Two forms."),
        ("Value today", "9.5", "8.25"),
    ]
    assert written() == before
    taken = take(content, delivering.manager)
    plan[0].refresh_from_db()
    assert (plan[0].how, plan[0].baseline, delivering.recommendation.lead) == ("Two forms.", Decimal("8.25"), delivering.visitor)
    (entry,) = AuditEvent.objects.filter(seq__gt=before[-2])
    assert (entry.action, entry.object_id) == ("workbook.taken_in", str(taken.pk))
    assert entry.payload is not None
    assert [row["action"] for row in entry.payload["rows"]] == ["recommendation.owned", "action.edited", "action.edited"]


def test_what_it_costs_and_brings_comes_back_in_pounds_and_a_measure_as_one_statement(delivering: Delivering) -> None:
    entered = changes.Entered(number="7", text="Share the vans.")
    (one,) = changes.enter_recommendations(delivering.committee, report_title="Vans", made_on=None, rows=[entered], by=delivering.manager)
    book = book_of(Recommendation.objects.all(), on=TODAY).sheets["Recommendations"]
    place = list(book).index(str(one.pk)) + 2
    figures = {"one_off_cost_pence": 12_000.5, "staffing_fte": -1.5, "cashable_a_year_pence": 900, "non_cashable_text": "Calm."}
    success = {"measure": "bids answered in a week", "measure_unit": "%", "baseline": 71, "target_value": 85}
    take(edited(taken_out(), add("Recommendations", place, **figures, **success)), delivering.manager)
    one.refresh_from_db()
    assert (one.one_off_cost_pence, one.cost_a_year_pence, one.staffing_fte, one.cashable_a_year_pence) == (
        *(1_200_050, None),
        *(Decimal("-1.5"), 90_000),
    )
    assert (one.non_cashable_text, one.measure_words) == ("Calm.", "bids answered in a week: from 71 to 85 %")
    content = edited(taken_out(), add("Recommendations", place, target_value=90))
    assert take(content, delivering.manager).changes == 1
    one.refresh_from_db()
    assert (one.target_value, one.measure) == (90, "bids answered in a week")


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"one_off_cost_pence": 0.005}, "£0.005 is no amount in pounds and pence"),
        ({"cost_a_year_pence": -5}, "-£5 is no amount that it can cost or save"),
        ({"measure": "bids", "measure_unit": "%"}, "The measure has no target"),
    ],
)
def test_a_costing_that_cannot_be_is_a_fault_of_its_cell(delivering: Delivering, cells: dict[str, object], words: str) -> None:
    entered = changes.Entered(number="7", text="Share the vans.")
    (one,) = changes.enter_recommendations(delivering.committee, report_title="Vans", made_on=None, rows=[entered], by=delivering.manager)
    place = list(book_of(Recommendation.objects.all(), on=TODAY).sheets["Recommendations"]).index(str(one.pk)) + 2
    (fault,) = shown(edited(taken_out(), add("Recommendations", place, **cells)), delivering.manager)
    assert words in fault


def test_brought_back_twice_nothing_is_done_twice(delivering: Delivering, plan: Sequence[Action]) -> None:
    key, name = delivering.recommendation.key, f"{delivering.recommendation.key}.1"
    content = edited(
        taken_out(),
        both(
            add("Updates", 3, recommendation=key, action=name, on=date(2026, 3, 1), text="Half of it works."),
            add("Dates", 4, action=name, kind="forecast", date=date(2026, 9, 30), on=date(2026, 3, 1), reason="Later."),
        ),
    )
    assert take(content, delivering.lead).changes == 2
    assert plan[0].forecasts.latest("on").date == date(2026, 9, 30)
    assert take(content, delivering.lead).changes == 0
    assert Update.objects.filter(text="Half of it works.").count() == 1


def test_a_new_action_joins_the_plan_with_what_it_says(delivering: Delivering, plan: Sequence[Action]) -> None:
    row = {"what": "Train", "why": "New.", "how": "Days.", "target": "All.", "lead": "Lead", "original_date": date(2026, 9, 1)}
    content = edited(taken_out(), add("Actions", 4, recommendation=delivering.recommendation.key, **row))
    take(content, delivering.manager)
    made = delivering.recommendation.actions.latest("number")
    assert (made.what, made.lead, made.original_date, made.number) == ("Train", delivering.lead, date(2026, 9, 1), 3)


def test_links_are_taken_away_and_added_and_a_circle_is_refused(delivering: Delivering, plan: Sequence[Action]) -> None:
    first, second = plan
    circle = edited(taken_out(), write("Actions", "Waits for (a line each)", f"{delivering.recommendation.key}.2"))
    (said,) = shown(circle, delivering.manager)
    assert "in a circle: 1.1 → 1.2 → 1.1" in said
    turned = edited(circle, write("Actions", "Waits for (a line each)", None, row=3))
    take(turned, delivering.manager)
    assert list(ActionDependency.objects.values_list("action", "needs")) == [(first.pk, second.pk)]


def test_a_conflict_shows_both_and_is_chosen(delivering: Delivering, plan: Sequence[Action]) -> None:
    first = plan[0]
    content = edited(taken_out(), both(write("Actions", "How", "Mine."), write("Actions", "Why", "Mine too.")))
    changes.edit_action(first, version=first.row_version, mine={"how": "Theirs."}, by=delivering.manager)
    difference = rehearse(content, name=NAME, listed=Recommendation.objects.all(), on=TODAY, by=delivering.manager)
    (conflict,) = difference.conflicts
    assert (conflict.theirs, conflict.before, conflict.after) == ({"how": "One form."}, {"how": "Theirs."}, {"how": "Mine."})
    before = written()
    with pytest.raises(TableFaults, match="somebody else changed it too"):
        take(content, delivering.manager)
    assert written() == before
    take(content, delivering.manager, **{conflict.name: THEIRS})
    first.refresh_from_db()
    assert (first.how, first.why) == ("Theirs.", "Mine too.")
    take(content, delivering.manager, **{conflict.name: MINE})
    first.refresh_from_db()
    assert first.how == "Mine."


def test_what_somebody_else_changed_elsewhere_in_the_row_stays(delivering: Delivering, plan: Sequence[Action]) -> None:
    first = plan[0]
    content = edited(taken_out(), write("Actions", "How", "Mine."))
    changes.edit_action(first, version=first.row_version, mine={"why": "Theirs."}, by=delivering.manager)
    difference = difference_of(content, name=NAME, listed=Recommendation.objects.all(), on=TODAY)
    assert (len(difference.conflicts), difference.stale) == (0, 1)
    take(content, delivering.manager)
    first.refresh_from_db()
    assert (first.how, first.why) == ("Mine.", "Theirs.")


BAD: dict[str, tuple[Edit, str]] = {
    "a changed id": (
        write("Actions", "Row id", "999"),
        "sheet Actions, row 2, column Row id: the hidden id or version of the row was changed",
    ),
    "a changed version": (write("Actions", "Row version", 7), "the hidden id or version of the row was changed"),
    "an id that is gone": (write("Actions", "Row id", None), "the hidden id of the row is gone"),
    "a protected cell": (write("Actions", "Action", "Mine"), "column Action: the protected cell says “Mine”"),
    "a moved original date": (
        write("Actions", "Original date", date(2027, 1, 1)),
        "column Original date: the protected cell says “2027-01-01”",
    ),
    "a moved agreed date": (write("Actions", "Agreed date", date(2027, 1, 1)), "column Agreed date: the protected cell says"),
    "a rewritten update": (write("Updates", "What has moved", "Never mind."), "sheet Updates, row 2, column What has moved"),
    "a formula": (write("Actions", "How", "=1+1"), "sheet Actions, row 2, column How: it holds the formula =1+1"),
    "a wrong date": (write("Actions", "Starts", "32/13/2026"), "column Starts: “32/13/2026” is not a date"),
    "a number as a date": (write("Actions", "Starts", 5), "column Starts: “1900-01-05 00:00:00” is not a date"),
    "no number": (write("Actions", "Value today", "nine"), "column Value today: “nine” is not a number"),
    "none of the list": (write("Recommendations", "Lead", "Nobody"), "column Lead: “Nobody” is not one of the list"),
    "a deleted column": (
        lambda book: book["Actions"].delete_cols(8),
        "sheet Actions, row 1, column Target: the column was deleted or renamed",
    ),
    "a deleted sheet": (lambda book: book.remove(book["Dates"]), "the sheet Dates is missing"),
    "a row twice": (both(*(write("Actions", one, two, row=4) for one, two in (("Row id", "1"), ("What is done", "x")))), "row 4"),
    "a day alone": (write("Recommendations", "Status since", date(2026, 3, 1)), "column Status since: it is changed alone"),
    "a status that does not follow": (write("Recommendations", "Status", "Draft"), "“Draft” does not follow “In progress”"),
    "completion just entered": (write("Recommendations", "Status", "Complete"), "does not follow"),
    "another owner": (write("Recommendations", "Owning body", "Other committee"), "Committee owns it"),
    "an end before its start": (write("Actions", "Starts", date(2026, 12, 1)), "is to be complete on"),
    "an empty what": (write("Actions", "What is done", None), "The plan would not say what"),
    "a recommendation of its own": (
        add("Recommendations", 3, text="Mine"),
        "sheet Recommendations, row 3, column Recommendation: a new row",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_by_row_and_nothing_is_written(delivering: Delivering, plan: Sequence[Action], case: str) -> None:
    edit, says = BAD[case]
    before = written()
    sound = write("Actions", "Why", "A sound change beside it.", row=3)
    content = edited(taken_out(), both(sound, edit))
    assert any(says in fault for fault in shown(content, delivering.manager)), shown(content, delivering.manager)
    with pytest.raises(TableFaults):
        take(content, delivering.manager)
    assert written() == before


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"kind": "agreed", "minute": "Minute 9", "reason": "So."}, "An agreed date moves with its cause"),
        ({"kind": "agreed", "cause": "Money was not there", "reason": "So."}, "A decision is minuted"),
        ({"kind": "agreed", "minute": "Minute 9", "cause": "Money was not there"}, "moves with a reason"),
        ({"kind": "forecast"}, "does not lead this action"),
        ({}, "neither agreed nor forecast"),
    ],
)
def test_a_date_moves_only_by_the_rules(delivering: Delivering, plan: Sequence[Action], cells: dict[str, str], says: str) -> None:
    row = {"action": f"{delivering.recommendation.key}.1", "date": date(2026, 11, 1), "on": TODAY, **cells}
    assert any(says in fault for fault in shown(edited(taken_out(), add("Dates", 4, **row)), delivering.member))


def test_only_the_owning_body_moves_a_date_by_workbook_too(delivering: Delivering, plan: Sequence[Action]) -> None:
    row = {"kind": "agreed", "minute": "Minute 9", "cause": "Money was not there", "reason": "So.", "date": date(2026, 11, 1), "on": TODAY}
    content = edited(taken_out(), add("Dates", 4, action=f"{delivering.recommendation.key}.1", **row))
    assert any("holds no place in Committee" in fault for fault in shown(content, delivering.manager))
    take(content, delivering.member)
    assert plan[0].agreed_date == date(2026, 11, 1)


def _macros(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    return file.getvalue()


def _bomb(content: bytes) -> bytes:
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/zeros.bin", bytes(300 << 20))
    return file.getvalue()


def _of_another_register(content: bytes) -> bytes:
    def edit(book: Workbook) -> None:
        book[layout.BASE_SHEET]["A1"] = "0123456789abcdef"

    return edited(content, edit)


def _with_another_past(content: bytes) -> bytes:
    def edit(book: Workbook) -> None:
        cell = book[layout.BASE_SHEET]["A2"]
        cell.value = str(cell.value).replace("One form.", "Two form.")

    return edited(content, edit)


@pytest.mark.parametrize(
    ("name", "spoil", "says"),
    [
        ("register.xlsm", bytes, "xlsm is not a table that can be read"),
        ("register.csv", bytes, "comes back as an Excel workbook"),
        (NAME, _macros, "holds macros"),
        (NAME, _bomb, "refused"),
        (NAME, lambda content: content[: len(content) // 2], "cannot be read|not an Excel workbook"),
        (NAME, lambda _: b"not a workbook", "not an Excel workbook|cannot be read"),
        (NAME, _of_another_register, "taken out of another register"),
        (NAME, _with_another_past, "hidden sheet of this workbook was changed"),
        (NAME, lambda content: edited(content, lambda book: book.remove(book[layout.BASE_SHEET])), "was not taken out of a register"),
    ],
)
def test_a_file_that_is_no_workbook_of_this_register_is_refused(
    delivering: Delivering, plan: Sequence[Action], name: str, spoil: Callable[[bytes], bytes], says: str
) -> None:
    before = written()
    with pytest.raises(TableError, match=says):
        take(spoil(taken_out()), delivering.manager, name=name)
    assert written() == before


def test_rows_that_somebody_may_not_see_are_neither_told_nor_taken(delivering: Delivering, plan: Sequence[Action]) -> None:
    content = edited(taken_out(), write("Actions", "How", "Mine."))
    listed = Recommendation.objects.none()
    difference = rehearse(content, name=NAME, listed=listed, on=TODAY, by=delivering.visitor)
    assert difference.changes == []
    assert all("not among those that you may see" in str(fault) for fault in difference.wrong)


def test_what_cannot_be_changed_is_protected_and_choices_are_offered(delivering: Delivering, plan: Sequence[Action]) -> None:
    book = load_workbook(io.BytesIO(taken_out()))
    sheet = book["Actions"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.protection.sheet
    assert [sheet.column_dimensions[letter].hidden for letter in "AB"] == [True, True]
    assert sheet.cell(row=2, column=headings["Original date"]).protection.locked
    assert not sheet.cell(row=2, column=headings["How"]).protection.locked
    assert not sheet.cell(row=4, column=headings["Original date"]).protection.locked
    assert {offered.formula1 for offered in sheet.data_validations.dataValidation if offered.type == "list"} == {
        "=recommendations",
        "=people",
        "=states",
    }
    assert book["Read me"]["A2"].value == "OFFICIAL"
    assert [book[name].sheet_state for name in (layout.BASE_SHEET, layout.LISTS_SHEET)] == ["veryHidden", "veryHidden"]
