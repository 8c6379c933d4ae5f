"""The public register tells what was promised and what was done, day by day; of what is sensitive it cannot even know."""

import json
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bestvalue.record.delivery.life_cycle import Status

if TYPE_CHECKING:
    from tests.record.delivery.conftest import Delivering

ON = date(2026, 5, 1)


def told(on: date = ON) -> dict[str, list[str]]:
    from bestvalue.record.delivery.public_register import register_content

    return {
        one.text: [status.status for status in one.series] for report in register_content(on=on).reports for one in report.recommendations
    }


def test_each_recommendation_is_told_with_its_dated_series(delivering: "Delivering") -> None:
    assert told() == {"Share the units.": ["made", "accepted", "in progress"]}


def test_what_came_later_is_not_told_of_an_earlier_day(delivering: "Delivering") -> None:
    from bestvalue.record.delivery.changes import set_status

    set_status(delivering.recommendation, status=Status.EMBEDDING, on=ON, by=delivering.manager)
    assert told(ON - timedelta(days=1)) == {"Share the units.": ["made", "accepted", "in progress"]}
    assert told() == {"Share the units.": ["made", "accepted", "in progress", "embedding"]}


def test_every_status_but_a_draft_has_plain_words() -> None:
    from bestvalue.record.delivery.public_register import PLAIN

    assert set(PLAIN) == set(Status) - {Status.DRAFT}


def test_only_what_is_not_done_is_told_with_its_reason(delivering: "Delivering") -> None:
    from bestvalue.record.delivery.changes import close_not_implemented
    from bestvalue.record.delivery.public_register import register_content

    close_not_implemented(delivering.recommendation, on=ON, minute="7", reason="The units were merged.", by=delivering.member)
    (report,) = register_content(on=ON).reports
    reasons = [status.reason for status in report.recommendations[0].series]
    assert reasons[:-1] == ["", "", ""]
    assert reasons[-1].startswith("The units were merged.")


def test_what_is_sensitive_drafted_or_of_an_unpublished_review_is_not_read(delivering: "Delivering", review: Any, manager: Any) -> None:
    from bestvalue.record.delivery.changes import draft_recommendation, set_status
    from bestvalue.record.delivery.models import Recommendation
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import EvidenceKind, FourC, Marking, NeedToKnowGroup, PublishedVersion, Tone

    strand = changes.add_strand(review, name="Demand", question="When?", by=manager)
    common = {"strands": [strand], "effective_date": ON, "kind": EvidenceKind.INTERVIEW, "four_cs": [FourC.CONSULT], "by": manager}
    note = changes.add_evidence(review, title="A talk", notes="Thin.", **common)
    secret = changes.add_evidence(review, title="Live operations", notes="No.", marking=Marking.SENSITIVE, **common)
    made = {}
    for name, cited in (("plain", [note]), ("rests on a secret", [note, secret])):
        finding = changes.add_finding(review, strand=strand, text=name, tone=Tone.NEGATIVE, evidence=[note], by=manager)
        finding.evidence.set(cited)
        made[name] = draft_recommendation(review, text=name, findings=[finding], on=ON, by=manager)
        set_status(made[name], status=Status.MADE, on=ON, by=manager)
    draft_recommendation(review, text="a draft", findings=[finding], on=ON, by=manager)
    assert set(told()) == {"Share the units."}
    PublishedVersion.objects.create(
        review=review,
        number=1,
        at=datetime(2026, 5, 1, tzinfo=UTC),
        by=manager,
        checkpoint_seq=1,
        checkpoint_hash="a" * 64,
        marking="OFFICIAL",
    )
    assert set(told()) == {"Share the units.", "plain"}
    group = NeedToKnowGroup.objects.filter(review=review).first()
    Recommendation.objects.filter(pk=made["plain"].pk).update(marking=Marking.SENSITIVE, group=group)
    assert set(told()) == {"Share the units."}


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_page_and_data_say_the_same_in_a_closed_page_without_script(delivering: "Delivering", tmp_path: Path) -> None:
    from bestvalue.record.delivery.public_register import publish_register

    delivering.action()
    page, data = publish_register(tmp_path / "public", on=ON)
    text, values = page.read_text(encoding="utf-8"), json.loads(data.read_text(encoding="utf-8"))
    (report,) = values["reports"]
    (one,) = report["recommendations"]
    assert (one["status"], one["due"], one["owner"], values["marking"]) == ("in progress", "2026-06-30", "Committee", "OFFICIAL")
    for said in (one["text"], one["owner"], *(status["words"] for status in one["series"])):
        assert said in text
    tags = _Page(text).tags
    names = [tag for tag, _ in tags]
    assert not {"script", "iframe", "form", "img"} & set(names)
    assert all(attrs.get("scope") for tag, attrs in tags if tag == "th")
    assert names.count("caption") == names.count("table") > 0
    assert ("html", {"lang": "en-GB"}) in tags
    assert delivering.lead.name not in text.split("How it stood")[0]


@pytest.mark.parametrize("hidden", ["email", "lead", "by"])
def test_no_person_is_named_in_the_data(delivering: "Delivering", hidden: str) -> None:
    from bestvalue.documents.public_register import public_data
    from bestvalue.record.delivery.public_register import register_content

    assert f'"{hidden}"' not in json.dumps(public_data(register_content(on=ON)))
