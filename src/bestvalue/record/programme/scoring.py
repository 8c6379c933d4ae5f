"""Which service to review first: scores against four criteria, weighted, with the arithmetic kept so that anyone can redo it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import TextChoices


class Criterion(TextChoices):
    """What a service is scored on; the label completes “5 means …”."""

    RISK = "risk", "Risk to the public if the service fails"
    COST = "cost", "Cost of the service"
    CONCERN = "public concern", "Public concern about it"
    PERFORMANCE = "performance", "Poor performance today"


LOWEST, HIGHEST = 1, 5
"""Bounds of a score; the higher, the more it asks for a review."""

LARGEST_WEIGHT = 100
EQUAL: Mapping[Criterion, int] = dict.fromkeys(Criterion, 1)
"""The weights until somebody sets others: no criterion counts more than another."""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A service with its newest score on each criterion that it was scored on."""

    pk: int
    name: str
    scores: Mapping[Criterion, int]


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A service in the ranking.

    Args:
        pk: the service's key.
        name: what it is called.
        scores: as they came.
        rank: 1 for the highest mean; equals share a rank. None while a criterion that counts has no score.
        mean: weighted mean of the scores, 1 to 5, exact; None as above.
        arithmetic: how the mean is computed, to read aloud.
        missing: the criteria that count and have no score.
    """

    pk: int
    name: str
    scores: Mapping[Criterion, int]
    rank: int | None
    mean: Fraction | None
    arithmetic: str
    missing: tuple[Criterion, ...]


def rank(services: Iterable[Scored], *, weights: Mapping[Criterion, int]) -> tuple[Ranked, ...]:
    """The services, the one that asks most for a review first; those that cannot be ranked last, by name.

    Args:
        services: each once.
        weights: of every criterion, 0 or more, at least one above 0; a criterion of weight 0 does not count.

    Example: 3 times risk 5 and once cost 1, over 4, is 4.
        >>> weights = EQUAL | {Criterion.RISK: 3, Criterion.CONCERN: 0, Criterion.PERFORMANCE: 0}
        >>> first, = rank([Scored(pk=1, name="Custody", scores={Criterion.RISK: 5, Criterion.COST: 1})], weights=weights)
        >>> first.rank, float(first.mean), first.arithmetic
        (1, 4.0, '(3 × 5 + 1 × 1) ÷ 4 = 4.00')
    """
    counted = {criterion: weight for criterion, weight in weights.items() if weight}
    means = [(service, _mean(service, counted)) for service in services]
    known = [mean for _, mean in means if mean is not None]
    rows = [
        Ranked(
            pk=service.pk,
            name=service.name,
            scores=service.scores,
            rank=None if mean is None else 1 + sum(other > mean for other in known),
            mean=mean,
            arithmetic="" if mean is None else _arithmetic(service, counted, mean),
            missing=tuple(criterion for criterion in counted if criterion not in service.scores),
        )
        for service, mean in means
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.name)))


def _mean(service: Scored, weights: Mapping[Criterion, int]) -> Fraction | None:
    if any(criterion not in service.scores for criterion in weights):
        return None
    return Fraction(sum(weight * service.scores[criterion] for criterion, weight in weights.items()), sum(weights.values()))


def _arithmetic(service: Scored, weights: Mapping[Criterion, int], mean: Fraction) -> str:
    products = " + ".join(f"{weight} × {service.scores[criterion]}" for criterion, weight in weights.items())
    return f"({products}) ÷ {sum(weights.values())} = {float(mean):.2f}"
