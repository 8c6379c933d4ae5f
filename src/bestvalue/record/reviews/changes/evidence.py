"""Changes to what a review rests on: evidence, and the findings drawn from it."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.evidence_files import KeptFile, keep_file
from bestvalue.record.reviews.models import (
    Evidence,
    EvidenceKind,
    Finding,
    FindingEvidence,
    FourC,
    Marking,
    Review,
    Strand,
    Tone,
    check_evidence,
    check_finding,
)
from bestvalue.record.reviews.numbering import locked, next_number


@transaction.atomic
def add_evidence(
    review: Review,
    *,
    title: str,
    kind: EvidenceKind,
    four_cs: Collection[FourC],
    strands: Collection[Strand],
    effective_date: date,
    by: Person,
    marking: Marking = Marking.OFFICIAL,
    notes: str = "",
    result_digest: str = "",
    file: Path | None = None,
    file_name: str = "",
) -> Evidence:
    """Add evidence; it gets the next number.

    Args:
        review: what it is evidence in.
        title: what it is called where it is cited.
        kind: an analysis result names the result by `result_digest`; anything else brings a file, notes, or both.
        four_cs: at least one of the 4Cs that it serves.
        strands: the strands of the review that it bears on.
        effective_date: the day that it tells of, not the day that it is added.
        by: somebody of the review's team.
        marking: its security marking.
        notes: what was said or seen, or what the file is.
        result_digest: digest of a result in the workspace's store.
        file: copied into the workspace.
        file_name: the name that it came with; the file's own name when empty.

    Raises:
        RuleError: `by` may not write in the review, or something is missing or does not fit; the message says what.
        WorkspaceError: there is no such result in the store.
    """
    review = locked(review)
    review.check_editable(by=by)
    check_evidence(review, kind=kind, four_cs=four_cs, strands=strands, result_digest=result_digest, said=bool(notes.strip() or file))
    kept = (
        keep_file(file, name=file_name or file.name, folder=settings.WORKSPACE.files_folder)
        if file
        else KeptFile(name="", sha256="", size=0)
    )
    evidence = Evidence.objects.create(
        review=review,
        number=next_number(review.evidence),
        title=title,
        kind=kind,
        four_cs=[four_c for four_c in FourC if four_c in four_cs],
        effective_date=effective_date,
        added_at=timezone.now(),
        added_by=by,
        marking=marking,
        notes=notes,
        result_digest=result_digest,
        file_name=kept.name,
        file_sha256=kept.sha256,
        file_size=kept.size,
    )
    evidence.strands.set(strands)
    ledger.write(
        "evidence.added",
        target=evidence,
        by=by,
        payload={"review": review.pk, "title": title, "kind": kind, "marking": marking, "result": result_digest, "file": kept.sha256},
    )
    return evidence


@transaction.atomic
def note_read(evidence: Evidence, *, by: Person) -> None:
    """Record that somebody read a piece of evidence, if it is marked so that every reading is recorded."""
    if evidence.marking == Marking.SENSITIVE:
        ledger.write("evidence.read", target=evidence, by=by)


@transaction.atomic
def add_finding(review: Review, *, strand: Strand, text: str, tone: Tone, evidence: Collection[Evidence], by: Person) -> Finding:
    """Draw a finding from evidence; it gets the next number of its strand, for good.

    Raises:
        RuleError: `by` may not write in the review, it cites no evidence, or evidence or a strand of another review.
    """
    review = locked(review)
    review.check_editable(by=by)
    check_finding(review, strand=strand, text=text, evidence=evidence)
    finding = Finding.objects.create(
        review=review,
        strand=strand,
        number=next_number(strand.findings),
        text=text.strip(),
        tone=tone,
        added_at=timezone.now(),
        added_by=by,
    )
    for item in evidence:
        FindingEvidence.objects.create(finding=finding, evidence=item)
    cited = sorted(item.reference for item in evidence)
    ledger.write(
        "finding.added", target=finding, by=by, payload={"review": review.pk, "text": finding.text, "tone": tone, "evidence": cited}
    )
    return finding
