"""Withdrawing strands, evidence and findings: each stays in view with its reason, and nothing that stands may rest on it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import Evidence, Finding, Strand
from bestvalue.record.reviews.numbering import locked
from bestvalue.record.row_versions import hold_unchanged, keep

EVIDENCE = ("title", "notes", "file_sha256")
FINDING = ("text", "tone")
"""What whoever withdraws must have read of each as it is now."""


@transaction.atomic
def withdraw_strand(strand: Strand, *, reason: str, by: Person) -> Strand:
    """Withdraw a line of inquiry that the review drops. It stays in view with its reason, and keeps its number.

    The evidence that bears on it stays, as does what was asked, said and decided about it; it no longer waits for evidence or findings.

    Raises:
        RuleError: `by` does not write in the review, it was withdrawn already, has findings, or there is no reason.
    """
    locked(strand.review).check_editable(by=by)  # whoever adds a finding waits, so that none is drawn along a strand that goes
    held = Strand.objects.select_for_update(of=("self",)).get(pk=strand.pk)
    held.check_withdrawable()
    keep(held, mine=_withdrawn(reason=reason, by=by))
    ledger.write("strand.withdrawn", target=held, by=by, payload={"reason": held.withdrawn_because})
    return held


@transaction.atomic
def withdraw_evidence(evidence: Evidence, *, version: int, reason: str, by: Person) -> Evidence:
    """Withdraw evidence on which no finding that stands rests. It keeps its number, files and grades, and is not cited any more.

    Raises:
        RuleError: `by` does not write in the review, it was withdrawn already, a finding cites it, or there is no reason.
        EditedMeanwhileError: somebody changed what it says since that version.
    """
    locked(evidence.review).check_editable(by=by)  # whoever cites it waits, so that no finding is left without what it rests on
    held = hold_unchanged(evidence, version=version, fields=EVIDENCE)
    held.check_withdrawable()
    keep(held, mine=_withdrawn(reason=reason, by=by))
    ledger.write("evidence.withdrawn", target=held, by=by, payload={"reason": held.withdrawn_because})
    return held


@transaction.atomic
def withdraw_finding(finding: Finding, *, version: int, reason: str, by: Person) -> Finding:
    """Withdraw a finding on which no recommendation that stands rests. It keeps its number, and what was said about it.

    Raises:
        RuleError: `by` does not write in the review, it was withdrawn already, a recommendation rests on it, or there is no reason.
        EditedMeanwhileError: somebody changed what it says since that version.
    """
    locked(finding.review).check_editable(by=by)  # whoever recommends because of it waits
    held = hold_unchanged(finding, version=version, fields=FINDING)
    held.check_withdrawable()
    keep(held, mine=_withdrawn(reason=reason, by=by))
    ledger.write("finding.withdrawn", target=held, by=by, payload={"reason": held.withdrawn_because})
    return held


def _withdrawn(*, reason: str, by: Person) -> dict[str, Any]:
    """What a row says from now on.

    Raises:
        RuleError: there is no reason.
    """
    if not reason.strip():
        raise RuleError("What is withdrawn has a reason", where="reason", next_step="Say why in a sentence.")
    return {"withdrawn_on": timezone.localdate(), "withdrawn_because": reason.strip(), "withdrawn_by": by}
