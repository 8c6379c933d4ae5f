"""The report of a review: gathered from the record, written as files that one person proposes and another confirms.

Recommendations belong to the app above this one. They are reached by the review's own relation to them, never imported.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.documents import review_content as content
from bestvalue.documents.review_report import review_report
from bestvalue.documents.writing import FORMATS, write_report
from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.chain import canonical_json
from bestvalue.record.reviews.changes import confirm_version, propose_version
from bestvalue.record.reviews.models import Evidence, Finding, ProposedVersion, PublishedVersion, Review
from bestvalue.record.reviews.models.file_scan import ScanState
from bestvalue.record.reviews.scanning import closed_files
from bestvalue.record.two_people import check_second_person


def propose(review: Review, *, by: Person | None, formats: Sequence[str] = FORMATS, progress: Progress = no_progress) -> ProposedVersion:
    """Write the review's report and propose to publish these files as the next version. Another person confirms or refuses them.

    The files are written before the record is locked, because a long report takes seconds and nobody should wait for it.

    Args:
        review: which.
        by: who proposes; None for the operator at the command line.
        formats: of `FORMATS`.
        progress: told how far it is.

    Raises:
        RuleError: `by` may not publish, there is no finding yet, no such format, it is proposed already, or somebody published meanwhile.
        WorkspaceError: evidence names a result that the workspace's store no longer holds.
    """
    review.check_publishable(by=by)
    _check_formats(formats)
    checkpoint = ledger.head()
    number = review.versions.count() + 1
    progress(0.0, "Gathering the review")
    said = review_content(review, version=number, on=timezone.localdate(), checkpoint=checkpoint)
    report = review_report(said)
    name = f"{slugify(review.title)}-version-{number}-{said.marking}"
    with tempfile.TemporaryDirectory(dir=settings.WORKSPACE.reports_folder, prefix=".writing-") as folder:
        files: dict[str, Path] = {}
        for at, format_name in enumerate(formats):
            progress(at / len(formats), f"Writing {format_name}")
            files[format_name] = write_report(
                report, Path(folder) / f"{name}.{format_name}", word_template=settings.WORKSPACE.word_template
            )
        return propose_version(review, number=number, files=files, content_sha256=content_digest(said), checkpoint=checkpoint, by=by)


def confirm(proposal: ProposedVersion, *, by: Person) -> PublishedVersion:
    """Publish what another person proposed, if the record still says what the proposed files say.

    Raises:
        RuleError: `by` proposed it or may not confirm, it is answered already, or the record changed since.
        WorkspaceError: evidence names a result that the workspace's store no longer holds.
    """
    return confirm_version(proposal, content_sha256=digest_now(proposal), by=by)


def publish(
    review: Review, *, by: Person | None, confirmed_by: Person, formats: Sequence[str] = FORMATS, progress: Progress = no_progress
) -> PublishedVersion:
    """Publish in one go what two people agreed on elsewhere: the first proposes, the second confirms; each act stands in the ledger.

    Args:
        review: which.
        by: who proposes; None for the operator at the command line.
        confirmed_by: who confirms.
        formats: of `FORMATS`.
        progress: told how far it is.

    Raises:
        RuleError: one of them may not, they are one person, or something keeps the report from being published.
    """
    review.check_confirmable(by=confirmed_by)
    check_second_person(confirmed_by, proposed_by=by.pk if by else None, act="Publication", where=review.title)
    return confirm(propose(review, by=by, formats=formats, progress=progress), by=confirmed_by)


def digest_now(proposal: ProposedVersion) -> str:
    """Digest of what a proposed report would say if it were written now."""
    checkpoint = ledger.Checkpoint(seq=proposal.checkpoint_seq, hash=proposal.checkpoint_hash)
    return content_digest(review_content(proposal.review, version=proposal.number, on=timezone.localdate(), checkpoint=checkpoint))


def content_digest(said: content.ReviewContent) -> str:
    """SHA-256 of what a report says, whenever it is written: the day and the ledger's entry on its cover do not count."""
    # A result is named by its content, so its digest stands for it.
    results = [item.result.digest if item.result else "" for item in said.evidence]
    items = tuple(replace(item, result=None) for item in said.evidence)
    words = asdict(replace(said, on=date.min, checkpoint="", evidence=items))
    return hashlib.sha256(canonical_json({"words": words, "results": results}).encode()).hexdigest()


def _check_formats(formats: Sequence[str]) -> None:
    unknown = [format_name for format_name in formats if format_name not in FORMATS]
    if unknown or not formats:
        what = f"A report is not written as {unknown[0]!r}" if unknown else "No format is named"
        raise RuleError(what, where="format", next_step=f"Choose from {', '.join(FORMATS)}.")


def review_content(review: Review, *, version: int, on: date, checkpoint: ledger.Checkpoint) -> content.ReviewContent:
    """All that is published of a review, as plain data.

    Args:
        review: which.
        version: number of the version that is to be published.
        on: date of the report.
        checkpoint: the ledger's newest entry.

    Raises:
        RuleError: a finding cites a file that is in quarantine or infected.
        WorkspaceError: evidence names a result that the workspace's store no longer holds.
    """
    _check_files(review)
    return content.ReviewContent(
        title=review.title,
        service=review.service,
        programme=review.programme.title,
        force=review.force.name,
        authority=review.authority.name,
        stage=review.stage.label,
        on=on,
        version=version,
        checkpoint=str(checkpoint),
        marking=review.marking,
        synthetic=review.synthetic,
        summary=review.summary,
        context=review.context,
        method=review.method,
        bodies=tuple(content.BodyItem(name=part.body.name, part=part.get_part_display()) for part in review.parts.select_related("body")),
        aims=tuple(f"{aim.text} Measured by {aim.as_measured}." if aim.measure else aim.text for aim in review.aims.standing()),
        strands=_strands(review),
        evidence=tuple(_evidence(item) for item in review.evidence.standing().prefetch_related("files__scans")),
        recommendations=_recommendations(review),
        costs_together=review.recommendations.all().costs_together(),
        actions=_actions(review),
        heard=_heard(review),
    )


def _strands(review: Review) -> tuple[content.StrandItem, ...]:
    return tuple(
        content.StrandItem(
            number=strand.number,
            name=strand.name,
            question=strand.question,
            findings=tuple(_finding(finding) for finding in strand.findings.all() if not finding.is_withdrawn),
        )
        for strand in review.strands.standing().prefetch_related("findings__evidence")
    )


def _finding(finding: Finding) -> content.FindingItem:
    evidence = tuple(item.reference for item in finding.evidence.all())
    return content.FindingItem(reference=finding.reference, text=finding.text, positive=finding.is_positive, evidence=evidence)


def _check_files(review: Review) -> None:
    """Refuse to publish what rests on a file that nobody may open."""
    for file in closed_files(review):
        cited = file.citations.filter(finding__withdrawn_on=None).select_related("finding__strand").first()
        if cited is not None:
            raise RuleError(
                f"Finding {cited.finding.reference} cites {file.name} of {file.evidence.reference}, which is "
                f"{'infected' if file.scan_state == ScanState.INFECTED else 'in quarantine'}",
                where=review.title,
                next_step="Add a clean version of the file and cite that, or wait until it is scanned.",
            )


def _evidence(item: Evidence) -> content.EvidenceItem:
    newest = next(iter(item.files.all()), None)
    is_open = newest is None or newest.is_open  # a closed file is published by neither its name nor its digest
    return content.EvidenceItem(
        reference=item.reference,
        title=item.title,
        kind=item.get_kind_display(),
        effective_date=item.effective_date,
        four_cs=tuple(content.FourC(four_c) for four_c in item.four_cs),
        notes=item.notes,
        result=settings.WORKSPACE.store.get(item.result_digest) if item.result_digest else None,
        file_name=item.file_name if is_open else "",
        file_sha256=item.file_sha256 if is_open else "",
        marking=item.marking,
    )


def _recommendations(review: Review) -> tuple[content.RecommendationItem, ...]:
    return tuple(
        content.RecommendationItem(
            key=recommendation.key,
            number=recommendation.number,
            text=recommendation.text,
            findings=tuple(finding.reference for finding in recommendation.findings.all() if not finding.is_withdrawn),
            addressed_to=recommendation.addressed_body.name if recommendation.addressed_body else "",
            cost=recommendation.cost_words,
            cost_in_figures=bool(recommendation.figures_of_cost),
            benefit=recommendation.benefit_words,
            measure=recommendation.measure_words,
            status=str(max(recommendation.statuses.all(), key=lambda status: (status.on, status.pk))),
        )
        for recommendation in review.recommendations.in_register_order().prefetch_related("findings__strand", "statuses")
    )


def _actions(review: Review) -> tuple[content.ActionItem, ...]:
    return tuple(
        content.ActionItem(
            recommendation=recommendation.number,
            number=action.number,
            what=action.what,
            why=action.why,
            how=action.how,
            who=action.lead.name,
            when=action.original_date,
            target=action.target,
        )
        for recommendation in review.recommendations.in_register_order().prefetch_related("actions__lead")
        for action in recommendation.actions.all()
    )


def _heard(review: Review) -> tuple[content.HeardItem, ...]:
    """Who was consulted, in the order of their days; the log belongs to an app above this one too."""
    return tuple(
        content.HeardItem(
            reference=heard.reference,
            who=heard.who if heard.people is None else f"{heard.who} ({heard.people:,})",
            on=heard.on,
            how=heard.get_how_display(),
            said=heard.said,
            changed=heard.newest.get_changed_display() if heard.newest else "",
            did=heard.newest.text if heard.newest else "",
        )
        for heard in review.consultations.order_by("on", "id").prefetch_related("outcomes")
    )
