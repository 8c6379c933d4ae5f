"""Is a form fit to go out? Every question's words and answers, length and translations, before anybody is asked."""

from dataclasses import dataclass

from bestvalue.analysis.consult.traffic_light import Light, light
from bestvalue.analysis.consult.wording import Remark, check_choices, check_wording
from bestvalue.dataset.questionnaires.form import Form, Question

WORDS_A_MINUTE, SECONDS_A_CHOICE, SECONDS_OF_WRITING = 200, 5, 25
"""Reading speed of adults on a screen, and what an answer takes: to choose, and to write in words (Callegaro and others 2015)."""

LONGEST_MINUTES = 12
"""Beyond it more people break off and answers get careless (Galesic and Bosnjak 2009)."""


@dataclass(frozen=True, kw_only=True)
class FormCheck:
    """What was found: remarks, questions without words in a language, minutes it takes, questions asked, warnings of the reader."""

    remarks: tuple[Remark, ...]
    untranslated: tuple[tuple[str, str], ...]
    minutes: float
    asked: int
    warnings: tuple[str, ...]

    @property
    def light(self) -> Light:
        """Red where words lead or ask two things, amber for the rest."""
        severe = [one for one in self.remarks if one.fault in ("leading", "two questions in one", "overlapping answers")]
        amber = []
        if len(self.remarks) > len(severe):
            amber.append(f"{len(self.remarks) - len(severe)} lesser remarks on wording")
        if self.minutes > LONGEST_MINUTES:
            amber.append(f"it takes about {self.minutes:.0f} minutes; beyond {LONGEST_MINUTES} people break off")
        if self.untranslated:
            amber.append(f"{len(self.untranslated)} questions lack words in a language")
        red = (f"{len(severe)} questions lead, ask two things at once or have answers that overlap",) if severe else ()
        return light(red=red, amber=tuple(amber), green="no rule has anything against it")


def check_form(form: Form) -> FormCheck:
    """Check a form in its first language, and that the others are complete."""
    first = form.languages[0] if form.languages else ""
    asked = [question for question in form.questions if question.is_asked]
    remarks = [
        remark
        for question in asked
        for remark in (
            *check_wording(question.name, question.words.get(first, "")),
            *(
                check_choices(question.name, [choice.words.get(first, choice.name) for choice in question.choices])
                if _chooses_one(question)
                else ()
            ),
        )
    ]
    return FormCheck(
        remarks=tuple(remarks),
        untranslated=form.untranslated(),
        minutes=sum(_seconds(question, first) for question in form.questions) / 60,
        asked=len(asked),
        warnings=form.warnings,
    )


def _chooses_one(question: Question) -> bool:
    return question.kind.startswith("select one") and bool(question.choices)


def _seconds(question: Question, language: str) -> float:
    words = question.words.get(language, "").split() + question.hint.get(language, "").split()
    words += [word for choice in question.choices[:12] for word in choice.words.get(language, "").split()]
    answering = 0.0
    if question.is_asked:
        answering = SECONDS_OF_WRITING if question.kind in ("text", "string") else SECONDS_A_CHOICE
    return len(words) * 60 / WORDS_A_MINUTE + answering
