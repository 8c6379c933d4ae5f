"""Changes to a review."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.ledger import Checkpoint
from bestvalue.record.programme.models import Programme
from bestvalue.record.reviews.evidence_files import KeptFile, keep_file
from bestvalue.record.reviews.life_cycle import FIRST, Stage
from bestvalue.record.reviews.models import (
    Aim,
    Evidence,
    EvidenceKind,
    Finding,
    FindingEvidence,
    FourC,
    Marking,
    Part,
    PublishedFile,
    PublishedVersion,
    Review,
    ReviewBody,
    ReviewStage,
    Strand,
    Tone,
    check_evidence,
    check_finding,
    check_starts_reviews,
)

Numbered = models.Manager[Strand] | models.Manager[Evidence] | models.Manager[Finding] | models.Manager[PublishedVersion]


@transaction.atomic
def start_review(
    *,
    programme: Programme,
    title: str,
    service: str,
    force: Body,
    bodies: Mapping[Part, Body],
    on: date,
    by: Person,
    aims: Sequence[str] = (),
    summary: str = "",
    context: str = "",
    method: str = "",
    synthetic: bool = False,
) -> Review:
    """Start the review of a service.

    Args:
        programme: the programme it belongs to; the programme's authority commissions it.
        title: unique in the programme.
        service: what is reviewed.
        force: whose service it is.
        bodies: who takes part, and as what; sees the review from now on.
        on: the day of the first stage.
        by: a programme or project manager.
        aims: what it sets out to achieve, in order.
        summary: its executive summary.
        context: chapter of its report on the background.
        method: chapter of its report on how it was done.
        synthetic: the data are invented.

    Raises:
        RuleError: `by` may not, the programme is full, or has a review of this title.
    """
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    check_starts_reviews(programme, title=title, by=by)
    review = Review.objects.create(
        programme=programme,
        title=title,
        service=service,
        force=force,
        authority=programme.authority,
        summary=summary,
        context=context,
        method=method,
        synthetic=synthetic,
    )
    for part, body in bodies.items():
        ReviewBody.objects.create(review=review, body=body, part=part)
    for number, text in enumerate(aims, start=1):
        Aim.objects.create(review=review, number=number, text=text)
    ReviewStage.objects.create(review=review, stage=FIRST, on=on, by=by)
    ledger.write(
        "review.started", target=review, by=by, payload={"title": title, "bodies": {part: body.pk for part, body in bodies.items()}}
    )
    return review


@transaction.atomic
def move_to_stage(review: Review, *, stage: Stage, on: date, by: Person, note: str = "") -> ReviewStage:
    """Record that a review reached a stage.

    Raises:
        RuleError: `by` may not write in the review, or the stage does not follow the present one.
    """
    review = _locked(review)
    review.check_editable(by=by)
    review.check_movable(to=stage, on=on)
    reached = ReviewStage.objects.create(review=review, stage=stage, on=on, note=note, by=by)
    ledger.write("review.moved", target=review, by=by, payload={"stage": stage, "on": on, "note": note})
    return reached


@transaction.atomic
def add_strand(review: Review, *, name: str, question: str, by: Person) -> Strand:
    """Add a line of inquiry; it gets the next number.

    Raises:
        RuleError: `by` may not write in the review, or it has a strand of this name.
    """
    review = _locked(review)
    review.check_editable(by=by)
    if review.strands.filter(name__iexact=name).exists():
        raise RuleError(f"The review has a strand called {name!r} already", where=review.title, next_step="Choose another name.")
    strand = Strand.objects.create(review=review, number=_next_number(review.strands), name=name, question=question)
    ledger.write("strand.added", target=strand, by=by, payload={"review": review.pk, "name": name})
    return strand


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
    review = _locked(review)
    review.check_editable(by=by)
    check_evidence(review, kind=kind, four_cs=four_cs, strands=strands, result_digest=result_digest, said=bool(notes.strip() or file))
    kept = (
        keep_file(file, name=file_name or file.name, folder=settings.WORKSPACE.files_folder)
        if file
        else KeptFile(name="", sha256="", size=0)
    )
    evidence = Evidence.objects.create(
        review=review,
        number=_next_number(review.evidence),
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
    review = _locked(review)
    review.check_editable(by=by)
    check_finding(review, strand=strand, text=text, evidence=evidence)
    finding = Finding.objects.create(
        review=review,
        strand=strand,
        number=_next_number(strand.findings),
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


@transaction.atomic
def record_version(
    review: Review, *, number: int, files: Mapping[str, Path], checkpoint: Checkpoint, by: Person | None
) -> PublishedVersion:
    """Record a published version of the review's report, and put its files in their place.

    Args:
        review: whose report it is.
        number: the version that the files say they are.
        files: the written file of each format, outside its final place; its name is kept.
        checkpoint: the ledger's newest entry, as the files print it.
        by: who publishes; None for the operator at the command line.

    Raises:
        RuleError: `by` may not publish, or somebody else published this number meanwhile.
    """
    review = _locked(review)
    review.check_publishable(by=by)
    if number != _next_number(review.versions):
        raise RuleError(f"Version {number} was published by somebody else meanwhile", where=review.title, next_step="Publish again.")
    version = PublishedVersion.objects.create(
        review=review,
        number=number,
        at=timezone.now(),
        by=by,
        checkpoint_seq=checkpoint.seq,
        checkpoint_hash=checkpoint.hash,
        marking=review.marking,
    )
    for format_name, path in files.items():
        # Before the commit: a file without its record is written over by the next version, a record without its file is a loss.
        placed = path.replace(settings.WORKSPACE.reports_folder / path.name)
        PublishedFile.objects.create(
            version=version, format=format_name, name=placed.name, sha256=_sha256(placed), size=placed.stat().st_size
        )
    sha256 = {file.name: file.sha256 for file in version.files.all()}
    ledger.write("review.published", target=version, by=by, payload={"number": number, "files": sha256, "checkpoint": str(checkpoint)})
    return version


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _locked(review: Review) -> Review:
    # Numbers are given in order, so those who add to one review queue here.
    return Review.objects.select_for_update().get(pk=review.pk)


def _next_number(rows: Numbered) -> int:
    newest: int | None = rows.aggregate(newest=models.Max("number"))["newest"]
    return (newest or 0) + 1
