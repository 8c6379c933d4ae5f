"""What somebody answers is stored once, changed never, and says nothing of who they are."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.consultation import changes, drafts
from bestvalue.record.consultation.answers_for_analysis import tables_of, wide_answers
from bestvalue.record.consultation.models import Access, Draft, Response, Survey, SurveyStep
from bestvalue.record.ledger.models import AuditEvent, Payload
from bestvalue.workspace import Workspace

OpenSurvey = Callable[..., Survey]
Fill = Callable[..., Draft]


def test_what_is_handed_in_is_stored_once_and_the_draft_goes(open_survey: OpenSurvey, fill: Fill) -> None:
    draft = fill(open_survey())
    first = changes.hand_in(draft)
    second = changes.hand_in(draft)
    assert first == second
    assert Response.objects.count() == 1
    assert Draft.objects.count() == 0
    assert (first.answers, first.respondent, first.minutes) == ({"safe": "2", "why": "It is dark."}, f"S{first.survey_id}-R00001", 0.13)


def test_the_ledger_says_that_somebody_answered_and_not_what(open_survey: OpenSurvey, fill: Fill) -> None:
    changes.hand_in(fill(open_survey()))
    entry = AuditEvent.objects.get(action="survey.answered")
    assert entry.actor_name == "somebody who answers a survey"
    assert "dark" not in Payload.objects.get(event=entry).content
    assert len((entry.payload or {})["answers_sha256"]) == 64


def test_nothing_that_is_kept_says_who_or_from_where(open_survey: OpenSurvey, fill: Fill) -> None:
    changes.hand_in(fill(open_survey()))
    kept = {field.name for model in (Draft, Response) for field in model._meta.get_fields()}
    assert not {name for name in kept if "address" in name or name == "ip" or "agent" in name}
    row = Response.objects.values().get()
    assert row["seconds"] == {}
    assert not hasattr(row["handed_in_on"], "hour")


def test_the_database_itself_refuses_to_change_an_answer(open_survey: OpenSurvey, fill: Fill) -> None:
    response = changes.hand_in(fill(open_survey()))
    response.answers = {"safe": "1"}
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        response.save()
    assert Response.objects.get().answers["safe"] == "2"


def test_what_is_not_asked_any_more_is_not_handed_in_and_what_was_left_out_is_noted(open_survey: OpenSurvey, fill: Fill) -> None:
    survey = open_survey()
    changed = changes.hand_in(fill(survey, answers={"safe": "1", "why": "left over"}))
    assert changed.answers == {"safe": "1"}
    silent = changes.hand_in(fill(survey, answers={"safe": "2", "why": ""}))
    assert (silent.answers, silent.left_out) == ({"safe": "2"}, ["why"])


def test_answers_that_are_not_complete_or_come_too_fast_are_refused(open_survey: OpenSurvey, fill: Fill) -> None:
    survey = open_survey()
    with pytest.raises(RuleError, match="A question is not answered yet") as refused:
        changes.hand_in(fill(survey, answers={}))
    assert refused.value.where == "safe"
    hasty = fill(survey)
    hasty.started_at = timezone.now()
    hasty.save()
    with pytest.raises(RuleError, match="faster than anybody"):
        changes.hand_in(hasty)
    assert Response.objects.count() == 0


def test_a_survey_that_has_closed_takes_nothing_more(open_survey: OpenSurvey, fill: Fill, manager: Person) -> None:
    survey = open_survey()
    draft = fill(survey)
    changes.take_survey_step(survey, step=SurveyStep.CLOSED, by=manager)
    assert Draft.objects.count() == 0
    draft.pk = None  # a page that was open when it closed
    draft.save()
    with pytest.raises(RuleError, match="The survey has closed"):
        changes.hand_in(draft)
    with pytest.raises(RuleError, match="The survey is not open"):
        drafts.start_draft(Survey.objects.get(pk=survey.pk), language="")


def test_who_holds_the_secret_address_goes_on_and_nobody_else(open_survey: OpenSurvey) -> None:
    key = drafts.start_draft(open_survey(), language="English (en)")
    draft = drafts.draft_behind(key)
    assert draft is not None
    drafts.keep_answer(draft, place="safe", value="2", language="Cymraeg (cy)", seconds=3)
    again = drafts.draft_behind(key)
    assert again is not None
    assert (again.answers, again.language, again.seconds) == ({"safe": "2"}, "Cymraeg (cy)", {"safe": 3})
    assert drafts.draft_behind(key + "x") is None
    assert key not in {str(value) for value in Draft.objects.values().get().values()}


def test_a_draft_that_nobody_comes_back_to_is_deleted(open_survey: OpenSurvey, fill: Fill) -> None:
    draft = fill(open_survey())
    today = timezone.localdate()
    assert drafts.forget_stale_drafts(on=today + timedelta(days=drafts.KEPT_DAYS)) == 0
    assert drafts.forget_stale_drafts(on=today + timedelta(days=drafts.KEPT_DAYS + 1)) == 1
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_a_link_of_an_invitation_leads_back_to_its_answers_and_works_once(open_survey: OpenSurvey, fill: Fill, manager: Person) -> None:
    survey = open_survey(access=Access.INVITED)
    token = changes.invite(survey, respondents=["R-7"], by=manager)["R-7"]
    draft = fill(survey, token=token)
    assert drafts.draft_behind(drafts.start_draft(survey, language="", token=token)) == draft
    assert changes.hand_in(draft).respondent == "R-7"
    with pytest.raises(RuleError, match="This link was used already"):
        drafts.start_draft(survey, language="", token=token)
    for wrong in ("", "guess"):
        with pytest.raises(RuleError, match="This link opens no survey"):
            drafts.start_draft(survey, language="", token=wrong)


def test_a_pilot_keeps_its_times_apart_and_uses_no_invitation_up(open_survey: OpenSurvey, fill: Fill, manager: Person) -> None:
    survey = open_survey(access=Access.INVITED, step=SurveyStep.PILOT_STARTED)
    token = changes.invite(survey, respondents=["R-7"], by=manager)["R-7"]
    tried = changes.hand_in(fill(survey, token=token))
    assert tried.is_pilot
    assert tried.seconds == {"safe": 4.0, "why": 4.0}
    changes.take_survey_step(survey, step=SurveyStep.PILOT_ENDED, by=manager)
    today = timezone.localdate()
    changes.take_survey_step(survey, step=SurveyStep.OPENED, opens=today, closes=today, by=manager)
    survey = Survey.objects.get(pk=survey.pk)
    counted = changes.hand_in(fill(survey, token=token))
    assert (counted.respondent, counted.is_pilot, counted.seconds) == ("R-7", False, {})
    assert list(Response.objects.that_count()) == [counted]


def test_the_answers_become_the_tables_that_analyses_read(
    open_survey: OpenSurvey, fill: Fill, manager: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.create(tmp_path / "own", name="Tests", synthetic=True)
    monkeypatch.setattr(settings, "WORKSPACE", workspace)
    survey = open_survey()
    with pytest.raises(RuleError, match="Nobody has answered yet"):
        changes.use_answers(survey, by=manager, at=timezone.now())
    (workspace.data_folder / "survey_answers.csv").write_text("respondent_id,item_id,round,answer\nold,old,1,1\n")
    for answers in ({"safe": "2", "why": "Dark."}, {"safe": "1"}, {"safe": "9"}):
        changes.hand_in(fill(survey, answers=answers))
    assert changes.use_answers(survey, by=manager, at=timezone.now()) == {"survey_items": 1, "survey_answers": 3, "open_answers": 1}
    report = workspace.check()
    assert {name: table.report.passed for name, table in report.tables.items()} == {
        "survey_items": True,
        "survey_answers": True,
        "open_answers": True,
    }
    assert pl.read_parquet(report.checked["survey_answers"].parquet)["answer"].to_list() == [2, 1, None]
    assert [path.name for path in (workspace.data_folder / "_replaced").rglob("*.csv")] == ["survey_answers.csv"]
    assert wide_answers(survey)["safe"].to_list() == ["2", "1", "9"]


def test_of_a_survey_by_invitation_the_sample_says_who_answered(
    open_survey: OpenSurvey, fill: Fill, manager: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace.create(tmp_path / "own", name="Tests", synthetic=True)
    monkeypatch.setattr(settings, "WORKSPACE", workspace)
    (workspace.data_folder / "areas.csv").write_text("area_id,area_name,resident_population\nA,Ash,900\n")
    header = "respondent_id,area_id,age_band,sex,selection_probability,invited_on,responded"
    people = "".join(f"R-{number},A,25-34,female,0.1,2026-01-05,false\n" for number in (1, 2, 3))
    (workspace.data_folder / "survey_sample.csv").write_text(f"{header}\n{people}")
    survey = open_survey(access=Access.INVITED)
    tokens = changes.invite(survey, respondents=["R-1", "R-2"], by=manager)
    changes.hand_in(fill(survey, token=tokens["R-2"]))
    sample = tables_of(survey)["survey_sample"]
    assert [(row["respondent_id"], row["responded"], row["response_minutes"]) for row in sample] == [
        ("R-1", False, None),
        ("R-2", True, 0.13),
        ("R-3", False, None),
    ]
    changes.use_answers(survey, by=manager, at=timezone.now())
    assert all(table.report.passed for table in workspace.check().tables.values())
