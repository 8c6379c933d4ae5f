"""What kinds of finding ask something of a body, as data: what each is called, and whether the law wants an answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models


class Kind(models.TextChoices):
    """What kind of finding asks."""

    RECOMMENDATION = "recommendation", "Recommendation"
    CAUSE_OF_CONCERN = "cause of concern", "Cause of concern"
    AREA_FOR_IMPROVEMENT = "area for improvement", "Area for improvement"


@dataclass(frozen=True, kw_only=True)
class KindFacts:
    """What follows from a kind.

    Args:
        means: in a sentence.
        wants_answer: the comments under section 55 of the Police Act 1996 must say what is done about it, or why nothing will be.
        is_dated: it usually says by when.
    """

    means: str
    wants_answer: bool
    is_dated: bool


FACTS: Mapping[Kind, KindFacts] = {
    Kind.RECOMMENDATION: KindFacts(means="Asks a body to do something, usually by a day.", wants_answer=True, is_dated=True),
    Kind.CAUSE_OF_CONCERN: KindFacts(
        means="A serious, critical or systemic shortcoming; always carries one or more recommendations.", wants_answer=True, is_dated=True
    ),
    Kind.AREA_FOR_IMPROVEMENT: KindFacts(
        means="A lesser gap. No reason is owed for leaving it, and it names no day; committees still follow it.",
        wants_answer=False,
        is_dated=False,
    ),
}
