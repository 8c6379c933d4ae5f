"""Do two inspectors who graded blind agree? Weighted kappa over the criteria that both graded, told before any grade is shared."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bestvalue.analysis.consult.agreement import Agreement, cohen_kappa
from bestvalue.errors import SpecError
from bestvalue.record.assessment.framework import Framework
from bestvalue.record.assessment.models import NO_DATA


@dataclass(frozen=True, kw_only=True)
class Moderated:
    """How far the blind grades agree.

    Args:
        both: criteria that both graded, "no data" left out.
        criteria: of the framework.
        agreement: linearly weighted kappa; None where it has none.
        why_none: then why.
        apart: keys of the criteria on which they differ, the widest first, for when the grades are shared.
    """

    both: int
    criteria: int
    agreement: Agreement | None
    why_none: str
    apart: tuple[str, ...]


def moderate(framework: Framework, *, first: Mapping[str, str], second: Mapping[str, str]) -> Moderated:
    """How far two inspectors agree.

    Args:
        framework: whose scales order the grades; grades count by their place, so scales of several judgements mix.
        first: the grade of each criterion by its key; those not graded are left out.
        second: the same of the second inspector.

    Source: Cohen (1968), Psychological Bulletin 70: weighted kappa, weights linear in the places of the scale.
    """
    places = {criterion.key: judgement.grades for judgement, _, criterion in framework.criteria()}
    keys = [key for key in places if first.get(key, NO_DATA) and second.get(key, NO_DATA)]
    one = np.array([places[key].index(first[key]) for key in keys], dtype=float)
    two = np.array([places[key].index(second[key]) for key in keys], dtype=float)
    order = np.argsort(-np.abs(one - two), kind="stable")
    apart = tuple(keys[place] for place in order if one[place] != two[place])
    agreement, why = None, ""
    try:
        agreement = cohen_kappa(one, two, weights="linear") if keys else None
        why = "" if keys else "No criterion was graded by both."
    except SpecError as fault:
        why = f"{fault}: kappa needs two grades that are used."
    return Moderated(both=len(keys), criteria=len(places), agreement=agreement, why_none=why, apart=apart)
