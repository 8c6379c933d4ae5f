"""Which practice is worth a look when a review is being scoped? That of like services, by the words they share."""

import re
from collections.abc import Sequence

from bestvalue.record.practice.models import Practice

NO_HELP = frozenset(
    {"with", "from", "that", "this", "service", "services", "police", "policing", "force", "review", "unit", "units", "team", "teams"}
)
"""Words that nearly every service has, which tell no likeness."""
SHORTEST_WORD = 4
SHOWN = 5


def words_of(text: str) -> frozenset[str]:
    """The words that tell what a text is about, without endings.

    Example:
        >>> sorted(words_of("Operational support policing"))
        ['operational', 'support']
    """
    found = re.findall(r"[a-z]+", text.casefold())
    return frozenset(word.removesuffix("s") for word in found if len(word) >= SHORTEST_WORD and word not in NO_HELP)


def like_practice(service: str, practice: Sequence[Practice]) -> list[Practice]:
    """The practice most like a service: by words shared with its service (twice) and its title; at most five, none without one.

    Args:
        service: of the review that is being scoped, with its title if that says more.
        practice: what the reader may see.
    """
    asked = words_of(service)
    scored = [(2 * len(asked & words_of(one.service)) + len(asked & words_of(f"{one.title} {one.says}")), one) for one in practice]
    ranked = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    return [one for _, one in ranked[:SHOWN]]
