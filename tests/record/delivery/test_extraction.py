"""Nothing that was read enters the register before somebody has seen it."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bestvalue.documents.reading import PublishedReport as ReadReport
from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.changes.extraction import accept_extracted, dismiss_extracted, merge_extracted, split_extracted
from bestvalue.record.delivery.extracted import Worded
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.report_import import import_report
from bestvalue.record.inspections.models import Extracted, PublishedReport

Two = tuple[Extracted, Extracted]
Read = Callable[..., ReadReport]


@pytest.fixture
def two(db: None, read_by_hand: Read, source: Path) -> Two:
    """A report of two recommendations, imported to be checked."""
    (one,) = read_by_hand().recommendations
    rows = tuple(dataclasses.replace(one, number=str(number), text=f"Do thing {number}.") for number in (1, 2))
    kept = import_report(read_by_hand(recommendations=rows), source=source, by=None, seen=False)
    first, second = Extracted.objects.filter(report=kept)
    return first, second


def test_an_unseen_report_puts_nothing_in_the_register(two: Two) -> None:
    assert not Recommendation.objects.exists()
    assert [row.number for row in Extracted.objects.to_check()] == ["1", "2"]


def test_what_is_accepted_keeps_its_words_and_says_where_it_was_read(two: Two, manager: Person) -> None:
    made = accept_extracted(two[0], by=manager)
    assert (made.number, made.text, made.taken_from.get().extracted) == ("1", "Do thing 1.", two[0])
    assert not two[0].check_made.edited


def test_a_correction_is_kept_beside_what_was_read(two: Two, manager: Person) -> None:
    made = accept_extracted(two[0], by=manager, number="1.1", text="Do the thing.", reason="A page head was in it.")
    assert (made.number, made.text) == ("1.1", "Do the thing.")
    found = Extracted.objects.get(pk=two[0].pk)
    assert (found.text, found.check_made.edited, found.check_made.reason) == ("Do thing 1.", True, "A page head was in it.")


def test_one_is_split_into_two(two: Two, manager: Person) -> None:
    parts = [Worded(number="1a", text="Do this."), Worded(number="1b", text="Do that.")]
    assert [one.number for one in split_extracted(two[0], parts=parts, by=manager)] == ["1a", "1b"]


def test_a_split_has_two_parts(two: Two, manager: Person) -> None:
    with pytest.raises(RuleError, match="at least two parts"):
        split_extracted(two[0], parts=[Worded(number="1", text="Do this.")], by=manager)


@pytest.mark.parametrize("first_accepted", [True, False])
def test_two_are_merged_into_one_whichever_is_checked_first(two: Two, manager: Person, first_accepted: bool) -> None:
    def accept() -> object:
        return accept_extracted(two[0], by=manager)

    def merge() -> object:
        return merge_extracted(two[1], into=Extracted.objects.get(pk=two[0].pk), by=manager)

    for step in (accept, merge) if first_accepted else (merge, accept):
        step()
    assert [taken.extracted for taken in Recommendation.objects.get().taken_from.all()] == [two[0], two[1]]


def test_nothing_is_merged_into_what_was_dismissed(two: Two, manager: Person) -> None:
    dismiss_extracted(two[0], reason="A heading.", by=manager)
    with pytest.raises(RuleError, match="was dismissed"):
        merge_extracted(two[1], into=Extracted.objects.get(pk=two[0].pk), by=manager)


def test_a_dismissal_has_a_reason(two: Two, manager: Person) -> None:
    with pytest.raises(RuleError, match="dismissed with a reason"):
        dismiss_extracted(two[0], reason=" ", by=manager)


def test_each_is_checked_once(two: Two, manager: Person) -> None:
    accept_extracted(two[0], by=manager)
    with pytest.raises(RuleError, match="checked already"):
        dismiss_extracted(two[0], reason="No.", by=manager)


def test_a_number_enters_the_register_once(two: Two, manager: Person) -> None:
    accept_extracted(two[0], by=manager)
    with pytest.raises(RuleError, match="in the register already"):
        accept_extracted(two[1], number="1", by=manager)
    assert not Extracted.objects.get(pk=two[1].pk).is_checked


def test_an_observer_checks_nothing(two: Two, person: Callable[..., Person], review: Any) -> None:
    with pytest.raises(RuleError, match="may not check"):
        accept_extracted(two[0], by=person("Observer", role="observer", body=review.force))


def test_whoever_has_seen_a_report_accepts_all_of_it_at_once(db: None, read_by_hand: Read, source: Path) -> None:
    kept: PublishedReport = import_report(read_by_hand(), source=source, by=None)
    assert kept.recommendations.count() == kept.extracted.count() > 0
    assert not Extracted.objects.to_check().exists()
