"""Files that are brought in through the site: a workbook of the register, a tracker of somebody else, a recommendation by hand."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from tests.world import DAY, World

if TYPE_CHECKING:
    from bestvalue.record.delivery.models import Action

AT_MOST = 12


@pytest.fixture
def action(world: World) -> "Action":
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Status

    for status in (Status.ACCEPTED, Status.IN_PROGRESS):
        changes.set_status(world.theirs, status=status, on=DAY, note="It will be done.", by=world.manager)
    said = {"what": "Publish", "why": "Asked.", "how": "Yearly.", "target": "All.", "lead": world.manager}
    return changes.add_action(world.theirs, original_date=date(2027, 3, 31), by=world.manager, **said)  # type: ignore[arg-type]  # least


def edited(content: bytes, how: str) -> SimpleUploadedFile:
    book = load_workbook(io.BytesIO(content))
    headings = [cell.value for cell in book["Actions"][1]]
    book["Actions"].cell(row=2, column=headings.index("How") + 1).value = how  # type: ignore[assignment]  # a cell that can be changed
    file = io.BytesIO()
    book.save(file)
    return SimpleUploadedFile("register.xlsx", file.getvalue())


def brought(manager: Client, how: str) -> Any:
    content = manager.get(reverse("workbook_file")).content
    return manager.post(reverse("workbook"), {"file": edited(content, how)})


def test_a_workbook_goes_out_comes_back_is_shown_and_then_written(manager: Client, world: World, action: "Action") -> None:
    assert brought(manager, "Each quarter.").url == reverse("workbook_check")
    page = manager.get(reverse("workbook_check")).content.decode()
    assert "<del>Yearly.</del>" in page
    assert "<ins>Each quarter.</ins>" in page
    action.refresh_from_db()
    assert action.how == "Yearly."
    assert manager.post(reverse("workbook_check")).url == reverse("workbook")
    action.refresh_from_db()
    assert action.how == "Each quarter."
    assert "1 change written from register.xlsx" in manager.get(reverse("workbook")).content.decode()


def test_a_workbook_that_is_forgotten_writes_nothing(manager: Client, world: World, action: "Action") -> None:
    brought(manager, "Each quarter.")
    manager.post(reverse("workbook_check"), {"forget": "1"})
    action.refresh_from_db()
    assert action.how == "Yearly."
    assert manager.get(reverse("workbook_check")).url == reverse("workbook")


def test_what_changed_after_somebody_looked_is_shown_anew_and_both_are_offered(manager: Client, world: World, action: "Action") -> None:
    from bestvalue.record.delivery.changes import edit_action

    brought(manager, "Each quarter.")
    edit_action(action, version=action.row_version, mine={"how": "Each month."}, by=world.manager)
    page = manager.post(reverse("workbook_check"), follow=True).content.decode()
    assert "The register changed since you looked" in page
    assert "Keep what somebody else wrote: Each month." in page
    assert "Take what the workbook says: Each quarter." in page
    refused = manager.post(reverse("workbook_check")).content.decode()
    assert "Choose whose words stay" in refused
    manager.post(reverse("workbook_check"), {f"Actions-{action.pk}-how": "mine"})
    action.refresh_from_db()
    assert action.how == "Each quarter."


def test_a_row_that_breaks_a_rule_keeps_all_of_it_out(manager: Client, world: World, action: "Action") -> None:
    brought(manager, "")
    page = manager.get(reverse("workbook_check")).content.decode()
    assert "The plan would not say how" in page
    assert "Write the changes" not in page
    manager.post(reverse("workbook_check"))
    action.refresh_from_db()
    assert action.how == "Yearly."


def test_what_is_no_workbook_is_refused_beside_the_field(manager: Client, world: World) -> None:
    for name, says in (("register.xlsm", "macros"), ("notes.txt", "must be one of"), ("register.xlsx", "Excel workbook")):
        page = manager.post(reverse("workbook"), {"file": SimpleUploadedFile(name, b"no workbook")}).content.decode()
        assert says in page, name


def test_a_waiting_workbook_is_its_own_persons(
    manager: Client, world: World, action: "Action", browser_of: Callable[[Any], Client]
) -> None:
    brought(manager, "Each quarter.")
    other = browser_of(world.board_member)
    assert other.get(reverse("workbook_check")).url == reverse("workbook")
    assert "register.xlsx waits" not in other.get(reverse("workbook")).content.decode()


def test_what_somebody_may_not_see_is_not_in_their_workbook(world: World, action: "Action", browser_of: Callable[[Any], Client]) -> None:
    book = load_workbook(io.BytesIO(browser_of(world.outsider).get(reverse("workbook_file")).content))
    keys = [row[0].value for row in book["Recommendations"].iter_rows(min_row=2, min_col=3, max_col=3)]
    assert keys == [world.theirs.key]
    everything = " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert world.ours.text not in everything


TRACKER = b"Ref,Recommendation,Status,Lead\r\nA1,Publish costs.,Ongoing,Project manager\r\nA2,Count hours.,Discharged,\r\n"


def bring_tracker(manager: Client, world: World, content: bytes = TRACKER) -> None:
    sent = {"source": "The portal", "file": SimpleUploadedFile("tracker.csv", content)}
    assert manager.post(reverse("tracker"), sent).url == reverse("tracker_columns")
    page = manager.get(reverse("tracker_columns")).content.decode()
    assert "Status (such as Ongoing; Discharged)" in page
    answers = {"number": "Ref", "text": "Recommendation", "status": "Status", "lead": "Lead", "days": "day first"}
    answers |= {"issuer_of_all": str(world.report.issuer_id), "report_of_all": "Letter of May"}
    assert manager.post(reverse("tracker_columns"), answers).url == reverse("tracker_words")


def test_a_tracker_is_mapped_shown_and_taken_in_once_however_often_it_comes(manager: Client, world: World) -> None:
    from bestvalue.record.delivery.models import Recommendation

    bring_tracker(manager, world)
    words = manager.get(reverse("tracker_words"))
    form = {name: field.initial for name, field in words.context["form"].fields.items()}
    assert form == {"status-0": "complete", "status-1": "in progress", "lead-0": str(world.manager.pk)}
    assert manager.post(reverse("tracker_words"), form).url == reverse("tracker_check")
    page = manager.get(reverse("tracker_check")).content.decode()
    assert page.count("new in the register") == 2
    assert not Recommendation.objects.filter(report_slug="letter-of-may").exists()
    assert manager.post(reverse("tracker_check"), {"take": "1"}).url == reverse("register")
    found = Recommendation.objects.filter(report_slug="letter-of-may")
    assert {one.number: one.status.value for one in found} == {"A1": "in progress", "A2": "complete"}
    # brought again, the answers of the last time stand there already, and nothing is left to write
    manager.post(reverse("tracker"), {"source": "the portal", "file": SimpleUploadedFile("tracker.csv", TRACKER)})
    remembered = manager.get(reverse("tracker_columns")).context["form"].initial
    assert (remembered["lead"], remembered["report_of_all"]) == ("Lead", "Letter of May")
    page = manager.get(reverse("tracker_check")).content.decode()
    assert "<strong>2</strong> say what the register says" in page or "<strong>1</strong> says what the register says" in page
    manager.post(reverse("tracker_check"), {"take": "1"})
    assert found.count() == 2


def test_a_tracker_with_a_bad_row_is_told_by_row_and_may_go_without_it(manager: Client, world: World) -> None:
    from bestvalue.record.delivery.models import Recommendation

    bring_tracker(manager, world, TRACKER + b"A1,Again.,Ongoing,\r\n")
    words = manager.get(reverse("tracker_words"))
    manager.post(reverse("tracker_words"), {name: field.initial for name, field in words.context["form"].fields.items()})
    page = manager.get(reverse("tracker_check")).content.decode()
    assert "“A1” stands in row 2 already" in page
    assert "1 fault found" in manager.post(reverse("tracker_check"), {"take": "1"}).content.decode()
    assert not Recommendation.objects.filter(report_slug="letter-of-may").exists()
    manager.post(reverse("tracker_check"), {"take": "1", "leave_out": "on"})
    assert Recommendation.objects.filter(report_slug="letter-of-may").count() == 2


def test_a_recommendation_is_entered_by_hand_and_the_next_form_keeps_its_report(manager: Client, world: World) -> None:
    from bestvalue.record.bodies.models import Body
    from bestvalue.record.delivery.models import Recommendation

    said = {"new_issuer": "Coroner", "new_issuer_kind": "other", "report_title": "Report of 2026", "number": "1", "text": "Look again."}
    said |= {"kind": "cause of concern", "made_on_day": "27", "made_on_month": "3", "made_on_year": "2026"}
    answer = manager.post(reverse("recommendation_enter"), said)
    made = Recommendation.objects.get(report_slug="report-of-2026")
    assert (made.issuer, made.kind, made.made_on) == (Body.objects.get(name="Coroner"), "cause of concern", date(2026, 3, 27))
    form = manager.get(answer.url).context["form"]
    assert [form[name].value() for name in ("issuer", "report_title", "made_on")] == [
        str(made.issuer_id),
        "Report of 2026",
        ("27", "03", "2026"),
    ]
    again = manager.post(reverse("recommendation_enter"), {**said, "new_issuer": "", "new_issuer_kind": "", "issuer": made.issuer_id})
    assert "is in the register already" in again.content.decode()


def test_these_pages_ask_little_of_the_database(manager: Client, world: World, action: "Action") -> None:
    manager.get(reverse("home"))
    brought(manager, "Each quarter.")
    bring_tracker(manager, world)

    def counted() -> Iterator[tuple[str, int]]:
        for name in ("workbook", "workbook_check", "tracker", "tracker_columns", "tracker_words", "recommendation_enter"):
            with CaptureQueriesContext(connection) as asked:
                assert manager.get(reverse(name)).status_code == 200
            yield name, len(asked)

    assert {name: count for name, count in counted() if count > AT_MOST} == {}
