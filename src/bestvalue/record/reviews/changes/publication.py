"""Publishing a report by two people: one proposes files that are written already, another confirms exactly these or refuses them."""

import hashlib
import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.ledger.ledger import Checkpoint
from bestvalue.record.reviews.marked_content import groups_quoted
from bestvalue.record.reviews.models import Answer, ProposedVersion, PublishedFile, PublishedVersion, Review
from bestvalue.record.reviews.numbering import locked, next_number


@transaction.atomic
def propose_version(
    review: Review, *, number: int, files: Mapping[str, Path], content_sha256: str, checkpoint: Checkpoint, by: Person | None
) -> ProposedVersion:
    """Propose to publish a report as it is written in these files. They wait, unchanged, for another person.

    Args:
        review: whose report it is.
        number: the version that the files say they are.
        files: the written file of each format; its name is kept.
        content_sha256: digest of what the files say.
        checkpoint: the ledger's newest entry, as the files print it.
        by: who proposes; None for the operator at the command line.

    Raises:
        RuleError: `by` may not, somebody published this number meanwhile, or the same report waits already.
    """
    review = locked(review)
    review.check_publishable(by=by)
    if number != next_number(review.versions):
        raise RuleError(f"Version {number} was published by somebody else meanwhile", where=review.title, next_step="Propose it again.")
    groups = groups_quoted(review)
    replaced = _make_way(review, content_sha256=content_sha256, groups=groups, by=by)
    proposal = ProposedVersion.objects.create(
        review=review,
        number=number,
        at=timezone.now(),
        by=by,
        files=[{"format": format_name, **_described(path)} for format_name, path in sorted(files.items())],
        content_sha256=content_sha256,
        checkpoint_seq=checkpoint.seq,
        checkpoint_hash=checkpoint.hash,
        marking=review.marking,
    )
    proposal.groups.set(groups)
    # A proposal that was rolled back may have left a folder of the same number.
    shutil.rmtree(proposal.folder, ignore_errors=True)
    proposal.folder.mkdir(parents=True)
    for path in files.values():
        path.replace(proposal.folder / path.name)
    ledger.write(
        "report.proposed",
        target=proposal,
        by=by,
        payload={
            "review": review.pk,
            "number": number,
            "content": content_sha256,
            "files": {file["name"]: file["sha256"] for file in proposal.files},
            "marking": proposal.marking,
            "groups": sorted(groups),
            "replaces": replaced,
        },
    )
    return proposal


@transaction.atomic
def confirm_version(proposal: ProposedVersion, *, content_sha256: str, by: Person) -> PublishedVersion:
    """Publish exactly what was proposed: the files that waited become the next version.

    Args:
        proposal: which.
        content_sha256: digest of what the report would say if it were written now.
        by: somebody who may confirm, and did not propose it.

    Raises:
        RuleError: it is the same person, they may not, it is answered already, the record changed since, or a file did.
    """
    review = locked(proposal.review)
    proposal = ProposedVersion.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    proposal.check_confirmable(by=by, content_sha256=content_sha256, groups=groups_quoted(review))
    if proposal.number != next_number(review.versions):
        raise RuleError(f"Version {proposal.number} is published already", where=review.title, next_step="Have it proposed anew.")
    _check_unchanged(proposal)
    version = PublishedVersion.objects.create(
        review=review,
        number=proposal.number,
        at=timezone.now(),
        by=by,
        checkpoint_seq=proposal.checkpoint_seq,
        checkpoint_hash=proposal.checkpoint_hash,
        marking=proposal.marking,
    )
    version.groups.set(proposal.groups.all())
    for file in proposal.files:
        # Copied before the commit: a file without its record is written over by the next version, a record without its file is a loss.
        shutil.copyfile(proposal.folder / file["name"], settings.WORKSPACE.reports_folder / file["name"])
        PublishedFile.objects.create(version=version, **file)
    _answer(proposal, Answer.CONFIRMED, by=by, version=version)
    sha256 = {file["name"]: file["sha256"] for file in proposal.files}
    ledger.write(
        "review.published",
        target=version,
        by=by,
        payload={
            "number": version.number,
            "files": sha256,
            "checkpoint": version.checkpoint,
            "proposal": proposal.pk,
            "proposed_by": proposal.by_id,
            "content": content_sha256,
        },
    )
    return version


@transaction.atomic
def refuse_version(proposal: ProposedVersion, *, reason: str, by: Person) -> ProposedVersion:
    """Refuse a proposed report, or withdraw one's own. Its files are thrown away; their digests and the reason stay.

    Raises:
        RuleError: `by` may not, no reason is given, or it is answered already.
    """
    locked(proposal.review)
    proposal = ProposedVersion.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    proposal.check_refusable(by=by, reason=reason)
    answer = Answer.WITHDRAWN if by.pk == proposal.by_id else Answer.REFUSED
    _answer(proposal, answer, by=by, reason=reason.strip())
    ledger.write(f"report.{answer}", target=proposal, by=by, payload={"review": proposal.review_id, "reason": proposal.reason})
    return proposal


def _make_way(review: Review, *, content_sha256: str, groups: set[int], by: Person | None) -> int | None:
    """The key of the proposal that waited and no longer says what the record says; it is answered by the new one."""
    waiting = review.proposals.waiting().first()
    if waiting is None:
        return None
    if waiting.content_sha256 == content_sha256 and set(waiting.groups.values_list("pk", flat=True)) == groups:
        who = str(waiting.by) if waiting.by else "the operator"
        raise RuleError(
            f"This report is proposed already, by {who}", where=review.title, next_step="Ask another person to confirm or refuse it."
        )
    _answer(waiting, Answer.REPLACED, by=by)
    return waiting.pk


def _answer(
    proposal: ProposedVersion, answer: Answer, *, by: Person | None, reason: str = "", version: PublishedVersion | None = None
) -> None:
    proposal.answer, proposal.answered_at, proposal.answered_by = answer, timezone.now(), by
    proposal.reason, proposal.version = reason, version
    proposal.save()
    # Not before the commit: a confirmation that is rolled back can be made again.
    transaction.on_commit(partial(_clear, proposal.folder))


def _clear(folder: Path) -> None:
    """Take the files of a proposal away, and with the last of them the folder of proposals."""
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # others wait in it, or it is gone already
        folder.parent.rmdir()


def _check_unchanged(proposal: ProposedVersion) -> None:
    for file in proposal.files:
        path = proposal.folder / file["name"]
        if not path.is_file() or _described(path)["sha256"] != file["sha256"]:
            raise RuleError(f"{file['name']} is not the file that was proposed", where=str(proposal), next_step="Have it proposed anew.")


def _described(path: Path) -> dict[str, str | int]:
    with path.open("rb") as file:
        return {"name": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest(), "size": path.stat().st_size}
