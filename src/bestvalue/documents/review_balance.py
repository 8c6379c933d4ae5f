"""How do the findings of a review balance? The inspection of 2004 asked that a review accentuate the positive too.

One sentence, in the same words wherever it stands: on the review's page, where its report is proposed, and in the report itself.
"""

from collections.abc import Mapping
from typing import NamedTuple

from bestvalue.documents.plain_text import counted


class Found(NamedTuple):
    """How many strengths and areas for improvement a strand has."""

    strengths: int
    areas: int


def balance_words(by_strand: Mapping[str, Found]) -> str:
    """How many findings are strengths and how many ask for improvement, each with its share, and which strands have none of one.

    Args:
        by_strand: by the name of the strand; one without findings counts for neither.

    Returns:
        Empty while there are no findings.

    Example:
        >>> balance_words({"Demand": Found(1, 2), "Supply": Found(0, 1), "Costs": Found(0, 0)})
        '4 findings: 1 strength (25%) and 3 areas for improvement (75%). No strength along Supply.'
        >>> balance_words({"Demand": Found(2, 0)})
        '2 findings: 2 strengths (100%) and no areas for improvement (0%). No area for improvement along Demand.'
    """
    drawn = {name: found for name, found in by_strand.items() if sum(found)}
    strengths, areas = (sum(found[part] for found in drawn.values()) for part in (0, 1))
    count = strengths + areas
    if not count:
        return ""
    positive = f"{counted(strengths, 'strength')} ({strengths / count:.0%})"
    negative = f"{counted(areas, 'area for improvement', 'areas for improvement')} ({areas / count:.0%})"
    without_strength = ", ".join(name for name, found in drawn.items() if not found.strengths)
    without_area = ", ".join(name for name, found in drawn.items() if not found.areas)
    return " ".join(
        (
            f"{counted(count, 'finding')}: {positive} and {negative}.",
            *((f"No strength along {without_strength}.",) if without_strength else ()),
            *((f"No area for improvement along {without_area}.",) if without_area else ()),
        )
    )
