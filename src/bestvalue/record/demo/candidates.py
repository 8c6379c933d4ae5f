"""The services among which the demo's authority chose: each scored with its reason, and those that it reviews ranked first."""

from collections.abc import Mapping

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.programme.changes import add_candidate, score_candidate, set_weights
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.programme.scoring import Criterion

Scores = Mapping[Criterion, tuple[int, str]]

SUPPORT = "Pan-London support units: what they do, where, when and at what cost"
FLEET = "Vehicle fleet"
WEIGHTS: Mapping[Criterion, int] = {Criterion.RISK: 3, Criterion.COST: 2, Criterion.CONCERN: 2, Criterion.PERFORMANCE: 1}
WHY_THESE = (
    "The plan of the authority puts the safety of the public first. Poor performance counts once: too few services measure it well enough."
)
CASES: Mapping[str, tuple[str, Scores]] = {
    SUPPORT: (
        "Many units, one budget that nobody can divide among them, and boroughs that do not know what they can ask for.",
        {
            Criterion.RISK: (5, "They are what the force sends to disorder, firearms and major events."),
            Criterion.COST: (4, "A large budget, much of it overtime."),
            Criterion.CONCERN: (3, "Boroughs ask; the public rarely sees who came."),
            Criterion.PERFORMANCE: (4, "No measure says whether support came in time."),
        },
    ),
    FLEET: (
        "Vehicles are kept longer than planned.",
        {
            Criterion.RISK: (3, "A vehicle off the road delays a response."),
            Criterion.COST: (4, "The second largest contract."),
            Criterion.CONCERN: (1, "Hardly ever raised in consultation."),
            Criterion.PERFORMANCE: (2, "Availability is near its target."),
        },
    ),
    "Public enquiry desks": (
        "Opening hours were cut in two boroughs.",
        {
            Criterion.RISK: (2, "Urgent contact goes by telephone."),
            Criterion.COST: (2, "A small budget."),
            Criterion.CONCERN: (5, "The most frequent complaint at public meetings."),
        },
    ),
}
"""Invented, as everything in the demo. The last lacks a score, so it is not ranked and says why."""


def score_candidates(programme: Programme, *, force: Body, by: Person) -> Mapping[str, CandidateService]:
    """Record the candidates, their scores and how much each criterion counts; returns them by service."""
    set_weights(programme, weights=WEIGHTS, reason=WHY_THESE, by=by)
    added = {service: add_candidate(programme, service=service, force=force, case=case, by=by) for service, (case, _) in CASES.items()}
    for service, (_, scores) in CASES.items():
        for criterion, (score, reason) in scores.items():
            score_candidate(added[service], criterion=criterion, score=score, reason=reason, by=by)
    return added
