"""A small report with every kind of block, and a small review with every part that is published."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from bestvalue.analysis.contract import Chart, Provenance, Result, ResultTable, Statement
from bestvalue.analysis.contract import Figure as ResultFigure
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.model import (
    Box,
    Bullets,
    Column,
    Emphasis,
    Figure,
    Link,
    Paragraph,
    Quotation,
    Ref,
    Report,
    Section,
    Strong,
    Table,
)
from bestvalue.documents.review_content import (
    ActionItem,
    BodyItem,
    EvidenceItem,
    FindingItem,
    FourC,
    GoodPracticeItem,
    RecommendationItem,
    ReviewContent,
    StrandItem,
)

DAY = date(2026, 11, 24)
AWKWARD = 'Units <b>& "teams"'
"""Characters that one or the other format reads as markup."""
BARS = {
    "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
    "data": {"values": [{"area": "Ash", "calls": 12}, {"area": "Birch", "calls": 7}]},
    "mark": "bar",
    "encoding": {"x": {"field": "calls", "type": "quantitative"}, "y": {"field": "area", "type": "nominal"}},
}


def table(**changes: Any) -> Table:
    """A table of two rows; what a test names is different."""
    given: dict[str, Any] = {
        "caption": "Calls by area",
        "columns": (Column(heading="Area"), Column(heading="Calls", numeric=True)),
        "rows": (("Ash", "12"), ("Birch", "7")),
    }
    return Table(**(given | changes))


def _blocks() -> tuple[Any, ...]:
    return (
        Paragraph(
            text=(AWKWARD, " wait, see ", Ref(target="asked"), ", ", Ref(target="calls"), " and ", Ref(target="picture"), "."), id="wait"
        ),
        Paragraph(text=("In short ", Strong(words="weighty"), " and ", Emphasis(words="apart"), ":"), numbered=False),
        Bullets(items=("one roster", "one radio")),
        Bullets(items=("first ask", "then share"), ordered=True),
        Quotation(text="We never knew who was on duty.", source="A sergeant"),
        Box(kind="recommendation", title="Recommendation 1", paragraphs=("Share the units.",), facts=(("For", "The board"),), id="asked"),
        Box(kind="good practice", title="Good practice 1", paragraphs=("Ash shares its dogs.",)),
        table(id="calls", notes=("19 calls in May 2026.",)),
        Figure(caption="Ash calls most", chart=BARS, alt="Bars: Ash 12, Birch 7.", table=table(caption="Calls drawn"), id="picture"),
        Paragraph(text=("The standard is at ", Link(words="gov.uk", address="https://www.gov.uk/"), ".")),
    )


def small_report() -> Report:
    """A report with every kind of block, not yet numbered."""
    return Report(
        title="Operational support",
        issuer="Authority of Ashshire",
        on=DAY,
        subtitle="What the support units do",
        synthetic=True,
        checkpoint="7:" + "ab" * 32,
        facts=(("Version", "1"),),
        sections=(
            Section(heading="Executive summary", blocks=(Paragraph(text="Units wait."),)),
            Section(heading="Findings", id="found", sections=(Section(heading="Resources", blocks=_blocks()),)),
        ),
        annexes=(
            Section(heading="Evidence", blocks=(Paragraph(text=("Rests on ", Ref(target="wait"), ".")), table(caption="Evidence held"))),
        ),
    )


def small_result() -> StoredResult:
    """An answer with one chart, a short table, and one too long to print."""
    base = "1,000 calls"
    return StoredResult(
        digest="c0ffee" * 10 + "abcd",
        result=Result(
            question="When do calls come?",
            title="Calls",
            statements=(
                Statement(
                    text="Half of the calls come by night: 50% (48 to 52).",
                    figures=(
                        ResultFigure(name="share by night", value=0.5, unit="share", base=base, low=0.48, high=0.52, confidence=0.95),
                    ),
                ),
                Statement(text="Nothing is known of calls that nobody took.", kind="limit"),
            ),
            tables={
                "areas": ResultTable(
                    title="Calls by area",
                    rows=pl.DataFrame({"area": ["Ash", "Birch"], "calls": [12, 7], "share": [0.632, 0.368]}),
                    units={"calls": "calls", "share": "share"},
                    note="19 calls.",
                ),
                "hours": ResultTable(
                    title="Calls by hour of the week",
                    rows=pl.DataFrame({"hour_of_week": list(range(168)), "wait": [1.5] * 168}),
                    units={"wait": "minutes"},
                ),
            },
            charts={"areas": Chart(title="Ash calls most", spec=BARS, alt="Bars: Ash 12, Birch 7.", table="areas")},
            caveats=("Recorded calls only.",),
            provenance=Provenance(
                analysis="challenge.calls",
                analysis_version=2,
                dataset="d" * 64,
                tables={"incidents": "e" * 64},
                rows={"incidents": 1000},
                sources={"incidents": "calls.csv"},
                spec={"seed": 7, "areas": [], "confidence": 0.95},
                synthetic=False,
                engine="local",
                versions={"python": "3.11.7"},
                started_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
                duration_seconds=1.0,
            ),
        ),
    )


def small_review(result: StoredResult) -> ReviewContent:
    """A review with two strands, one of them without findings, and three recommendations, one of which rests on none."""
    return ReviewContent(
        title="Operational support",
        service="Support units",
        programme="Best value reviews 2026",
        force="Ashshire Police",
        authority="Authority of Ashshire",
        stage="Drawing findings",
        on=DAY,
        version=1,
        checkpoint="7:" + "ab" * 32,
        summary="The units wait.\n\nThey need not.",
        context="Calls are many.",
        method="The 4Cs.",
        bodies=(BodyItem(name="Project Board", part="Project board"),),
        aims=("The right level.", "The right cost."),
        strands=(
            StrandItem(
                number=1,
                name="Resources",
                question="How many?",
                findings=(
                    FindingItem(reference="1.1", text="Calls are recorded well.", positive=True, evidence=("E1",)),
                    FindingItem(reference="1.2", text="Units wait by night.", positive=False, evidence=("E1", "E2")),
                ),
            ),
            StrandItem(number=2, name="Accountability", question="To whom?"),
        ),
        evidence=(
            EvidenceItem(
                reference="E1",
                title="Calls",
                kind="Analysis result",
                effective_date=DAY,
                four_cs=(FourC.CHALLENGE, FourC.COMPARE),
                result=result,
            ),
            EvidenceItem(
                reference="E2",
                title="Visit to Ash",
                kind="Visit",
                effective_date=DAY,
                four_cs=(FourC.CONSULT,),
                notes="Nobody was on duty.",
                file_name="visit.txt",
                file_sha256="f" * 64,
            ),
            EvidenceItem(reference="E3", title="The map", kind="Document", effective_date=DAY),
        ),
        recommendations=(
            RecommendationItem(
                key="Ashshire-1",
                number="1",
                text="Share the units.",
                findings=("1.2", "1.1"),
                addressed_to="Project Board",
                cost="£1,200 a year",
            ),
            RecommendationItem(
                key="Ashshire-2", number="2", text="Publish the roster.", findings=("1.2",), cost="Nothing", benefit="Trust"
            ),
            RecommendationItem(key="Ashshire-3", number="3", text="Say who answers for it."),
        ),
        actions=(
            ActionItem(
                recommendation="1",
                number=1,
                what="Share",
                why="Calls wait",
                how="One roster",
                who="The lead",
                when=date(2027, 3, 1),
                target="90% in 15 minutes",
            ),
            ActionItem(
                recommendation="2",
                number=1,
                what="Print",
                why="Nobody knows",
                how="On the door",
                who="The clerk",
                when=date(2027, 1, 1),
                target="On every door",
            ),
        ),
        good_practice=(GoodPracticeItem(text="Birch lends its dogs.", source="Birch"),),
    )
