"""The words of a report as they stand now, and how they differ from a draft that was sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from bestvalue.record.assessment.models import Draft, DraftParagraph, Inspection


@dataclass(frozen=True, kw_only=True)
class Reworded:
    """A paragraph that does not say what it said in a draft; one side is empty where only the other has it."""

    number: str
    before: str
    after: str
    reason: str


def texts_now(inspection: Inspection) -> dict[str, str]:
    """The text of each paragraph by its number, in reading order; what is withdrawn is left out."""
    rows = DraftParagraph.objects.filter(section__inspection=inspection).select_related("section").prefetch_related("texts")
    return {row.number: row.text for row in rows if row.text}


def changed_since(draft: Draft) -> Iterator[Reworded]:
    """What changed since a draft was sent, in the order of reading, with the reason that the inspectors gave."""
    rows = DraftParagraph.objects.filter(section__inspection=draft.inspection_id)
    for row in rows.select_related("section").prefetch_related("texts"):
        before = draft.texts.get(row.number, "")
        if before != row.text:
            yield Reworded(number=row.number, before=before, after=row.text, reason=row.newest.reason)
