"""Changes to what a review rests on: evidence, and the findings drawn from it."""

from collections.abc import Collection
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.changes.markings import make_group
from bestvalue.record.reviews.evidence_files import KeptFile, keep_file
from bestvalue.record.reviews.models import (
    Credibility,
    Evidence,
    EvidenceFile,
    EvidenceGrade,
    EvidenceKind,
    Finding,
    FindingEvidence,
    FourC,
    Marking,
    NeedToKnowGroup,
    Reliability,
    Review,
    Strand,
    Tone,
    check_evidence,
    check_file_version,
    check_finding,
    check_grade,
    check_marking,
)
from bestvalue.record.reviews.models.file_scan import check_citable
from bestvalue.record.reviews.numbering import locked, next_number
from bestvalue.record.reviews.scanning import put_in_quarantine
from bestvalue.record.reviews.upload_quota import check_quota
from bestvalue.record.row_versions import keep


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
    group: NeedToKnowGroup | None = None,
    descriptor: str = "",
    handling: str = "",
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
        group: who may read what is sensitive; without one, `by` alone until they name others.
        descriptor: what kind of sensitivity it is: "PERSONAL DATA".
        handling: what whoever reads it must keep to.
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
    for strand in strands:
        strand.check_standing()
    if marking == Marking.SENSITIVE and group is None:
        group = _own_group(review, by=by)
    check_marking(Evidence(), review=review, marking=marking, group=group, reason="", by=by)
    if file:
        check_quota(review, size=file.stat().st_size, by=by)
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
        group=group,
        descriptor=descriptor.strip(),
        handling=handling.strip(),
        notes=notes,
        result_digest=result_digest,
        file_name=kept.name,
        file_sha256=kept.sha256,
        file_size=kept.size,
    )
    evidence.strands.set(strands)
    if kept.name:
        _keep_version(evidence, kept, number=1, note="", by=by)
    ledger.write(
        "evidence.added",
        target=evidence,
        by=by,
        payload={"review": review.pk, "title": title, "kind": kind, "marking": marking, "result": result_digest, "file": kept.sha256},
    )
    return evidence


@transaction.atomic
def add_file_version(evidence: Evidence, *, file: Path, file_name: str, note: str, by: Person) -> EvidenceFile:
    """Add a new version of the file of evidence. The older versions stay, and findings go on citing the one that they rest on.

    Args:
        evidence: whose file it is.
        file: copied into the workspace.
        file_name: the name that it came with.
        note: what is different; may be empty for the first file.
        by: somebody of the review's team.

    Raises:
        RuleError: `by` may not write in the review, the evidence was withdrawn, the file may not come in or is the newest already,
            or nobody says what changed.
    """
    held = Evidence.objects.select_for_update().get(pk=evidence.pk)
    held.review.check_editable(by=by)
    held.check_standing()
    check_quota(held.review, size=file.stat().st_size, by=by)
    kept = keep_file(file, name=file_name, folder=settings.WORKSPACE.files_folder)
    check_file_version(held, sha256=kept.sha256, note=note, by=by)
    version = _keep_version(held, kept, number=held.files.count() + 1, note=note.strip(), by=by)
    told = keep(held, mine={"file_name": kept.name, "file_sha256": kept.sha256, "file_size": kept.size})
    ledger.write("evidence.file_added", target=held, by=by, payload={"version": version.number, "note": version.note, "changed": told})
    return version


@transaction.atomic
def grade_evidence(evidence: Evidence, *, reliability: Reliability, credibility: Credibility, reason: str, by: Person) -> EvidenceGrade:
    """Grade evidence on the house scale; an earlier grade stays in view.

    Raises:
        RuleError: `by` may not write in the review, the evidence was withdrawn, or the grade has no reason.
    """
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    check_grade(evidence, reason=reason, by=by)
    grade = EvidenceGrade.objects.create(
        evidence=evidence, reliability=reliability, credibility=credibility, reason=reason.strip(), at=timezone.now(), by=by
    )
    ledger.write("evidence.graded", target=evidence, by=by, payload={"grade": str(grade), "reason": grade.reason})
    return grade


@transaction.atomic
def add_finding(review: Review, *, strand: Strand, text: str, tone: Tone, evidence: Collection[Evidence], by: Person) -> Finding:
    """Draw a finding from evidence; it gets the next number of its strand, for good.

    Raises:
        RuleError: `by` may not write in the review, it cites no evidence, or evidence or a strand of another review.
    """
    review = locked(review)
    review.check_editable(by=by)
    check_finding(review, strand=strand, text=text, evidence=evidence)
    Strand.objects.get(pk=strand.pk).check_standing()  # as it is now that the review is held
    for item in Evidence.objects.filter(pk__in=[item.pk for item in evidence]):
        check_citable(item, by=by)
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
        FindingEvidence.objects.create(finding=finding, evidence=item, file=item.files.first())
    cited = sorted(item.reference for item in evidence)
    ledger.write(
        "finding.added", target=finding, by=by, payload={"review": review.pk, "text": finding.text, "tone": tone, "evidence": cited}
    )
    return finding


def _keep_version(evidence: Evidence, kept: KeptFile, *, number: int, note: str, by: Person) -> EvidenceFile:
    version = EvidenceFile.objects.create(
        evidence=evidence,
        number=number,
        name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        note=note,
        added_at=timezone.now(),
        added_by=by,
    )
    put_in_quarantine(version, by=by)
    return version


def _own_group(review: Review, *, by: Person) -> NeedToKnowGroup:
    """The group of whoever marks something without naming one: they alone read it, until they add others."""
    name = f"Need to know: {by}"[:100]
    found = review.groups.filter(name=name).first()
    return found or make_group(review, name=name, need="Marked what is sensitive, and named nobody else yet.", people=(), by=by)
