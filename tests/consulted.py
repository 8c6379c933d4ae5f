"""A survey of the small world and a row of its consultation log. Models are imported inside: this file is read before Django is set up."""

from typing import TYPE_CHECKING

from bestvalue.dataset.questionnaires.asked import AskedForm, Block, Entry, Option, as_json
from tests.world import DAY, World

if TYPE_CHECKING:
    from bestvalue.record.consultation.models import Consultation, Survey

SAFE = Entry(
    name="safe",
    kind="choose one",
    words={"English (en)": "How safe do you feel at night?", "Cymraeg (cy)": "Pa mor ddiogel ydych chi'n teimlo yn y nos?"},
    hint={"English (en)": "In the streets near your home."},
    options=tuple(
        Option(name=name, words={"English (en)": words, "Cymraeg (cy)": other})
        for name, words, other in (("1", "Safe", "Diogel"), ("2", "Unsafe", "Anniogel"), ("9", "Don't know", "Ddim yn gwybod"))
    ),
    required="yes",
)
FORM = AskedForm(
    title="Safety at night",
    languages=("English (en)", "Cymraeg (cy)"),
    entries=(
        SAFE,
        Entry(name="why", kind="text", words={"English (en)": "Why do you feel unsafe?"}, relevant="${safe} = 2", long=True),
        Block(
            name="visit",
            words={"English (en)": "Visit to a police station"},
            repeats=True,
            entries=(
                Entry(name="day", kind="date", words={"English (en)": "On which day was it?"}, constraint=". <= today()"),
                Entry(
                    name="about",
                    kind="choose several",
                    words={"English (en)": "What was it about?"},
                    options=(Option(name="a", words={"English (en)": "A crime"}), Option(name="b", words={"English (en)": "Advice"})),
                ),
            ),
        ),
        Entry(name="age", kind="whole number", words={"English (en)": "How old are you?"}, constraint=". >= 16"),
        Entry(name="may_be_quoted", kind="acknowledge", words={"English (en)": "May we quote your words, without your name?"}),
    ),
)


def consult(world: World) -> "tuple[Consultation, Survey]":
    from bestvalue.record.consultation.changes import record_consultation
    from bestvalue.record.consultation.models import Access, How, Survey, SurveyForm

    survey = Survey.objects.create(
        review=world.review,
        number=1,
        title="Safety at night",
        purpose="To decide where officers are at night.",
        contact="the programme office",
        access=Access.INVITED,
        key="night",
        prepared_on=DAY,
        prepared_by=world.manager,
    )
    brought = {"number": 1, "file_name": "night.xlsx", "file_sha256": "ab" * 32, "definition": as_json(FORM)}
    SurveyForm.objects.create(survey=survey, brought_on=DAY, brought_by=world.manager, **brought)
    heard = record_consultation(
        world.review, who="Residents", people=40, on=DAY, how=How.MEETING, said="Nights are dark.", finding=world.finding, by=world.manager
    )
    return heard, survey
