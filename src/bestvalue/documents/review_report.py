"""How does a review become a report? In the order that a board reads: what is asked for first, how it is known last.

The structure is what a best value review must publish: summary, context, method, the 4Cs, findings by strand with their
recommendations beside them, what they cost and bring, the improvement plan, good practice, and in the annexes all of the
evidence with where it came from. A part for which the review holds nothing says so: a gap is part of what is published.
"""

from bestvalue.documents.model import Report
from bestvalue.documents.review_annexes import evidence_list, provenance, results_annex
from bestvalue.documents.review_consultation import consultation_section
from bestvalue.documents.review_content import ReviewContent
from bestvalue.documents.review_findings import findings_sections
from bestvalue.documents.review_four_cs import four_cs_section
from bestvalue.documents.review_opening import context, executive_summary, method
from bestvalue.documents.review_plan import improvement_plan
from bestvalue.documents.review_recommendations import costs_and_benefits, good_practice, recommendations_section
from bestvalue.errors import ReportError


def review_report(content: ReviewContent) -> Report:
    """The report of a review, not yet numbered.

    Args:
        content: all that is published of it.

    Raises:
        ReportError: a finding cites evidence, or a recommendation a finding, that the review does not hold.
    """
    _check_cited(content)
    sections = (
        executive_summary(content),
        context(content),
        method(content),
        four_cs_section(content),
        *consultation_section(content),
        *findings_sections(content),
        recommendations_section(content),
        costs_and_benefits(content),
        improvement_plan(content),
        good_practice(content),
    )
    return Report(
        title=content.title,
        subtitle=content.service,
        issuer=content.authority,
        on=content.on,
        marking=content.marking,
        synthetic=content.synthetic,
        checkpoint=content.checkpoint,
        facts=(
            ("Service provided by", content.force),
            ("Programme", content.programme),
            ("Stage", content.stage),
            ("Version", str(content.version)),
        ),
        sections=sections,
        annexes=(evidence_list(content), *results_annex(content), provenance(content)),
    )


def _check_cited(content: ReviewContent) -> None:
    held = {item.reference for item in content.evidence}
    findings = [finding for strand in content.strands for finding in strand.findings]
    drawn = {finding.reference for finding in findings}
    for finding in findings:
        _check_held(finding.evidence, held, what="evidence", where=f"finding {finding.reference}")
    for recommendation in content.recommendations:
        _check_held(recommendation.findings, drawn, what="finding", where=f"recommendation {recommendation.number}")


def _check_held(cited: tuple[str, ...], held: set[str], *, what: str, where: str) -> None:
    missing = [reference for reference in cited if reference not in held]
    if missing:
        raise ReportError(
            f"The review holds no {what} {missing[0]}", where=where, next_step=f"Add the {what}, or cite one that the review holds."
        )
