"""Changes to what an imported report offers. The report itself never changes."""

from django.db import transaction
from django.utils import timezone

from bestvalue.record.bodies.models import Person
from bestvalue.record.inspections.models import Candidate, CandidateDecision, Outcome
from bestvalue.record.ledger import ledger


@transaction.atomic
def dismiss(candidate: Candidate, *, reason: str, by: Person) -> CandidateDecision:
    """Set aside a finding that was offered as a candidate. It stays in the record, and can be taken up later.

    Raises:
        RuleError: `by` may not decide, no reason is given, or it was taken up already.
    """
    candidate = Candidate.objects.select_for_update().get(pk=candidate.pk)
    candidate.check_decidable(reason=reason, by=by)
    decision = CandidateDecision.objects.create(
        candidate=candidate, outcome=Outcome.DISMISSED, reason=reason.strip(), by=by, at=timezone.now()
    )
    ledger.write("candidate.dismissed", target=candidate, by=by, payload={"reason": decision.reason})
    return decision
