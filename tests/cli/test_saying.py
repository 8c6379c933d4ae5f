"""`bestvalue record` says what the site says, by the same rules and for the same people."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.world import World, make_world

from bestvalue.cli import gathering, saying
from bestvalue.errors import RuleError
from bestvalue.workspace import Workspace

ON = datetime(2026, 1, 5)  # noqa: DTZ001 - as the command line gives a day
MANAGER, MEMBER, OUTSIDER = (f"{name}@example.org" for name in ("project.manager", "member.of.the.project.board", "panel.member.elsewhere"))


@pytest.fixture
def world(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    from django.conf import settings

    monkeypatch.setattr(settings, "WORKSPACE", Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True))
    monkeypatch.setattr(saying, "open_workspace", lambda folder: folder)
    monkeypatch.setattr(saying, "open_record", id)  # the record is open already
    return make_world()


def test_a_challenge_goes_from_raised_to_answered(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    saying.challenge(world.review.pk, MEMBER, "board", "The board", "Why now?", on=ON)
    assert "Challenge C2 is on record" in capsys.readouterr().out
    raised = world.review.challenges.get(number=2)
    saying.step(raised.pk, MANAGER, "answered", text="Because.", effect="none", on=ON)
    assert raised.is_answered


def test_an_option_goes_from_its_question_to_its_verdict(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    saying.question(world.review.pk, MANAGER, "Who drives?", kind="problem")
    asked = world.review.scope_questions.get(text="Who drives?")
    saying.option(asked.pk, MANAGER, "We.", "None.", "Some.")
    option = asked.options.get()
    saying.option_decision(option.pk, MANAGER, "chosen", world.question.body_id, "Cheap.", on=ON)
    assert option.decisions.get().reason == "Cheap."


def test_a_decision_is_taken_by_a_member_and_by_nobody_else(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    said: dict[str, Any] = {"attended": [world.board_member.pk], "reason": "Not yet.", "on": ON}
    with pytest.raises(RuleError):
        saying.decision(world.question.pk, MANAGER, "refused", "Minute 1", **said)
    with pytest.raises(RuleError, match="No member of that day has the number 999"):
        saying.decision(world.question.pk, MEMBER, "refused", "Minute 1", **said | {"attended": [999]})
    saying.decision(world.question.pk, MEMBER, "refused", "Minute 1", **said)
    world.question.refresh_from_db()
    assert (world.question.outcome, world.question.minute) == ("refused", "Minute 1")


COSTED: dict[str, Any] = {"cost_once": "£12,000.50", "posts": "-1.5", "cashable_a_year": "900", "brings": "Shorter waits."}
MEASURED: dict[str, Any] = {"measure": "support in 20 minutes", "unit": "%", "baseline": "71", "target": "85"}


def test_a_recommendation_is_drafted_with_what_it_costs_and_brings(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    body = world.question.body
    saying.recommendation(world.review.pk, MANAGER, "Do it.", [world.finding.pk], to=body.pk, **COSTED, **MEASURED)
    drafted = world.review.recommendations.latest("pk")
    assert capsys.readouterr().out.strip() == f"Recommendation 2 is drafted, number {drafted.pk}"
    assert (drafted.addressed_body, list(drafted.findings.all())) == (body, [world.finding])
    assert (drafted.one_off_cost_pence, drafted.cost_a_year_pence, drafted.staffing_fte, drafted.cashable_a_year_pence) == (
        *(1_200_050, None),
        *(Decimal("-1.5"), 90_000),
    )
    assert drafted.measure_words == "support in 20 minutes: from 71 to 85 %"
    saying.recommendation(world.review.pk, MANAGER, "Do that.", [world.finding.pk])
    assert "It lacks a cost in figures, a benefit, a measure of success" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("by", "wrong", "words"),
    [
        (MANAGER, {"cost_once": "much"}, "'much' is no number that can be kept"),
        (MANAGER, {"cost_once": "1.005"}, "'1.005' is no amount in pounds and pence"),
        (MANAGER, {"cost_a_year": "-5"}, "-£5 is no amount"),
        (MANAGER, {"target": "NaN"}, "'NaN' is no number"),
        (MANAGER, {"measure": "waits"}, "has no unit"),
        (MANAGER, {"finding": [999]}, "There is no number 999 that you see"),
        (MEMBER, {}, "may not"),
        (OUTSIDER, {}, "There is no"),
    ],
)
def test_a_recommendation_that_cannot_be_is_refused_with_what_to_do(world: World, by: str, wrong: dict[str, Any], words: str) -> None:
    said = {"finding": [world.finding.pk]} | wrong
    with pytest.raises(RuleError, match=words) as broken:
        saying.recommendation(world.review.pk, by, "Do it.", **said)
    assert broken.value.next_step
    assert world.review.recommendations.count() == 1


def test_a_list_holds_what_the_person_sees(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    saying.list_rows("findings", MANAGER, where=[f"review={world.review.pk}"])
    assert world.finding.text in capsys.readouterr().out
    saying.list_rows("findings", OUTSIDER)
    assert capsys.readouterr().out.splitlines()[0].startswith("Key,Review key,")
    saying.list_rows("findings", OUTSIDER)
    assert world.finding.text not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "said", "words"),
    [
        (saying.list_rows, ["nothing", MANAGER], "There is no list 'nothing'"),
        (saying.list_rows, ["findings", "stranger@example.org"], "Nobody who signs in as stranger@example.org"),
        (saying.challenge, ["review", MEMBER, "shout", "We", "No"], "'shout' is none of the words"),
        (saying.step, [999, MANAGER, "answered"], "There is no number 999 that you see"),
        (saying.step, ["challenge", OUTSIDER, "answered"], "that you see"),
    ],
)
def test_what_does_not_hold_is_said_with_what_to_do(world: World, command: Any, said: list[Any], words: str) -> None:
    keys = {"review": world.review.pk, "challenge": world.challenge.pk}
    with pytest.raises(RuleError, match=words) as broken:
        command(*(keys.get(each, each) for each in said))
    assert broken.value.next_step


def test_who_declared_an_interest_at_a_decision_is_kept_with_their_words(world: World) -> None:
    from bestvalue.record.bodies.models import Membership, Person

    other = Person.objects.create(name="Second member")
    Membership.objects.create(person=other, body=world.question.body, role="board member", starts="2025-01-01")
    both = [world.board_member.pk, other.pk]
    said: dict[str, Any] = {"attended": both, "reason": "Not yet.", "on": ON}
    for wrong, words in (
        ("Owns shares", "does not say whose"),
        ("999: Owns shares.", "No member of that day"),
        (f"{other.pk}: ", "does not"),
    ):
        with pytest.raises(RuleError, match=words):
            saying.decision(world.question.pk, MEMBER, "refused", "Minute 1", interest=[wrong], **said)
    saying.decision(world.question.pk, MEMBER, "refused", "Minute 1", interest=[f"{other.pk}: Owns shares: 3."], **said)
    interests = dict(world.question.attendances.values_list("person", "interest"))
    assert interests == {world.board_member.pk: "", other.pk: "Owns shares: 3."}


def test_aims_evidence_and_findings_are_put_on_record_and_a_finding_without_evidence_is_refused(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    review, strand = world.review, world.finding.strand
    gathering.aim(review.pk, MANAGER, "Be better.")
    assert "It has no measure" in capsys.readouterr().out
    (tmp_path / "roster.csv").write_text("day,hours\n1,8\n")
    gathering.evidence(review.pk, MANAGER, "Roster", "data", ["compare"], strand=[strand.number], file=tmp_path / "roster.csv", on=ON)
    kept = review.evidence.get(title="Roster")
    assert (kept.file_name, kept.four_cs, list(kept.strands.all())) == ("roster.csv", ["compare"], [strand])
    drawn: dict[str, Any] = {"strand": strand.number, "tone": "positive"}
    gathering.finding(review.pk, MANAGER, "Rosters are kept.", evidence=[kept.pk], **drawn)
    assert list(review.findings.get(text="Rosters are kept.").evidence.all()) == [kept]
    for evidence in ([], [world.secret.pk + 999]):
        with pytest.raises(RuleError):
            gathering.finding(review.pk, MANAGER, "Nothing shows it.", evidence=evidence, **drawn)
    with pytest.raises(RuleError, match="no strand 99"):
        gathering.finding(review.pk, MANAGER, "Elsewhere.", evidence=[kept.pk], **drawn | {"strand": 99})
    assert not review.findings.filter(text__in=["Nothing shows it.", "Elsewhere."]).exists()


def test_a_service_is_scored_with_its_reason_and_by_nobody_outside(world: World) -> None:
    from bestvalue.record.bodies.models import Membership

    with pytest.raises(RuleError):
        gathering.score(world.service.pk, OUTSIDER, "risk", 4, "Two incidents.")
    Membership.objects.create(person=world.manager, body=world.service.programme.authority, role="programme manager", starts="2025-01-01")
    gathering.score(world.service.pk, MANAGER, "risk", 4, "Two incidents.")
    assert world.service.scores.latest("pk").reason == "Two incidents."
