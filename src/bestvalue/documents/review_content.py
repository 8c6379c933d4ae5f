"""What does the report of a review need to know? Plain data, which the record fills and `review_report` turns into a report.

Nothing here knows a database: the report can be written from any source that fills these, and tested without one.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bestvalue.analysis.store import StoredResult


class FourC(StrEnum):
    """The 4Cs of a best value review, in their order."""

    CHALLENGE = "challenge"
    COMPARE = "compare"
    CONSULT = "consult"
    COMPETE = "compete"


@dataclass(frozen=True, kw_only=True)
class BodyItem:
    """A body that takes part in the review, and as what.

    Args:
        name: "Project Board".
        part: "Project board", "Challenge panel", ... in words.
    """

    name: str
    part: str


@dataclass(frozen=True, kw_only=True)
class EvidenceItem:
    """Something that findings rest on.

    Args:
        reference: how it is cited, unique in the review: "E3".
        title: what it is.
        kind: "Interview", "Visit", "Analysis result", ... in words.
        four_cs: which of the 4Cs it serves; none where it serves the context only.
        effective_date: the day for which it holds.
        notes: what it says, as plain text; blank lines part paragraphs.
        result: the stored answer, where the evidence is the result of an analysis.
        file_name, file_sha256: the file, where there is one.
        marking: its security marking.
    """

    reference: str
    title: str
    kind: str
    effective_date: date
    four_cs: tuple[FourC, ...] = ()
    notes: str = ""
    result: StoredResult | None = None
    file_name: str = ""
    file_sha256: str = ""
    marking: str = "OFFICIAL"


@dataclass(frozen=True, kw_only=True)
class FindingItem:
    """What the review learnt.

    Args:
        reference: unique in the review, given once: "2.1".
        text: the finding as one paragraph, or several parted by blank lines.
        positive: a strength; else something to improve.
        evidence: references of the evidence that it rests on, at least one.
    """

    reference: str
    text: str
    positive: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StrandItem:
    """One line of inquiry with its findings, in their order."""

    number: int
    name: str
    question: str
    findings: tuple[FindingItem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecommendationItem:
    """What somebody is asked to do. The report puts it beside the first finding it rests on, and takes its paragraph number from there.

    Args:
        key: issuer, report and number as one text, as the register keeps it.
        number: as printed: "1".
        text: what is recommended.
        findings: references of the findings it rests on; without any it stands in the list of recommendations only.
        addressed_to: who is asked.
        cost: what it costs, in words; empty while not known.
        cost_in_figures: these words hold a figure, and are not words only.
        benefit: what it saves or improves, in words; empty while not known.
        measure: by what anyone will see that it worked, with its baseline and target; empty while not known.
        status: how it stands, in words: "Accepted, 4 November 2026".
    """

    key: str
    number: str
    text: str
    findings: tuple[str, ...] = ()
    addressed_to: str = ""
    cost: str = ""
    cost_in_figures: bool = True
    benefit: str = ""
    measure: str = ""
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class ActionItem:
    """One row of the improvement plan: what, why, how, who, when, and the target by which it is judged."""

    recommendation: str
    number: int
    what: str
    why: str
    how: str
    who: str
    when: date
    target: str


@dataclass(frozen=True, kw_only=True)
class HeardItem:
    """Somebody who was consulted: what they said, and what changed because of it.

    Args:
        reference: "H1".
        who: with how many people, where that is known.
        on: the day.
        how: the way, in words.
        said: what they said.
        changed: what came of it, in words; empty where nobody has said yet.
        did: what was done, or why nothing was.
    """

    reference: str
    who: str
    on: date
    how: str
    said: str
    changed: str = ""
    did: str = ""


@dataclass(frozen=True, kw_only=True)
class GoodPracticeItem:
    """Something that others should copy, and where it was seen."""

    text: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class ReviewContent:
    """All that is published of one review.

    Args:
        title: of the review.
        service: what is under review.
        programme: "Best value reviews 2026", in words.
        force, authority: whose service it is, and who commissioned the review.
        stage: where the review stands, in words.
        on: date of the report.
        version: of the published report, from 1.
        summary, context, method: as plain text; blank lines part paragraphs; empty where nothing is recorded.
        aims: in their order, without numbers.
        costs_together: what all recommendations cost and release together, in words; empty where nothing is in figures.
        marking: the highest marking of anything in the report.
        synthetic: the review rests on made-up data; the report says so on every page.
        checkpoint: newest entry of the ledger, as `bestvalue audit verify --checkpoint` takes it.
    """

    title: str
    service: str
    programme: str
    force: str
    authority: str
    stage: str
    on: date
    version: int
    checkpoint: str
    marking: str = "OFFICIAL"
    synthetic: bool = False
    summary: str = ""
    context: str = ""
    method: str = ""
    bodies: tuple[BodyItem, ...] = ()
    aims: tuple[str, ...] = ()
    strands: tuple[StrandItem, ...] = ()
    evidence: tuple[EvidenceItem, ...] = ()
    recommendations: tuple[RecommendationItem, ...] = ()
    costs_together: str = ""
    actions: tuple[ActionItem, ...] = ()
    good_practice: tuple[GoodPracticeItem, ...] = ()
    heard: tuple[HeardItem, ...] = ()
