"""Which grade do the grades below propose? By the framework's rule, in words that stand beside the grade."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bestvalue.record.assessment.framework import Rule


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A proposed grade, "" where there is none, and how it came about."""

    grade: str
    why: str


def propose(grades: Sequence[str | None], *, scale: Sequence[str], rule: Rule) -> Proposed:
    """The grade that a rule makes of grades.

    Args:
        grades: those of the items below, in any order: "" for "no data", None for an item that is not graded yet.
        scale: the grades from best to worst.
        rule: of the framework.

    Returns:
        Proposed: the grade of `scale`, or "" with the reason.

    Example: three of four reach good, and the fair one holds it no lower than one step above fair.
        >>> propose(["excellent", "good", "good", "fair"], scale=["excellent", "good", "fair", "poor"], rule=Rule()).grade
        'good'
        >>> propose(["good", "", "", None], scale=["good", "poor"], rule=Rule()).why
        '1 of 4 is not graded yet.'
    """
    waiting = sum(grade is None for grade in grades)
    if waiting or not grades:
        return Proposed(grade="", why=f"{waiting} of {len(grades)} {'is' if waiting == 1 else 'are'} not graded yet.")
    graded = sorted(scale.index(grade) for grade in grades if grade)
    without = len(grades) - len(graded)
    if not graded or without > rule.no_data_share * len(grades):
        return Proposed(grade="", why=f"{without} of {len(grades)} {'has' if without == 1 else 'have'} no data, too many for a grade.")
    # The best grade reached by the share: the k-th best, where k items are that share. A hair is taken off first, because
    # 0.6 x 5 is 3.0000000000000004 in floating point.
    reached = graded[math.ceil(rule.reached_by_share * len(graded) - 1e-9) - 1]
    capped = max(reached, graded[-1] - rule.above_lowest)
    number = sum(place <= capped for place in graded)
    why = f"{number} of {len(graded)} graded {'reaches' if number == 1 else 'reach'} {scale[capped]}"
    if capped != reached:
        why += f"; {scale[reached]} is more than the rule allows above {scale[graded[-1]]}"
    return Proposed(grade=scale[capped], why=why + (f"; {without} without data." if without else "."))
