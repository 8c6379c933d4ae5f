"""What a recommendation costs and brings: what may be said of it, what is refused, and what follows from the figures."""

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.models import COSTING, MOST_PENCE, UNKNOWN, Costing, Recommendation
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Finding, Review
from bestvalue.record.row_versions import EditedMeanwhileError

DAY = date(2026, 1, 5)
WHOLE = Costing(
    cost_text="Two posts from today's strength.",
    one_off_cost_pence=1_200_000,
    cost_a_year_pence=340_050,
    staffing_fte=Decimal("-1.5"),
    cashable_a_year_pence=940_050,
    non_cashable_text="Boroughs know a day earlier whether support comes.",
    measure="share of bids answered in a week",
    measure_unit="%",
    baseline=Decimal(71),
    target_value=Decimal(85),
)


def drafted(review: Review, finding: Finding, by: Person, *, costing: Costing = UNKNOWN) -> Recommendation:
    return changes.draft_recommendation(review, text="Share the units.", findings=[finding], costing=costing, on=DAY, by=by)


def test_all_that_is_said_of_cost_benefit_and_success_is_kept_in_the_row_its_history_and_the_ledger(
    review: Review, finding: Finding, manager: Person
) -> None:
    made = drafted(review, finding, manager, costing=WHOLE)
    kept = Recommendation.objects.get(pk=made.pk)
    assert kept.costing == WHOLE
    assert all(getattr(kept.history.latest(), name) == value for name, value in asdict(WHOLE).items())
    written = AuditEvent.objects.latest("seq").payload or {}
    told = written["costing"]
    assert (told["one_off_cost_pence"], told["measure"]) == (1_200_000, "share of bids answered in a week")


def test_a_recommendation_without_figures_says_what_it_lacks(review: Review, finding: Finding, manager: Person) -> None:
    bare = drafted(review, finding, manager, costing=Costing(cost_text="Staff time."))
    assert bare.lacks == ("a cost in figures", "a benefit", "a measure of success")
    assert not bare.is_costed
    assert drafted(review, finding, manager, costing=WHOLE).lacks == ()


COSTINGS = st.builds(
    Costing,
    one_off_cost_pence=st.none() | st.integers(0, 10),
    cost_a_year_pence=st.none() | st.integers(0, 10),
    staffing_fte=st.none() | st.integers(-2, 2).map(Decimal),
    cashable_a_year_pence=st.none() | st.integers(0, 10),
    non_cashable_text=st.sampled_from(["", "Calmer nights."]),
    saving_text=st.sampled_from(["", "Some overtime."]),
)


@given(costing=COSTINGS)
def test_a_figure_of_nothing_is_an_answer_and_no_figure_is_none(costing: Costing) -> None:
    row = Recommendation(**asdict(costing))
    figures = (costing.one_off_cost_pence, costing.cost_a_year_pence, costing.staffing_fte)
    assert ("a cost in figures" in row.lacks) == (figures == (None, None, None))
    assert row.is_costed == (not {"a cost in figures", "a benefit"} & set(row.lacks))


def test_the_register_finds_exactly_those_that_are_not_costed(review: Review, finding: Finding, manager: Person) -> None:
    ways: list[dict[str, Any]] = [
        {},
        {"cost_text": "Cheap.", "non_cashable_text": "Calm."},
        {"one_off_cost_pence": 0},
        {"one_off_cost_pence": 0, "saving_text": "Some."},
        {"staffing_fte": Decimal(0), "cashable_a_year_pence": 0},
        {"cost_a_year_pence": 5, "non_cashable_text": "Calm."},
    ]
    made = [drafted(review, finding, manager, costing=Costing(**way)) for way in ways]
    assert set(Recommendation.objects.not_costed()) == {one for one in made if not one.is_costed}
    assert [one.is_costed for one in made] == [False, False, False, True, True, True]


def test_net_and_payback_follow_from_the_figures_and_are_silent_where_one_lacks() -> None:
    # By hand: 9,400.50 - 3,400.50 = 6,000 pounds a year, so 12,000 pounds come back after two years.
    row = Recommendation(**asdict(WHOLE))
    assert (row.net_a_year_pence, row.pays_back_after_years) == (600_000, 2)
    for name in ("cost_a_year_pence", "cashable_a_year_pence"):
        unknown = Recommendation(**asdict(replace(WHOLE, **{name: None})))
        assert (unknown.net_a_year_pence, unknown.pays_back_after_years) == (None, None)
    dear = Recommendation(**asdict(replace(WHOLE, cost_a_year_pence=940_050)))
    assert (dear.net_a_year_pence, dear.pays_back_after_years) == (0, None)


def test_costs_benefits_and_measure_are_told_in_words() -> None:
    row = Recommendation(**asdict(WHOLE))
    assert row.cost_words == "£12,000 once; £3,400.50 a year; 1.5 full-time posts fewer. Two posts from today's strength"
    assert row.benefit_words == "£9,400.50 a year cashable. Not cashable: Boroughs know a day earlier whether support comes"
    assert row.measure_words == "share of bids answered in a week: from 71 to 85 %"
    assert (Recommendation().cost_words, Recommendation().benefit_words, Recommendation().measure_words) == ("", "", "")


@pytest.mark.parametrize(
    ("wrong", "where", "words"),
    [
        ({"one_off_cost_pence": -1}, "one_off_cost_pence", "-£0.01 is no amount"),
        ({"cost_a_year_pence": -100}, "cost_a_year_pence", "-£1 is no amount"),
        ({"cashable_a_year_pence": MOST_PENCE + 1}, "cashable_a_year_pence", "is no amount"),
        ({"measure": "m" * 201}, "measure", "more than 200 characters"),
        ({"staffing_fte": Decimal("0.125")}, "staffing_fte", "0.125 is no number of posts"),
        ({"staffing_fte": Decimal(-(10**6))}, "staffing_fte", "is no number of posts"),
        ({"measure": " "}, "measure", "are those of a measure"),
        ({"measure_unit": ""}, "measure_unit", "has no unit"),
        ({"target_value": None}, "target_value", "has no target"),
    ],
)
def test_a_costing_that_cannot_be_is_refused_at_its_field(
    review: Review, finding: Finding, manager: Person, wrong: dict[str, Any], where: str, words: str
) -> None:
    with pytest.raises(RuleError, match=words) as drafting:
        drafted(review, finding, manager, costing=replace(WHOLE, **wrong))
    made = drafted(review, finding, manager, costing=WHOLE)
    with pytest.raises(RuleError, match=words) as editing:
        changes.edit_recommendation(made, version=1, mine=wrong, by=manager)
    assert (drafting.value.where, editing.value.where) == (where, where)
    assert Recommendation.objects.get().costing == WHOLE


def test_fewer_posts_are_an_answer_but_money_below_nothing_is_none(review: Review, finding: Finding, manager: Person) -> None:
    assert drafted(review, finding, manager, costing=Costing(staffing_fte=Decimal(-3))).figures_of_cost == ("3 full-time posts fewer",)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.update(one_off_cost_pence=-1)


def test_the_database_itself_refuses_values_of_no_measure(review: Review, finding: Finding, manager: Person) -> None:
    drafted(review, finding, manager)
    for values in ({"baseline": 1}, {"measure": "bids", "measure_unit": "bids"}, {"measure": "bids", "target_value": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Recommendation.objects.update(**values)


def test_what_recommendations_cost_together_is_told_with_how_many_say_so(review: Review, finding: Finding, manager: Person) -> None:
    assert Recommendation.objects.all().costs_together() == ""
    for costing in (WHOLE, Costing(cost_a_year_pence=59_950), Costing(cost_text="Staff time.")):
        drafted(review, finding, manager, costing=costing)
    # By hand: 3,400.50 + 599.50 = 4,000 pounds a year.
    assert review.recommendations.all().costs_together() == (
        "2 of 3 recommendations have a cost in pounds: together £12,000 once and £4,000 a year. "
        "1 of 3 have a cashable saving in pounds: together £9,400.50 a year."
    )


def test_two_who_cost_the_same_recommendation_meet_only_where_both_wrote(review: Review, finding: Finding, manager: Person) -> None:
    made = drafted(review, finding, manager)
    changes.edit_recommendation(made, version=1, mine={"one_off_cost_pence": 500}, by=manager)
    changes.edit_recommendation(made, version=1, mine={"non_cashable_text": "Calm."}, by=manager)
    with pytest.raises(EditedMeanwhileError) as met:
        changes.edit_recommendation(made, version=1, mine={"one_off_cost_pence": 900}, by=manager)
    assert [(one.label, one.theirs, one.mine) for one in met.value.differences] == [("one-off cost, in pence", 500, 900)]
    kept = Recommendation.objects.get()
    assert (kept.one_off_cost_pence, kept.non_cashable_text, kept.row_version) == (500, "Calm.", 3)


def test_every_field_of_a_costing_can_be_edited() -> None:
    assert set(COSTING) < set(changes.edits.RECOMMENDATION)
