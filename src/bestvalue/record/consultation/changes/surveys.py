"""Changes to surveys: preparing one, its form, its steps, its invitations, and bringing its answers to the analyses."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bestvalue.dataset.questionnaires.asked import as_json
from bestvalue.dataset.questionnaires.asked_reading import read_asked
from bestvalue.dataset.questionnaires.data_folder import replace_survey
from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.consultation.answers_for_analysis import tables_of
from bestvalue.record.consultation.models import Access, Draft, Invitation, Survey, SurveyEvent, SurveyForm, SurveyStep
from bestvalue.record.consultation.secrets_of_links import digest_of_key, new_key, new_public_key
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.evidence_files import keep_file
from bestvalue.record.reviews.models import NeedToKnowGroup, Review, Strand
from bestvalue.record.reviews.numbering import locked

MOST_INVITED = 50_000


@transaction.atomic
def prepare_survey(
    review: Review,
    *,
    title: str,
    purpose: str,
    contact: str,
    access: Access,
    file: Path,
    file_name: str,
    by: Person,
    strand: Strand | None = None,
    readers: NeedToKnowGroup | None = None,
) -> Survey:
    """Bring a questionnaire in. Nobody is asked until a pilot or the survey itself is opened.

    Args:
        review: what it is for.
        title: what people read first.
        purpose: what the answers are used for, in words for them.
        contact: whom they can ask.
        access: who answers; never changed, because it is a promise.
        file: the XLSForm.
        file_name: the name it came with.
        by: somebody of the review's team.
        strand: the line of inquiry that it serves.
        readers: who may read single answers; the review's team where no group is named.

    Raises:
        RuleError: `by` may not write in the review, or words are missing.
        TableError: the form is broken, or asks what the site does not; each place is named.
    """
    review = locked(review)
    review.check_editable(by=by)
    for name, words in (("title", title), ("purpose", purpose), ("contact", contact)):
        if not words.strip():
            raise RuleError(f"A survey says its {name}", where=name, next_step="Enter it in words that everybody understands.")
    for name, thing in (("strand", strand), ("readers", readers)):
        if thing is not None and thing.review_id != review.pk:
            raise RuleError(f"The {name} belong to another review", where=name, next_step="Select one of this review.")
    survey = Survey.objects.create(
        review=review,
        number=review.surveys.count() + 1,
        title=title.strip(),
        purpose=purpose.strip(),
        contact=contact.strip(),
        access=access,
        strand=strand,
        readers=readers,
        key=new_public_key(),
        prepared_on=timezone.localdate(),
        prepared_by=by,
    )
    form = _bring_form(survey, file, file_name, by=by)
    payload = {"review": review.pk, "title": survey.title, "access": access, "file": form.file_name, "sha256": form.file_sha256}
    ledger.write("survey.prepared", target=survey, by=by, payload=payload)
    return survey


@transaction.atomic
def replace_form(survey: Survey, *, file: Path, file_name: str, by: Person) -> SurveyForm:
    """Bring another form in, before anybody is asked or between two pilots. The earlier ones stay.

    Raises:
        RuleError: `by` may not, or people answer the present form.
        TableError: the form is broken, or asks what the site does not; each place is named.
    """
    survey = _held(survey)
    survey.check_form_can_change(by=by)
    form = _bring_form(survey, file, file_name, by=by)
    ledger.write("survey.form_replaced", target=survey, by=by, payload={"file": form.file_name, "sha256": form.file_sha256})
    return form


@transaction.atomic
def take_survey_step(survey: Survey, *, step: SurveyStep, by: Person, opens: date | None = None, closes: date | None = None) -> SurveyEvent:
    """Start or end a pilot, open the survey, move its last day, or close it.

    Drafts of a pilot that ends, and of a survey that closes, can be handed in no more and are deleted.

    Raises:
        RuleError: `by` may not, it does not follow what happened before, or the days do not fit.
    """
    survey = _held(survey)
    today = timezone.localdate()
    if step is SurveyStep.EXTENDED and survey.newest is not None:
        opens = survey.newest.opens
    survey.check_step(step=step, opens=opens, closes=closes, today=today, by=by)
    event = SurveyEvent.objects.create(survey=survey, step=step, opens=opens, closes=closes, on=today, by=by)
    if step in (SurveyStep.PILOT_ENDED, SurveyStep.CLOSED):
        Draft.objects.filter(survey=survey).delete()
    ledger.write(f"survey.{step.value.replace(' ', '_')}", target=survey, by=by, payload={"opens": opens, "closes": closes})
    return event


@transaction.atomic
def invite(survey: Survey, *, respondents: Sequence[str], by: Person) -> dict[str, str]:
    """Make a link for each number that stands for a person; returns number and secret token. Only digests are kept.

    Raises:
        RuleError: `by` may not, anybody can answer this survey, there are too many, or a number was invited already.
    """
    survey = _held(survey)
    survey.review.check_editable(by=by)
    numbers = list(dict.fromkeys(number.strip() for number in respondents if number.strip()))
    _check_invited(survey, numbers)
    tokens = {number: new_key() for number in numbers}
    today = timezone.localdate()
    Invitation.objects.bulk_create(
        Invitation(survey=survey, respondent=number, digest=digest_of_key(token), invited_on=today) for number, token in tokens.items()
    )
    ledger.write("survey.invited", target=survey, by=by, payload={"people": len(tokens)})
    return tokens


@transaction.atomic
def note_reading(survey: Survey, *, what: str, by: Person) -> None:
    """Put on record that somebody read or took away single answers, which are always OFFICIAL-SENSITIVE.

    Raises:
        RuleError: `by` may not read them.
    """
    survey.check_read_by(by)
    ledger.write("survey.answers_read", target=survey, by=by, payload={"what": what})


@transaction.atomic
def use_answers(survey: Survey, *, by: Person, at: datetime) -> dict[str, int]:
    """Put the answers into the data folder for the analyses; returns the rows of each table. What they replace is kept.

    Raises:
        RuleError: `by` may not read the answers, or nobody has answered.
    """
    survey = _held(survey)
    survey.check_read_by(by)
    tables = tables_of(survey)
    if not tables["survey_answers"] and not tables["open_answers"]:
        raise RuleError("Nobody has answered yet", where=survey.reference, next_step="Wait for the first answers.")
    rows = replace_survey(settings.WORKSPACE.data_folder, tables, at=at)
    ledger.write("survey.answers_used", target=survey, by=by, payload={"rows": rows})
    return rows


def _held(survey: Survey) -> Survey:
    return Survey.objects.select_for_update().get(pk=survey.pk)


def _bring_form(survey: Survey, file: Path, file_name: str, *, by: Person) -> SurveyForm:
    kept = keep_file(file, name=file_name, folder=settings.WORKSPACE.files_folder)
    return SurveyForm.objects.create(
        survey=survey,
        number=survey.forms.count() + 1,
        file_name=kept.name,
        file_sha256=kept.sha256,
        definition=as_json(read_asked(file)),
        brought_on=timezone.localdate(),
        brought_by=by,
    )


def _check_invited(survey: Survey, numbers: Sequence[str]) -> None:
    if survey.access != Access.INVITED:
        raise RuleError("Anybody with the address can answer this survey", where=survey.reference, next_step="Give out its address.")
    if survey.standing is SurveyStep.CLOSED:
        raise RuleError("The survey is closed", where=survey.reference, next_step="Prepare another survey.")
    if not 0 < len(numbers) <= MOST_INVITED:
        raise RuleError(
            f"{len(numbers):,} numbers were given",
            where="respondents",
            next_step=f"Enter 1 to {MOST_INVITED:,}, each on a line of its own.",
        )
    long = next((number for number in numbers if len(number) > 40), None)
    if long is not None:
        raise RuleError(f"{long[:50]!r} is too long", where="respondents", next_step="Enter numbers of up to 40 characters.")
    known = survey.invitations.filter(respondent__in=numbers).values_list("respondent", flat=True)[:3]
    if known:
        raise RuleError(f"{', '.join(known)} was invited already", where="respondents", next_step="Leave those out.")
