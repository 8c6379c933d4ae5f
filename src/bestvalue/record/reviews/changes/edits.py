"""Changes to what a review says already: of itself, its strands, evidence and findings. What it said before stays in its history.

Each names the version that was read, and the fields that are to say something else; `row_versions` says what happens when two meet.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Evidence, EvidenceKind, Finding, Review, Strand, check_evidence, check_finding
from bestvalue.record.row_versions import hold, keep

REVIEW = ("title", "service", "summary", "context", "method")
STRAND = ("name", "question")
EVIDENCE = ("title", "notes", "four_cs", "effective_date")
FINDING = ("text", "tone")
"""The fields of each that can be edited."""


@transaction.atomic
def edit_review(review: Review, *, version: int, mine: Mapping[str, Any], by: Person) -> Review:
    """Change what a review says of itself; `mine` holds fields of `REVIEW`.

    Raises:
        RuleError: `by` does not write in the review, it would have no title or service, or another of the programme has the title.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    review.check_editable(by=by)
    held = hold(review, version=version, mine=mine)
    _check_said(mine, needed=("title", "service"))
    same = Review.objects.filter(programme=held.programme_id, title__iexact=mine.get("title", held.title)).exclude(pk=held.pk)
    if same.exists():
        raise RuleError("The programme has a review of this title already", where="title", next_step="Choose another title.")
    ledger.write("review.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def edit_strand(strand: Strand, *, version: int, mine: Mapping[str, Any], by: Person) -> Strand:
    """Change the name or question of a strand; its number stays.

    Raises:
        RuleError: `by` does not write in the review, a part is empty, or another strand has the name.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    strand.review.check_editable(by=by)
    held = hold(strand, version=version, mine=mine)
    _check_said(mine, needed=STRAND)
    if held.review.strands.filter(name__iexact=mine.get("name", held.name)).exclude(pk=held.pk).exists():
        raise RuleError("The review has a strand of this name already", where="name", next_step="Choose another name.")
    ledger.write("strand.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def edit_evidence(evidence: Evidence, *, version: int, mine: Mapping[str, Any], by: Person) -> Evidence:
    """Change what evidence says of itself; its number, kind and files stay.

    Raises:
        RuleError: `by` does not write in the review, or it would have no title, serve none of the 4Cs, or say nothing.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    evidence.review.check_editable(by=by)
    held = hold(evidence, version=version, mine=mine)
    _check_said(mine, needed=("title",))
    said = bool(str(mine.get("notes", held.notes)).strip() or held.file_name)
    four_cs = mine.get("four_cs", held.four_cs)
    check_evidence(held.review, kind=EvidenceKind(held.kind), four_cs=four_cs, strands=(), result_digest=held.result_digest, said=said)
    ledger.write("evidence.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def edit_finding(finding: Finding, *, version: int, mine: Mapping[str, Any], by: Person) -> Finding:
    """Word a finding anew; its number stays, and published versions keep what they said.

    Raises:
        RuleError: `by` does not write in the review, or it would say nothing.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    finding.review.check_editable(by=by)
    held = hold(finding, version=version, mine=mine)
    check_finding(held.review, strand=held.strand, text=mine.get("text", held.text), evidence=list(held.evidence.all()))
    ledger.write("finding.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


def _check_said(mine: Mapping[str, Any], *, needed: tuple[str, ...]) -> None:
    """Refuse to empty a field that a record must have.

    Raises:
        RuleError: the field is named.
    """
    for field in needed:
        if field in mine and not str(mine[field]).strip():
            raise RuleError(f"The {field} is empty", where=field, next_step=f"Enter the {field}.")
