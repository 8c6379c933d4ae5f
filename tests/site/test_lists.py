"""Every list as a file: the rows that its reader may see, harmless to a spreadsheet, and marked."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.inspected import inspect, take_up
from tests.world import World

from bestvalue.site.pages.list_catalogue import LISTS
from bestvalue.site.presenters.spreadsheet import RUNS_AS_FORMULA, as_csv, as_it_was, harmless

NAMES = sorted(LISTS)


def file_of(browser: Client, name: str, ending: str = "csv", **asked: object) -> Any:
    return browser.get(reverse("list_file", args=[name, ending]), asked)


def rows_of(browser: Client, name: str, **asked: object) -> list[dict[str, str]]:
    text = file_of(browser, name, **asked).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", NAMES)
def test_csv_and_excel_hold_the_same_cells(manager: Client, name: str) -> None:
    listed = list(csv.reader(io.StringIO(file_of(manager, name).content.decode("utf-8-sig"), newline="")))
    book = load_workbook(io.BytesIO(file_of(manager, name, "xlsx").content))
    sheet = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert tuple(sheet[0]) == LISTS[name].header == tuple(listed[0])
    assert len(sheet) == len(listed)
    for written, read in zip(listed[1:], sheet[1:], strict=True):
        assert [as_it_was(cell) for cell in written if not _is_moment(cell)] == [
            _words(cell) for cell, text in zip(read, written, strict=True) if not _is_moment(text)
        ]


def _is_moment(text: str) -> bool:
    return len(text) > 18 and text[4:5] == text[7:8] == "-" and text[10:11] == " "


def _words(cell: object) -> str:
    if cell is None:
        return ""
    return str(cell.date()) if hasattr(cell, "hour") else str(cell)


EMPTY_HERE = ("meetings", "published", "jobs", "results", "actions", "updates", "aims", "inspections", "document-requests")
EMPTY_HERE += ("described-practice", "surveys", "heard", "comments")
"""Nothing of these is in the small world; below, an inspection and a practice are put into it."""


@pytest.mark.parametrize("name", [name for name in NAMES if name not in EMPTY_HERE])
def test_a_list_is_not_empty_for_whoever_runs_the_review(manager: Client, name: str) -> None:
    assert rows_of(manager, name)


def test_inspections_their_requests_and_described_practice_are_listed(world: World, manager: Client) -> None:
    inspect(world)
    take_up(world)
    (inspection,) = rows_of(manager, "inspections", review=world.review.pk)
    assert (inspection["Title"], inspection["Inspects"]) == ("Inspection of support", "Inspectorate of Constabulary")
    assert [row["Asked for"] for row in rows_of(manager, "document-requests")] == ["The plan"]
    assert [row["Practice"] for row in rows_of(manager, "described-practice")] == ["A panel of critical friends"]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("name", NAMES)
def test_no_list_tells_an_outsider_of_the_review(outsider: Client, world: World, name: str, ending: str) -> None:
    answer = file_of(outsider, name, ending)
    assert answer.status_code == 200
    held = answer.content if ending == "csv" else b"".join(_strings(answer.content))
    for hidden in (world.review.title, world.secret.title, world.finding.text, world.challenge.text, world.option.text, world.ours.text):
        assert hidden.encode() not in held


def _strings(written: bytes) -> list[bytes]:
    sheet = load_workbook(io.BytesIO(written)).worksheets[0]
    return [str(cell).encode() for row in sheet.iter_rows(values_only=True) for cell in row]


def test_what_is_sensitive_reaches_only_its_group_marks_the_file_and_leaves_a_trace(
    world: World, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.models import Evidence

    for person in (world.manager, world.board_member, world.observer):
        browser = browser_of(person)
        allowed = Evidence.objects.visible_to(person.user).filter(pk=world.secret.pk).exists()
        answer = file_of(browser, "evidence")
        assert (world.secret.title in answer.content.decode()) is allowed
        marking = "OFFICIAL-SENSITIVE" if allowed else "OFFICIAL"
        assert f"-{marking}.csv" in answer.headers["Content-Disposition"]
        assert AuditEvent.objects.filter(action="sensitive.exported", actor=f"person {person.pk}").exists() is allowed
        book = load_workbook(io.BytesIO(file_of(browser, "evidence", "xlsx").content))
        assert book.worksheets[0].oddHeader.center.text == book.properties.category == marking


def test_a_list_narrows_by_what_its_page_is_about_and_a_wrong_key_gives_nothing(manager: Client, world: World) -> None:
    whole = rows_of(manager, "evidence")
    assert rows_of(manager, "evidence", review=world.review.pk) == whole
    for wrong in ("999", "x", "-1", str(2**70)):
        assert rows_of(manager, "evidence", review=wrong) == []


@pytest.mark.parametrize(("name", "ending"), [("nothing", "csv"), ("evidence", "exe")])
def test_there_is_no_other_list_and_no_other_file(manager: Client, name: str, ending: str) -> None:
    assert file_of(manager, name, ending).status_code == 404


@pytest.mark.parametrize("name", NAMES)
def test_a_list_asks_little_of_the_database(manager: Client, name: str) -> None:
    manager.get(reverse("account"))
    with CaptureQueriesContext(connection) as asked:
        file_of(manager, name)
    assert len([query for query in asked if query["sql"].startswith("SELECT")]) <= 12


@given(st.text(alphabet=st.sampled_from([*RUNS_AS_FORMULA, "'", "1", "a", "é", " "]), max_size=6))
def test_every_text_comes_back_from_csv_as_it_was_and_none_runs(text: str) -> None:
    held = next(csv.reader(io.StringIO(as_csv(["text"], [[text]]).partition("\r\n")[2], newline="")), [""])
    cell = held[0] if held else ""
    assert not cell.startswith(RUNS_AS_FORMULA)
    assert as_it_was(cell) == text
    assert harmless(date(2026, 1, 5)) == date(2026, 1, 5)


def test_the_register_as_a_file_tells_what_each_costs_brings_and_rests_on(manager: Client, outsider: Client, world: World) -> None:
    from bestvalue.record.delivery.changes import edit_recommendation, own

    said = {"one_off_cost_pence": 1_200_050, "staffing_fte": Decimal("-1.50"), "cashable_a_year_pence": 0, "non_cashable_text": "Calm."}
    success = {"measure": "waits", "measure_unit": "%", "baseline": Decimal("71.5"), "target_value": Decimal(85)}
    mine = {**said, **success, "addressed_body": world.review.force}
    edit_recommendation(world.ours, version=1, mine=mine, by=world.manager)
    own(world.ours, body=world.question.body, lead=world.board_member, on=world.note.effective_date, by=world.manager)
    (row,) = [row for row in rows_of(manager, "recommendations") if row["Key"] == str(world.ours.pk)]
    told = {
        "Register key": world.ours.key,
        "Addressed to": world.review.force.name,
        "Owner": world.question.body.name,
        "Lead": world.board_member.name,
        "Findings": "1.1",
        "Cost once in pence": "1200050",
        "Cost a year in pence": "",
        "Full-time posts more": "-1.5",
        "Cashable a year in pence": "0",
        "Benefit that is no money": "Calm.",
        "Measure of success": "waits",
        "Baseline": "71.5",
        "Target": "85",
    }
    assert {name: as_it_was(row[name]) for name in told} == told
    assert [row["Key"] for row in rows_of(outsider, "recommendations")] == [str(world.theirs.pk)]


def test_a_finding_that_the_reader_may_not_see_is_in_no_file(manager: Client, browser_of: Callable[[Any], Client], world: World) -> None:
    world.finding.marking, world.finding.group = "OFFICIAL-SENSITIVE", world.secret.group
    world.finding.save()
    for browser, findings in ((manager, "1.1"), (browser_of(world.observer), "")):
        assert [row["Findings"] for row in rows_of(browser, "recommendations") if row["Key"] == str(world.ours.pk)] == [findings]


def test_a_formula_is_text_in_excel(manager: Client, world: World) -> None:
    world.theirs.text = '=HYPERLINK("http://example.org")'
    world.theirs.save()
    sheet = load_workbook(io.BytesIO(file_of(manager, "recommendations", "xlsx").content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == world.theirs.text]
    assert [cell.data_type for cell in cells] == ["s"]
