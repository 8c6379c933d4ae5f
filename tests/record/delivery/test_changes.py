from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.life_cycle import NEEDS_REASON, NEXT, Status
from bestvalue.record.delivery.models import Recommendation, Source
from bestvalue.record.inspections import changes as inspections
from bestvalue.record.inspections.models import Candidate, PublishedReport
from bestvalue.record.reviews.models import Finding, Review

DAY = date(2026, 1, 5)


class TestCandidate:
    """A finding without a recommendation waits for a person's decision."""

    def test_taken_up_it_joins_the_register_under_the_number_of_its_paragraph(self, candidate: Candidate, manager: Person) -> None:
        taken = changes.take_up(candidate, reason="The board asked for it", on=DAY, by=manager)
        assert (taken.source, taken.number, taken.text) == (Source.FINDING, "paragraph 3.2.11", "Budgets should be reviewed.")
        assert (taken.status, taken.body_text) == (Status.MADE, "Units live on overtime.")
        assert candidate.status == "confirmed"

    def test_a_second_one_from_the_same_paragraph_has_its_own_number(
        self, candidate: Candidate, manager: Person, report: PublishedReport
    ) -> None:
        other = Candidate.objects.create(
            report=report, order=2, paragraph=candidate.paragraph, text="And again.", phrase="again", confidence_share=0.5, confidence="low"
        )
        numbers = [changes.take_up(one, reason="Asked for", on=DAY, by=manager).number for one in (candidate, other)]
        assert numbers == ["paragraph 3.2.11", "paragraph 3.2.11 (2)"]

    def test_set_aside_it_stays_and_can_still_be_taken_up(self, candidate: Candidate, manager: Person) -> None:
        inspections.dismiss(candidate, reason="Overtaken", by=manager)
        assert candidate.status == "dismissed"
        changes.take_up(candidate, reason="Thought better of it", on=DAY, by=manager)
        assert [decision.outcome for decision in candidate.decisions.all()] == ["dismissed", "confirmed"]

    def test_taken_up_it_cannot_be_set_aside(self, candidate: Candidate, manager: Person) -> None:
        changes.take_up(candidate, reason="Asked for", on=DAY, by=manager)
        with pytest.raises(RuleError, match="taken up as a recommendation already"):
            inspections.dismiss(candidate, reason="No", by=manager)

    def test_a_decision_needs_a_reason(self, candidate: Candidate, manager: Person) -> None:
        with pytest.raises(RuleError, match="needs a reason"):
            inspections.dismiss(candidate, reason=" ", by=manager)

    def test_an_observer_may_not_decide(self, candidate: Candidate, person: Callable[..., Person], manager: Person) -> None:
        observer = person("Observer", role="observer", body=manager.memberships.get().body)
        with pytest.raises(RuleError, match="may not decide"):
            changes.take_up(candidate, reason="I like it", on=DAY, by=observer)

    def test_only_those_nobody_decided_about_are_offered(self, candidate: Candidate, manager: Person) -> None:
        assert list(Candidate.objects.offered()) == [candidate]
        inspections.dismiss(candidate, reason="Overtaken", by=manager)
        assert not Candidate.objects.offered().exists()


@pytest.fixture
def draft(review: Review, finding: Finding, manager: Person) -> Recommendation:
    return changes.draft_recommendation(review, text="Share the units.", findings=[finding], on=DAY, by=manager)


def test_a_recommendation_of_ours_rests_on_findings(review: Review, manager: Person) -> None:
    with pytest.raises(RuleError, match="rests on findings of its review"):
        changes.draft_recommendation(review, text="Share the units.", findings=[], on=DAY, by=manager)


def test_a_finding_of_another_review_carries_no_recommendation(
    start_review: Callable[..., Review], finding: Finding, manager: Person
) -> None:
    with pytest.raises(RuleError, match="findings of its review"):
        changes.draft_recommendation(start_review("Other"), text="Share.", findings=[finding], on=DAY, by=manager)


def test_recommendations_of_a_review_are_numbered_in_order_under_its_authority(
    draft: Recommendation, review: Review, finding: Finding, manager: Person
) -> None:
    second = changes.draft_recommendation(review, text="Count the hours.", findings=[finding], on=DAY, by=manager)
    assert [(one.issuer, one.report_slug, one.number) for one in (draft, second)] == [
        (review.authority, "operational-support-2026", "1"),
        (review.authority, "operational-support-2026", "2"),
    ]


def test_the_same_number_in_another_series_is_another_recommendation(draft: Recommendation, report: PublishedReport) -> None:
    theirs = Recommendation(
        issuer=report.issuer, report_slug=report.slug, number="1", order=1, source=Source.REPORT, text="Benchmark.", published_report=report
    )
    theirs.save()
    assert Recommendation.objects.filter(number="1").count() == 2
    theirs.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        theirs.save(force_insert=True)


@pytest.mark.parametrize("to", [status for status in Status if status not in NEXT[Status.DRAFT]])
def test_a_status_that_does_not_follow_is_refused(draft: Recommendation, manager: Person, to: Status) -> None:
    with pytest.raises(RuleError, match="does not follow “Draft”"):
        changes.set_status(draft, status=to, on=DAY, by=manager, note="because")


@pytest.mark.parametrize("to", [status for status in NEEDS_REASON if status in NEXT[Status.MADE]])
def test_an_answer_short_of_yes_needs_a_reason(draft: Recommendation, manager: Person, to: Status) -> None:
    changes.set_status(draft, status=Status.MADE, on=DAY, by=manager)
    with pytest.raises(RuleError, match="needs a reason"):
        changes.set_status(draft, status=to, on=DAY, by=manager)


def test_how_it_stood_is_a_dated_series(draft: Recommendation, manager: Person) -> None:
    changes.set_status(draft, status=Status.MADE, on=date(2026, 2, 1), by=manager)
    changes.set_status(draft, status=Status.ACCEPTED, on=date(2026, 3, 1), by=manager)
    assert [(one.status, one.on.month) for one in draft.statuses.all()] == [("draft", 1), ("made", 2), ("accepted", 3)]


def test_a_status_before_the_present_one_is_refused(draft: Recommendation, manager: Person) -> None:
    with pytest.raises(RuleError, match="dates from 05 January 2026"):
        changes.set_status(draft, status=Status.MADE, on=date(2026, 1, 4), by=manager)


@pytest.mark.parametrize("missing", ["what", "why", "how", "target"])
def test_a_row_of_the_plan_says_all_of_it(draft: Recommendation, manager: Person, missing: str) -> None:
    row = {"what": "Share", "why": "Calls wait", "how": "One roster", "target": "90% in 15 minutes", missing: " "}
    with pytest.raises(RuleError, match=f"does not say {missing}"):
        changes.add_action(draft, **row, lead=manager, original_date=DAY, by=manager)
