"""The words of a report as they stand now, and how they differ from a draft that was sent."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from bestvalue.record.assessment.models import Draft, DraftParagraph, Inspection
from bestvalue.record.ledger.chain import canonical_json


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


def digest_of_report(inspection: Inspection) -> str:
    """SHA-256 of what the report says now: each paragraph, and each grade with its reason."""
    graded = inspection.assessments.order_by("pk").values_list("side", "criterion", "grade", "reason")
    overridden = inspection.overrides.order_by("pk").values_list("key", "grade", "reason", "confirmed_by")
    said = {"texts": texts_now(inspection), "graded": list(graded), "overridden": list(overridden)}
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def changed_since(draft: Draft) -> Iterator[Reworded]:
    """What changed since a draft was sent, in the order of reading, with the reason that the inspectors gave."""
    rows = DraftParagraph.objects.filter(section__inspection=draft.inspection_id)
    for row in rows.select_related("section").prefetch_related("texts"):
        before = draft.texts.get(row.number, "")
        if before != row.text:
            yield Reworded(number=row.number, before=before, after=row.text, reason=row.newest.reason)
