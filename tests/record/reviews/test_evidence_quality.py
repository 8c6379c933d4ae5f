"""How good evidence is, and which version of its file a finding rests on."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bestvalue.errors import RuleError

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person
    from bestvalue.record.reviews.models import Evidence, Review, Strand


@pytest.mark.parametrize(
    ("grade", "strength"),
    [("A1", "strong"), ("B2", "strong"), ("A3", "fair"), ("C1", "fair"), ("C3", "fair"), ("A4", "weak"), ("D1", "weak"), ("D4", "weak")],
)
def test_evidence_is_strong_where_source_and_content_hold_and_weak_where_either_is_doubtful(grade: str, strength: str) -> None:
    from bestvalue.record.reviews.models import Credibility, Reliability, strength_of

    assert strength_of(Reliability(grade[0]), Credibility(grade[1])).value == strength


def test_a_grade_has_its_reason_and_the_newest_counts(review: "Review", manager: "Person", add_evidence: "Callable[..., Evidence]") -> None:
    from bestvalue.record.reviews.changes import grade_evidence
    from bestvalue.record.reviews.models import Credibility, Reliability

    evidence = add_evidence(review)
    assert evidence.strength.value == "ungraded"
    with pytest.raises(RuleError, match="has its reason"):
        grade_evidence(evidence, reliability=Reliability.CHECKED, credibility=Credibility.LIKELY, reason=" ", by=manager)
    grade_evidence(evidence, reliability=Reliability.DOUBTFUL, credibility=Credibility.LIKELY, reason="He sells it.", by=manager)
    grade_evidence(evidence, reliability=Reliability.USUAL, credibility=Credibility.CONFIRMED, reason="The audit agrees.", by=manager)
    assert evidence.strength.value == "strong"
    assert [str(grade) for grade in evidence.grades.all()] == ["B1", "D2"]


def written(folder: Path, text: str) -> Path:
    path = folder / "minutes.txt"
    path.write_text(text)
    return path


def test_a_new_version_overwrites_nothing_and_findings_go_on_citing_theirs(
    review: "Review", strand: "Strand", manager: "Person", add_evidence: "Callable[..., Evidence]", tmp_path: Path
) -> None:
    from django.conf import settings

    from bestvalue.record.reviews.changes import add_file_version, add_finding
    from bestvalue.record.reviews.models import Tone

    evidence = add_evidence(review, file=written(tmp_path, "First."), file_name="minutes.txt")
    finding = add_finding(review, strand=strand, text="So.", tone=Tone.NEGATIVE, evidence=[evidence], by=manager)
    add_file_version(evidence, file=written(tmp_path, "Second."), file_name="minutes.txt", note="The chair's corrections.", by=manager)
    evidence.refresh_from_db()
    later = add_finding(review, strand=strand, text="Then.", tone=Tone.NEGATIVE, evidence=[evidence], by=manager)
    assert [finding.citations.get().file.number, later.citations.get().file.number] == [1, 2]
    texts = [(settings.WORKSPACE.files_folder / file.sha256).read_text() for file in evidence.files.order_by("number")]
    assert texts == ["First.", "Second."]
    assert evidence.file_sha256 == evidence.files.get(number=2).sha256


def test_a_new_version_says_what_is_different_and_is_another_file(
    review: "Review", manager: "Person", add_evidence: "Callable[..., Evidence]", tmp_path: Path
) -> None:
    from bestvalue.record.reviews.changes import add_file_version

    evidence = add_evidence(review, file=written(tmp_path, "First."), file_name="minutes.txt")
    with pytest.raises(RuleError, match="newest version already"):
        add_file_version(evidence, file=written(tmp_path, "First."), file_name="minutes.txt", note="The same.", by=manager)
    with pytest.raises(RuleError, match="says what changed"):
        add_file_version(evidence, file=written(tmp_path, "Second."), file_name="minutes.txt", note="", by=manager)
