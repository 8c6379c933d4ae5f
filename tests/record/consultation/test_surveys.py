"""The life of a survey: who prepares it, when its form may change, and when people can answer."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from tests.dataset.questionnaires.forms import write_form

from bestvalue.errors import RuleError, TableFaults
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.consultation import changes
from bestvalue.record.consultation.models import Access, Invitation, Survey, SurveyStep
from bestvalue.record.consultation.survey_steps import STEPS
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import NeedToKnowGroup, Review

Prepare = Callable[..., Survey]


def dated(survey: Survey, step: SurveyStep, by: Person) -> Survey:
    today = timezone.localdate()
    days = {"opens": today, "closes": today + timedelta(days=7)} if STEPS[step].has_dates else {}
    changes.take_survey_step(survey, step=step, by=by, **days)
    return Survey.objects.get(pk=survey.pk)


def test_a_survey_keeps_its_form_as_it_was_read(prepare: Prepare) -> None:
    survey = prepare()
    assert [entry.name for entry in survey.form.asked.every_entry()] == ["safe", "why"]
    assert (settings.WORKSPACE.files_folder / survey.form.file_sha256).is_file()
    assert (survey.reference, survey.standing) == ("S1", None)
    assert AuditEvent.objects.filter(action="survey.prepared").count() == 1


def test_a_broken_form_is_refused_with_its_places_and_nothing_is_kept(prepare: Prepare, tmp_path: Path) -> None:
    broken = write_form(tmp_path / "broken.xlsx", [("geopoint", "where", "Where?", "Ble?")])
    with pytest.raises(TableFaults) as refused:
        prepare(file=broken, file_name="broken.xlsx")
    assert "row 2, column type" in str(refused.value)
    assert Survey.objects.count() == 0


def test_who_does_not_write_in_the_review_prepares_no_survey(
    prepare: Prepare, person: Callable[..., Person], body: Callable[..., Body]
) -> None:
    with pytest.raises(RuleError, match="may not add to this review"):
        prepare(by=person("Chair", role="board member", body=body("A board", "board")))


@pytest.mark.parametrize("name", ["title", "purpose", "contact"])
def test_a_survey_says_what_it_is_for(prepare: Prepare, name: str) -> None:
    with pytest.raises(RuleError) as refused:
        prepare(**{name: "  "})
    assert refused.value.where == name


def test_steps_follow_each_other_as_the_table_says(prepare: Prepare, manager: Person) -> None:
    survey = prepare()
    paths: dict[SurveyStep | None, tuple[SurveyStep, ...]] = {
        None: (),
        SurveyStep.PILOT_STARTED: (SurveyStep.PILOT_STARTED,),
        SurveyStep.PILOT_ENDED: (SurveyStep.PILOT_ENDED,),
        SurveyStep.OPENED: (SurveyStep.OPENED,),
        SurveyStep.EXTENDED: (SurveyStep.EXTENDED,),
        SurveyStep.CLOSED: (SurveyStep.CLOSED,),
    }
    for standing, steps in paths.items():
        for step in steps:
            survey = dated(survey, step, manager)
        assert survey.standing == standing
        for step, rule in STEPS.items():
            if standing not in rule.follows:
                with pytest.raises(RuleError, match="Nobody can"):
                    dated(survey, step, manager)
        assert survey.is_asked(on=timezone.localdate()) == (standing is not None and STEPS[standing].answers)


def test_people_can_answer_from_the_first_day_to_the_last(prepare: Prepare, manager: Person) -> None:
    survey, today = prepare(), timezone.localdate()
    first, last = today + timedelta(days=2), today + timedelta(days=5)
    changes.take_survey_step(survey, step=SurveyStep.OPENED, opens=first, closes=last, by=manager)
    survey = Survey.objects.get(pk=survey.pk)
    assert [survey.is_asked(on=today + timedelta(days=day)) for day in (1, 2, 5, 6)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("opens", "closes", "where"), [(-1, 7, "opens"), (3, 2, "closes"), (0, None, "closes")], ids=["past", "the wrong way round", "no end"]
)
def test_days_that_do_not_fit_are_refused(prepare: Prepare, manager: Person, opens: int, closes: int | None, where: str) -> None:
    today = timezone.localdate()
    with pytest.raises(RuleError) as refused:
        changes.take_survey_step(
            prepare(),
            step=SurveyStep.OPENED,
            opens=today + timedelta(days=opens),
            closes=today + timedelta(days=closes) if closes is not None else None,
            by=manager,
        )
    assert refused.value.where == where


def test_the_form_can_change_until_people_answer_and_between_pilots(prepare: Prepare, manager: Person, tmp_path: Path) -> None:
    another = write_form(tmp_path / "another.xlsx", [("text", "why", "Why?", "Pam?")])
    survey = prepare()
    assert changes.replace_form(survey, file=another, file_name="another.xlsx", by=manager).number == 2
    survey = dated(survey, SurveyStep.PILOT_STARTED, manager)
    with pytest.raises(RuleError, match="People answer this form"):
        changes.replace_form(survey, file=another, file_name="another.xlsx", by=manager)
    survey = dated(survey, SurveyStep.PILOT_ENDED, manager)
    assert changes.replace_form(survey, file=another, file_name="another.xlsx", by=manager).number == 3
    assert survey.form.number == 3
    survey = dated(survey, SurveyStep.OPENED, manager)
    with pytest.raises(RuleError, match="People answer this form"):
        changes.replace_form(survey, file=another, file_name="another.xlsx", by=manager)


def test_invitations_are_links_of_which_only_the_digest_is_kept(prepare: Prepare, manager: Person) -> None:
    survey = prepare(access=Access.INVITED)
    tokens = changes.invite(survey, respondents=["R-1", " R-2 ", "", "R-1"], by=manager)
    assert list(tokens) == ["R-1", "R-2"]
    kept = {str(value) for row in Invitation.objects.values() for value in row.values()}
    assert not kept & set(tokens.values())
    assert all(len(token) >= 32 for token in tokens.values())
    with pytest.raises(RuleError, match="R-2 was invited already"):
        changes.invite(survey, respondents=["R-2", "R-3"], by=manager)


def test_nobody_is_invited_to_a_survey_that_anybody_answers(prepare: Prepare, manager: Person) -> None:
    with pytest.raises(RuleError, match="Anybody with the address"):
        changes.invite(prepare(), respondents=["R-1"], by=manager)


def test_single_answers_are_for_the_team_or_for_the_group_that_is_named(
    prepare: Prepare, manager: Person, review: Review, person: Callable[..., Person], body: Callable[..., Body]
) -> None:
    from bestvalue.record.reviews.models import GroupPlace

    chair = person("Chair", role="board member", body=body("A board", "board"))
    survey = prepare()
    assert survey.is_read_by(manager)
    with pytest.raises(RuleError, match="may not read single answers"):
        changes.note_reading(survey, what="CSV", by=chair)
    group = NeedToKnowGroup.objects.create(review=review, name="Four people", need="They code.", made_at=timezone.now(), made_by=manager)
    named = prepare(readers=group)
    assert not named.is_read_by(manager)
    GroupPlace.objects.create(group=group, person=manager, reason="Codes.", starts=date(2026, 1, 5), by=manager)
    assert named.is_read_by(manager)
    changes.note_reading(named, what="CSV", by=manager)
    assert AuditEvent.objects.filter(action="survey.answers_read").count() == 1
