"""The ranking of candidate services, without a database."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bestvalue.record.programme.scoring import EQUAL, HIGHEST, LOWEST, Criterion, Scored, rank

SCORES = st.fixed_dictionaries({criterion: st.integers(LOWEST, HIGHEST) for criterion in Criterion})
WEIGHTS = st.fixed_dictionaries({criterion: st.integers(0, 100) for criterion in Criterion}).filter(lambda weights: any(weights.values()))


def scored(name: str, risk: int, cost: int, concern: int, performance: int, *, pk: int = 1) -> Scored:
    return Scored(pk=pk, name=name, scores=dict(zip(Criterion, (risk, cost, concern, performance), strict=True)))


def test_the_mean_is_the_weighted_one_and_its_arithmetic_is_shown() -> None:
    weights = dict(zip(Criterion, (40, 20, 30, 10), strict=True))
    (first,) = rank([scored("Custody", 5, 2, 4, 3)], weights=weights)  # by hand: 200 + 40 + 120 + 30 = 390, over 100
    assert first.mean == Fraction(390, 100)
    assert first.arithmetic == "(40 × 5 + 20 × 2 + 30 × 4 + 10 × 3) ÷ 100 = 3.90"


def test_equals_share_a_rank_and_the_next_is_counted_after_both() -> None:
    ranked = rank([scored("C", 1, 1, 1, 1), scored("B", 2, 3, 3, 2), scored("A", 3, 2, 2, 3)], weights=EQUAL)
    assert [(row.name, row.rank) for row in ranked] == [("A", 1), ("B", 1), ("C", 3)]


def test_what_lacks_a_score_that_counts_is_not_ranked_and_says_what_it_lacks() -> None:
    half = Scored(pk=1, name="Half", scores={Criterion.RISK: 5})
    first, last = rank([half, scored("Whole", 1, 1, 1, 1)], weights=EQUAL)
    assert (first.name, first.rank) == ("Whole", 1)
    assert (last.rank, last.mean, last.missing) == (None, None, (Criterion.COST, Criterion.CONCERN, Criterion.PERFORMANCE))


def test_a_criterion_of_weight_nothing_is_not_missed() -> None:
    (only,) = rank([Scored(pk=1, name="Risk only", scores={Criterion.RISK: 4})], weights=dict.fromkeys(Criterion, 0) | {Criterion.RISK: 7})
    assert only.mean == 4


@given(scores=SCORES, weights=WEIGHTS, factor=st.integers(2, 9))
def test_the_mean_stays_within_the_scores_and_does_not_change_when_all_weights_grow_alike(
    scores: dict[Criterion, int], weights: dict[Criterion, int], factor: int
) -> None:
    one = [Scored(pk=1, name="One", scores=scores)]
    (plain,), (grown,) = rank(one, weights=weights), rank(one, weights={name: factor * weight for name, weight in weights.items()})
    assert plain.mean is not None
    assert min(scores.values()) <= plain.mean <= max(scores.values())
    assert plain.mean == grown.mean


@given(scores=SCORES, weights=WEIGHTS, criterion=st.sampled_from(Criterion))
def test_a_higher_score_never_lowers_the_mean(scores: dict[Criterion, int], weights: dict[Criterion, int], criterion: Criterion) -> None:
    higher = scores | {criterion: min(HIGHEST, scores[criterion] + 1)}
    (before,), (after,) = (rank([Scored(pk=1, name="One", scores=given)], weights=weights) for given in (scores, higher))
    assert before.mean is not None
    assert after.mean is not None
    assert before.mean <= after.mean
