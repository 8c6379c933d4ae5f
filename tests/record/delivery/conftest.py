"""A report as it stands in the record, and one as the reader hands it over, made by hand."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bestvalue.documents import reading

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.delivery.models import Action, Recommendation
    from bestvalue.record.inspections.models import Candidate, PublishedReport


@pytest.fixture
def report(body: "Callable[..., Body]") -> "PublishedReport":
    from django.utils import timezone

    from bestvalue.record.inspections.models import Paragraph, PublishedReport

    made = PublishedReport.objects.create(
        slug="support-2004",
        title="Operational support",
        issuer=body("Inspectorate", "inspectorate"),
        published=date(2004, 12, 1),
        published_precision="month",
        source_name="report.txt",
        source_sha256="a" * 64,
        text_length=10,
        imported_at=timezone.now(),
    )
    Paragraph.objects.create(report=made, number="3.2.11", text="Units live on overtime.", order=1, first_line=5, last_line=6)
    return made


@pytest.fixture
def candidate(report: "PublishedReport") -> "Candidate":
    from bestvalue.record.inspections.models import Candidate

    return Candidate.objects.create(
        report=report,
        order=1,
        paragraph=report.paragraphs.get(),
        text="Budgets should be reviewed.",
        phrase="should be",
        confidence_share=0.9,
        confidence="high",
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The file that the report read by hand was read from."""
    file = tmp_path / "support.txt"
    file.write_text("3.2.11 Units live on overtime.\n")
    return file


@pytest.fixture
def read_by_hand(source: Path) -> "Callable[..., reading.PublishedReport]":
    """Makes a small report as the reader hands it over: two paragraphs, a judgement, a recommendation, a candidate."""
    sure = reading.Confidence(share=0.9, reasons=("by hand",))

    def span(line: int) -> reading.Span:
        return reading.Span(first_line=line, last_line=line, page=1)

    def make(**changed: Any) -> reading.PublishedReport:
        section = reading.Section(number="3.2", title="Does it meet the aims?", level=2, order=1, span=span(1))
        paragraphs = tuple(
            reading.Paragraph(
                number=number, numbered=True, text=text, section=section, sub_items=(), order=order, span=span(order + 1), confidence=sure
            )
            for order, (number, text) in enumerate(
                [("3.2.6", "The Board should be engaged at once."), ("3.2.11", "Units live on overtime.")]
            )
        )
        judgement = reading.Judgement(
            question="How good is it?",
            grade="Good",
            scale=("excellent", "good", "fair", "poor"),
            paragraphs=("3.2.6", "3.2.11"),
            text="judged as Good",
            span=span(1),
            confidence=sure,
        )
        box, listed = (
            reading.Statement(place=place, text=text, paragraph="3.2.6", span=span(2))
            for place, text in (("box", "Engage the Board."), ("list", "Engage the Board, please."))
        )
        difference = reading.Difference(
            first="body", second="box", changes=(reading.Change(before="at once", after=""),), stronger="body", reasons=("at once",)
        )
        recommendation = reading.Recommendation(
            key="Inspectorate of Constabulary / support-2004 / 1",
            number="1",
            numbered=True,
            paragraph="3.2.6",
            text="Engage the Board.",
            body_text="The Board should be engaged at once.",
            statements=(box, listed),
            differences=(difference,),
            details=(reading.Detail(name="By when", text="April 2005"),),
            span=span(2),
            confidence=sure,
        )
        candidate = reading.Candidate(paragraph="3.2.11", text="Overtime needs a look.", phrase="needs", span=span(3), confidence=sure)
        parts: dict[str, Any] = {
            "title": "Operational support",
            "subtitle": "",
            "issuer": "Inspectorate of Constabulary",
            "issuer_abbreviation": "IOC",
            "about": "Northern Police Service",
            "published": "2004-12",
            "slug": "support-2004",
            "source_name": source.name,
            "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
            "text_length": 60,
            "pages": 1,
            "sections": (section,),
            "contents_differences": (reading.ContentsDifference(in_contents="Aims of the service", in_body="Aims", number="3.1"),),
            "paragraphs": paragraphs,
            "judgements": (judgement,),
            "strengths": (reading.Point(kind="strength", text="A panel.", paragraph="3.2.6", span=span(2), confidence=sure),),
            "areas_for_development": (),
            "causes_of_concern": (),
            "recommendations": (recommendation,),
            "conclusions": (),
            "good_practice": (reading.GoodPractice(number="6.1", text="The panel.", paragraph="3.2.6", span=span(2), confidence=sure),),
            "candidates": (candidate,),
            "cross_references": (),
            "other_series": (reading.OtherSeries(number="3", series="the review", text="Rec 3", paragraph="3.2.11", span=span(3)),),
            "bodies": (reading.MentionedBody(name="Northern Police Service", abbreviation="NPS", mentions=4, paragraph="3.2.6"),),
            "notes": ("read as UTF-8",),
        }
        return reading.PublishedReport(**{**parts, **changed})

    return make


APPROVED = date(2026, 2, 1)


@dataclass(frozen=True, kw_only=True)
class Delivering:
    """A recommendation that a committee accepted, with the people who lead it, stand behind it, decide about it, and look on."""

    recommendation: "Recommendation"
    committee: "Body"
    other_committee: "Body"
    lead: "Person"
    sponsor: "Person"
    member: "Person"
    other_member: "Person"
    visitor: "Person"
    manager: "Person"

    def action(self, **rest: Any) -> "Action":
        """Adds an action that its lead leads, due at the end of June."""
        from bestvalue.record.delivery.changes import add_action

        least = {"what": "Open tasking", "why": "Boroughs wait.", "how": "One form.", "target": "Answers in a week.", "lead": self.lead}
        dates = {"starts": APPROVED, "original_date": date(2026, 6, 30)}
        return add_action(self.recommendation, **{**least, **dates, "by": self.manager, **rest})


@pytest.fixture
def delivering(
    authority: "Body", body: "Callable[..., Body]", person: "Callable[..., Person]", manager: "Person", team: "Body"
) -> Delivering:
    from bestvalue.record.delivery.changes import Entered, enter_recommendations, own, set_status
    from bestvalue.record.delivery.life_cycle import Status

    committee, other = body("Committee", "committee", parent=authority), body("Other committee", "committee", parent=authority)
    lead, sponsor = person("Lead", role="lead", body=team), person("Sponsor", role="observer", body=team)
    (made,) = enter_recommendations(
        authority, report_title="Review of 2026", made_on=APPROVED, rows=[Entered(number="1", text="Share the units.")], by=manager
    )
    set_status(made, status=Status.ACCEPTED, on=APPROVED, note="It will be done.", by=manager)
    set_status(made, status=Status.IN_PROGRESS, on=APPROVED, by=manager)
    own(made, body=committee, lead=lead, sponsor=sponsor, on=APPROVED, by=manager)
    return Delivering(
        recommendation=made,
        committee=committee,
        other_committee=other,
        lead=lead,
        sponsor=sponsor,
        member=person("Member", role="authority member", body=committee),
        other_member=person("Other member", role="authority member", body=other),
        visitor=person("Visitor", role="panel member", body=body("Panel", "panel")),
        manager=manager,
    )


@pytest.fixture(autouse=True)
def standing_as_the_series_say(request: pytest.FixtureRequest) -> Iterator[None]:
    """After every test of delivery: what is kept of each recommendation is what its series say, on every day on which one moved."""
    databases = {"db", "transactional_db"} & set(request.fixturenames)
    for database in databases:
        request.getfixturevalue(database)  # so that it is still there when this looks
    yield
    if not databases:
        return
    from bestvalue.record.delivery.models import Recommendation, Standing
    from bestvalue.record.delivery.rating import standings

    starts = set(Standing.objects.values_list("starts", flat=True))
    for on in sorted({*starts, *(day - timedelta(days=1) for day in starts), date(2026, 12, 31)}):
        kept = {
            row.recommendation_id: (row.status, row.colour, row.is_late, row.owner_id, row.lead_id) for row in Standing.objects.of_day(on)
        }
        owned = {key: (owner, lead) for key, _, owner, lead, _ in Recommendation.objects.owners(on=on)}
        told = {
            key: (stood.status.value, stood.colour.value, stood.is_late, *owned[key])
            for key, stood in standings(Recommendation.objects.all(), on=on).items()
        }
        assert kept == told, on
