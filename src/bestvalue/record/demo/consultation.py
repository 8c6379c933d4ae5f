"""What the demo's review asked the public, and who was heard: short, and plainly invented."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from django.utils import timezone

from bestvalue.record.consultation.changes import hand_in, prepare_survey, record_consultation, record_outcome, take_survey_step
from bestvalue.record.consultation.models import Access, Changed, Draft, How, Survey, SurveyStep
from bestvalue.record.consultation.secrets_of_links import digest_of_key, new_key
from bestvalue.record.demo.people import Cast
from bestvalue.record.reviews.models import Review

ENGLISH, WELSH = "English (en)", "Cymraeg (cy)"
SCALE = (
    ("1", "Strongly disagree", "Anghytuno'n gryf"),
    ("2", "Disagree", "Anghytuno"),
    ("3", "Neither agree nor disagree", "Ddim yn cytuno nac yn anghytuno"),
    ("4", "Agree", "Cytuno"),
    ("5", "Strongly agree", "Cytuno'n gryf"),
    ("9", "Don't know", "Ddim yn gwybod"),
)
TRUST = (
    ("there", "The police in this area are there when people need them.", "Mae'r heddlu yn yr ardal hon yno pan fydd eu hangen."),
    ("fair", "The police in this area treat people fairly.", "Mae'r heddlu yn yr ardal hon yn trin pobl yn deg."),
    ("listen", "The police in this area listen to local people.", "Mae'r heddlu yn yr ardal hon yn gwrando ar bobl leol."),
)
MET, OUTCOMES = timedelta(days=-60), timedelta(days=-45)
"""When people were met, and when it was said what became of their words, counted from the day of the demo."""
PILOT = ((4, 4, 2), (3, 4, 3), (5, 4, 4), (2, 3, 0), (4, 5, 3), (1, 2, 1), (3, 3, 0), (4, 4, 4))
"""Answers of the pilot to the three questions; 0 was left out."""


def ask_the_public(review: Review, cast: Cast, *, on: date) -> None:
    """Record a survey that was piloted and is open, and a log with a row that is answered, one that changed nothing and one that waits."""
    survey = _survey(review, cast, on=on)
    manager = cast.people["Project manager"]
    heard = record_consultation(
        review,
        who="Residents of the invented borough",
        people=46,
        on=on + MET,
        how=How.MEETING,
        said="Nobody tells us what the support units did here after they have left.",
        strand=review.strands.get(name="Accountability"),
        by=manager,
    )
    record_outcome(
        heard,
        changed=Changed.YES,
        text="The strand on accountability now asks what boroughs are told after each deployment, and the survey asks the public too.",
        on=on + OUTCOMES,
        by=manager,
    )
    youth = record_consultation(
        review,
        who="Young people at a youth centre",
        people=12,
        on=on + MET,
        how=How.GROUP,
        said="We would rather see the same two officers every week than a van once a month.",
        by=manager,
    )
    record_outcome(
        youth,
        changed=Changed.NO,
        text="Neighbourhood officers are outside this review; what was said has gone to the board that looks after them.",
        on=on + OUTCOMES,
        by=manager,
    )
    record_consultation(
        review,
        who="People who took part in the pilot of the survey",
        people=len(PILOT),
        on=on,
        how=How.SURVEY,
        said="Some could not say whether the police listen: they have never met them.",
        survey=survey,
        by=manager,
    )


def _survey(review: Review, cast: Cast, *, on: date) -> Survey:
    manager, today = cast.people["Project manager"], timezone.localdate()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policing-where-you-live.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(_form())
        survey = prepare_survey(
            review,
            title="Policing where you live (synthetic)",
            purpose="Your answers help to decide what the support units of the invented force do, and how they answer to local people.",
            contact="the programme office of the invented force",
            access=Access.ANONYMOUS,
            strand=review.strands.get(name="Accountability"),
            file=file,
            file_name=file.name,
            by=manager,
        )
    take_survey_step(survey, step=SurveyStep.PILOT_STARTED, opens=today, closes=today, by=manager)
    for number, given in enumerate(PILOT, start=1):
        hand_in(_tried(Survey.objects.get(pk=survey.pk), number, given, on=on))
    take_survey_step(survey, step=SurveyStep.PILOT_ENDED, by=manager)
    take_survey_step(survey, step=SurveyStep.OPENED, opens=today, closes=today + timedelta(days=60), by=manager)
    return survey


def _tried(survey: Survey, number: int, given: tuple[int, ...], *, on: date) -> Draft:
    """The answers of one person of the pilot, given some minutes ago."""
    names = [name for name, _, _ in TRUST]
    answers = {"age": str(16 + number * 7), "contact/0/+": "no", "why": ""}
    answers |= {name: str(value) if value else "" for name, value in zip(names, given, strict=True)}
    return Draft.objects.create(
        survey=survey,
        form=survey.form,
        digest=digest_of_key(new_key()),
        is_pilot=True,
        language=ENGLISH,
        answers=answers,
        seconds={name: 4.0 + (number * 7 + at * 5) % 9 for at, name in enumerate(["age", *names])},
        started_at=timezone.now() - timedelta(minutes=5),
        seen_on=on,
    )


def _form() -> Iterator[tuple[str, ...]]:
    """The form as XLSForm in CSV: the sheets below each other, each with its name before its rows."""
    yield ("survey",)
    words = (f"label::{ENGLISH}", f"label::{WELSH}")
    messages = (f"constraint_message::{ENGLISH}", f"constraint_message::{WELSH}")
    yield ("", "type", "name", *words, "relevant", "constraint", *messages, "required", "appearance")
    age = ("Enter an age from 16 to 120", "Rhowch oed rhwng 16 a 120")
    yield ("", "integer", "age", "How old are you?", "Faint yw eich oed?", "", ". >= 16 and . <= 120", *age, "yes", "")
    yield ("", "begin group", "trust", "The police in this area", "Yr heddlu yn yr ardal hon")
    for name, english, welsh in TRUST:
        yield ("", "select_one agree", name, english, welsh)
    yield ("", "end group")
    why = ("What would make the police listen better?", "Beth fyddai'n gwneud i'r heddlu wrando'n well?")
    yield ("", "text", "why", *why, "${listen} <= 2", "", "", "", "", "multiline")
    yield ("", "begin repeat", "contact", "Contact with the police in the last year", "Cysylltiad â'r heddlu yn y flwyddyn ddiwethaf")
    past = ("The day must be today or in the past", "Rhaid i'r diwrnod fod heddiw neu yn y gorffennol")
    yield ("", "date", "contact_day", "On which day was it?", "Pa ddiwrnod oedd hynny?", "", ". <= today()", *past)
    yield ("", "end repeat")
    yield ("choices",)
    yield ("", "list_name", "name", *words)
    for code, english, welsh in SCALE:
        yield ("", "agree", code, english, welsh)
    yield ("settings",)
    yield ("", "form_title", "form_id", "default_language")
    yield ("", "Policing where you live", "policing", ENGLISH)
