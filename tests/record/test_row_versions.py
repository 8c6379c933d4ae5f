"""Two people change the same record: the second is told what the first wrote, and nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from bestvalue.errors import RuleError

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person
    from bestvalue.record.reviews.models import Finding, Review


def test_each_edit_raises_the_version_by_one_and_is_told_in_the_ledger(finding: "Finding", manager: "Person") -> None:
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.changes import edit_finding

    edited = edit_finding(finding, version=1, mine={"text": "Calls wait an hour."}, by=manager)
    assert (edited.row_version, edited.text) == (2, "Calls wait an hour.")
    told = AuditEvent.objects.get(action="finding.edited").payload
    assert told is not None
    assert told["changed"] == {"text": {"from": "Calls wait.", "to": "Calls wait an hour."}}


def test_the_second_of_two_who_write_the_same_field_is_told_before_theirs_and_mine(finding: "Finding", manager: "Person") -> None:
    from bestvalue.record.reviews.changes import edit_finding
    from bestvalue.record.row_versions import EditedMeanwhileError

    edit_finding(finding, version=1, mine={"text": "Theirs."}, by=manager)
    with pytest.raises(EditedMeanwhileError) as met:
        edit_finding(finding, version=1, mine={"text": "Mine.", "tone": "negative"}, by=manager)
    assert [(one.field, one.before, one.theirs, one.mine) for one in met.value.differences] == [("text", "Calls wait.", "Theirs.", "Mine.")]
    finding.refresh_from_db()
    assert finding.text == "Theirs."


def test_two_who_write_different_fields_both_keep_what_they_wrote(finding: "Finding", manager: "Person") -> None:
    from bestvalue.record.reviews.changes import edit_finding

    edit_finding(finding, version=1, mine={"text": "Theirs."}, by=manager)
    edited = edit_finding(finding, version=1, mine={"tone": "positive"}, by=manager)
    assert (edited.text, edited.tone, edited.row_version) == ("Theirs.", "positive", 3)


def test_two_who_write_the_same_words_do_not_meet(finding: "Finding", manager: "Person") -> None:
    from bestvalue.record.reviews.changes import edit_finding

    edit_finding(finding, version=1, mine={"text": "The same."}, by=manager)
    assert edit_finding(finding, version=1, mine={"text": "The same."}, by=manager).row_version == 2


def test_a_form_that_was_not_changed_does_not_undo_what_another_wrote(finding: "Finding", manager: "Person") -> None:
    from bestvalue.record.reviews.changes import edit_finding
    from bestvalue.record.row_versions import EditedMeanwhileError

    edit_finding(finding, version=1, mine={"text": "Theirs."}, by=manager)
    with pytest.raises(EditedMeanwhileError) as met:
        edit_finding(finding, version=1, mine={"text": "Calls wait."}, by=manager)
    assert met.value.differences[0].is_theirs_alone


def test_a_version_that_never_was_overwrites_nothing(finding: "Finding", manager: "Person") -> None:
    from bestvalue.record.reviews.changes import edit_finding
    from bestvalue.record.row_versions import EditedMeanwhileError

    with pytest.raises(EditedMeanwhileError):
        edit_finding(finding, version=99, mine={"text": "Mine."}, by=manager)


EDITS: list[tuple[str, dict[str, Any]]] = [
    ("finding", {"text": " "}),
    ("strand", {"question": ""}),
    ("review", {"title": ""}),
    ("evidence", {"four_cs": []}),
]


@pytest.mark.parametrize(("name", "mine"), EDITS, ids=[name for name, _ in EDITS])
def test_an_edit_that_empties_a_record_is_refused(finding: "Finding", manager: "Person", name: str, mine: dict[str, Any]) -> None:
    from bestvalue.record.reviews import changes

    rows: dict[str, Any] = {
        "finding": finding,
        "strand": finding.strand,
        "review": finding.review,
        "evidence": finding.evidence.get(),
    }
    with pytest.raises(RuleError):
        getattr(changes, f"edit_{name}")(rows[name], version=1, mine=mine, by=manager)


@pytest.mark.parametrize("name", ["finding", "strand", "review", "evidence"])
def test_who_does_not_write_in_the_review_edits_nothing(finding: "Finding", person: "Callable[..., Person]", name: str) -> None:
    from bestvalue.record.reviews import changes

    observer = person("Observer", role="observer", body=finding.review.force)
    rows: dict[str, Any] = {"finding": finding, "strand": finding.strand, "review": finding.review, "evidence": finding.evidence.get()}
    with pytest.raises(RuleError, match="may not add"):
        getattr(changes, f"edit_{name}")(rows[name], version=1, mine={}, by=observer)


def test_a_recommendation_is_worded_anew_until_it_is_answered(finding: "Finding", manager: "Person", review: "Review") -> None:
    from datetime import date

    from bestvalue.record.delivery.changes import draft_recommendation, edit_recommendation, set_status
    from bestvalue.record.delivery.life_cycle import Status

    day = date(2026, 2, 1)
    ours = draft_recommendation(review, text="Do it.", findings=[finding], on=day, by=manager)
    assert edit_recommendation(ours, version=1, mine={"text": "Do it now."}, by=manager).text == "Do it now."
    set_status(ours, status=Status.MADE, on=day, by=manager)
    set_status(ours, status=Status.ACCEPTED, on=day, by=manager)
    ours.refresh_from_db()
    with pytest.raises(RuleError, match="Accepted"):
        edit_recommendation(ours, version=ours.row_version, mine={"text": "Do less."}, by=manager)


@pytest.mark.django_db(transaction=True)
def test_of_writers_at_the_same_moment_one_writes_and_the_others_are_told(finding: "Finding", manager: "Person") -> None:
    """Without the lock two would both find version 1 and the later would overwrite the earlier."""
    from django.db import connection

    from bestvalue.record.reviews.changes import edit_finding
    from bestvalue.record.row_versions import EditedMeanwhileError

    writers = 6
    together = Barrier(writers)

    def write(number: int) -> str:
        together.wait()
        try:
            return edit_finding(finding, version=1, mine={"text": f"Text {number}."}, by=manager).text
        except EditedMeanwhileError as met:
            return f"met {met.differences[0].theirs}"
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        answers = list(pool.map(write, range(writers)))
    finding.refresh_from_db()
    assert sorted(answers) == sorted([finding.text, *[f"met {finding.text}"] * (writers - 1)])
    assert finding.row_version == 2
