"""Changes to what a review says already: of itself, its strands, evidence and findings. What it said before stays in its history.

Each names the version that was read, and the fields that are to say something else; `row_versions` says what happens when two meet.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.links import Links
from bestvalue.record.reviews.models import Evidence, EvidenceKind, Finding, Review, Strand, check_evidence, check_finding
from bestvalue.record.reviews.models.file_scan import check_citable
from bestvalue.record.reviews.numbering import locked
from bestvalue.record.row_versions import hold, keep

REVIEW = ("title", "service", "summary", "context", "method")
STRAND = ("name", "question")
EVIDENCE = ("title", "notes", "four_cs", "effective_date", "strands")
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
    held.check_standing()
    _check_said(mine, needed=STRAND)
    if held.review.strands.filter(name__iexact=mine.get("name", held.name)).exclude(pk=held.pk).exists():
        raise RuleError("The review has a strand of this name already", where="name", next_step="Choose another name.")
    ledger.write("strand.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def edit_evidence(evidence: Evidence, *, version: int, mine: Mapping[str, Any], by: Person) -> Evidence:
    """Change what evidence says of itself, and which strands it bears on; its number, kind and files stay.

    Raises:
        RuleError: `by` does not write in the review, it was withdrawn, would have no title, serve none of the 4Cs, or say nothing, or a
            strand that it did not bear on before was withdrawn.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    evidence.review.check_editable(by=by)
    said, strands = {name: value for name, value in mine.items() if name != "strands"}, list(mine.get("strands", ()))
    every = frozenset(evidence.review.strands.values_list("pk", flat=True))
    links = [Links(field="strands", mine=frozenset(strand.pk for strand in strands), seen=every)] if "strands" in mine else []
    held = hold(evidence, version=version, mine=said, links=links)
    held.check_standing()
    before = set(held.strands.values_list("pk", flat=True))
    for strand in strands:
        if strand.pk not in before:
            strand.check_standing()
    _check_said(said, needed=("title",))
    check_evidence(
        held.review,
        kind=EvidenceKind(held.kind),
        four_cs=said.get("four_cs", held.four_cs),
        strands=strands,
        result_digest=held.result_digest,
        said=bool(str(said.get("notes", held.notes)).strip() or held.file_name),
    )
    ledger.write("evidence.edited", target=held, by=by, payload={"changed": keep(held, mine=said, links=links)})
    return held


@transaction.atomic
def edit_finding(finding: Finding, *, version: int, mine: Mapping[str, Any], by: Person) -> Finding:
    """Word a finding anew; its number stays, and published versions keep what they said.

    Raises:
        RuleError: `by` does not write in the review, it was withdrawn, or would say nothing.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    finding.review.check_editable(by=by)
    held = hold(finding, version=version, mine=mine)
    held.check_standing()
    check_finding(held.review, strand=held.strand, text=mine.get("text", held.text), evidence=list(held.evidence.all()))
    ledger.write("finding.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def change_citations(finding: Finding, *, version: int, mine: Mapping[str, Any], among: Collection[Evidence], by: Person) -> Finding:
    """Say anew which evidence a finding rests on. What it went on citing keeps the version of its file; what is new cites the newest.

    Args:
        finding: which.
        version: the version of it that was read.
        mine: `evidence`, all that it is to cite among what was seen; without it nothing changes.
        among: the evidence that whoever edits sees; what the finding cites beyond it stays.
        by: somebody of the review's team.

    Raises:
        RuleError: `by` does not write in the review, the finding or what it is to cite was withdrawn, nothing would be left of what
            they see, or evidence of another review is chosen.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    locked(finding.review).check_editable(by=by)  # whoever withdraws evidence waits, so that none is cited that goes
    cited = list(mine.get("evidence", ()))
    links = Links(
        field="evidence",
        mine=frozenset(item.pk for item in cited),
        seen=frozenset(item.pk for item in among),
        through={item.pk: {"file": item.files.first()} for item in cited},
    )
    held = hold(finding, version=version, mine={}, links=[links] if "evidence" in mine else [])
    held.check_standing()
    if "evidence" in mine:
        check_finding(held.review, strand=held.strand, text=held.text, evidence=cited)
        before = set(held.citations.values_list("evidence", flat=True))
        for item in Evidence.objects.filter(pk__in=[item.pk for item in cited if item.pk not in before]):
            check_citable(item, by=by)
    changed = keep(held, mine={}, links=[links] if "evidence" in mine else [])
    ledger.write("finding.citations_changed", target=held, by=by, payload={"changed": changed})
    return held


def _check_said(mine: Mapping[str, Any], *, needed: tuple[str, ...]) -> None:
    """Refuse to empty a field that a record must have.

    Raises:
        RuleError: the field is named.
    """
    for field in needed:
        if field in mine and not str(mine[field]).strip():
            raise RuleError(f"The {field} is empty", where=field, next_step=f"Enter the {field}.")
