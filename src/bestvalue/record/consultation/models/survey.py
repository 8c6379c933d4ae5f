"""A survey of a review: what is asked, who may answer, and from when until when."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.dataset.questionnaires.asked import AskedForm, from_json
from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User
from bestvalue.record.consultation.survey_steps import FORM_CAN_CHANGE, STEPS, Access, SurveyStep
from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import NeedToKnowGroup, Review, Strand


class SurveyQuerySet(models.QuerySet["Survey"]):
    """Questions about surveys."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The surveys of the reviews that somebody sees."""
        return self.filter(review__in=Review.objects.visible_to(user))


class Survey(models.Model):
    """A questionnaire that the site asks for a review. Its forms and what happened to it are rows of their own."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="surveys")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    purpose = models.TextField()
    contact = models.CharField(max_length=300)
    access = models.CharField(max_length=10, choices=Access.choices)
    strand = models.ForeignKey(Strand, on_delete=models.PROTECT, null=True, blank=True, related_name="surveys")
    # Whoever may read single answers: the people of this group, or the review's team where none is named. They are always SENSITIVE.
    readers = models.ForeignKey(NeedToKnowGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Part of the address at which people answer: it says nothing of the record, and cannot be guessed from another one.
    key = models.CharField(max_length=20, unique=True)
    prepared_on = models.DateField()
    prepared_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-prepared_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="survey_number_once"),
            models.CheckConstraint(condition=models.Q(access__in=Access.values), name="survey_access_known"),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(purpose="") & ~models.Q(contact=""), name="survey_says_what_for"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def reference(self) -> str:
        """How it is cited: "S1"."""
        return f"S{self.number}"

    @property
    def newest(self) -> "SurveyEvent | None":
        """The newest thing that happened to it; None while it was only prepared."""
        # Of all of them in memory: the list of surveys has read them for every survey at once.
        return max(self.events.all(), key=lambda event: event.pk, default=None)

    @property
    def standing(self) -> SurveyStep | None:
        """Where it stands: its newest step."""
        return SurveyStep(self.newest.step) if self.newest else None

    @property
    def form(self) -> "SurveyForm":
        """The form that is asked: its newest."""
        return max(self.forms.all(), key=lambda form: form.number)

    @property
    def is_pilot(self) -> bool:
        """Whether whoever answers now answers a pilot."""
        return self.standing is SurveyStep.PILOT_STARTED

    @property
    def asking(self) -> int:
        """Which asking this is: it begins anew with each pilot and with the survey itself."""
        begun = (SurveyStep.PILOT_STARTED, SurveyStep.OPENED)
        return max((event.pk for event in self.events.all() if event.step in begun), default=0)

    def is_asked(self, *, on: date) -> bool:
        """Whether people can answer on a day."""
        newest = self.newest
        if newest is None or not STEPS[SurveyStep(newest.step)].answers or newest.opens is None or newest.closes is None:
            return False
        return newest.opens <= on <= newest.closes

    def is_read_by(self, person: Person) -> bool:
        """Whether a person may read single answers."""
        return self.readers.holds(person) if self.readers is not None else self.review.is_editable_by(person)

    def check_read_by(self, by: Person) -> None:
        """Refuse the answers to whoever does not need to know them.

        Raises:
            RuleError: the message says who may.
        """
        if not self.is_read_by(by):
            who = f"the people of the group “{self.readers}”" if self.readers is not None else "the review's team"
            raise RuleError(f"{by} may not read single answers", where=self.reference, next_step=f"Ask {who}.")

    def steps_open_to(self, person: Person) -> tuple[SurveyStep, ...]:
        """What a person may do with it now."""
        if self.review.stage in ENDED or not self.review.is_editable_by(person):
            return ()
        return tuple(step for step, rule in STEPS.items() if self.standing in rule.follows)

    def check_open_to(self, by: Person, *, step: SurveyStep) -> None:
        """Refuse a step by whoever does not write in the review, or that does not follow the newest one.

        Raises:
            RuleError: the message says which.
        """
        self.review.check_editable(by=by)
        if self.standing not in STEPS[step].follows:
            stands = self.standing.label.lower() if self.standing else "prepared, and nobody was asked yet"
            raise RuleError(f"Nobody can {STEPS[step].order} now: it is {stands}", where=self.reference, next_step="Look at the survey.")

    def check_step(self, *, step: SurveyStep, opens: date | None, closes: date | None, today: date, by: Person) -> None:
        """Refuse a step that may not be taken, or whose days do not fit.

        Raises:
            RuleError: the message says which.
        """
        self.check_open_to(by, step=step)
        if not STEPS[step].has_dates:
            return
        if opens is None or closes is None:
            raise RuleError("People have to know until when they can answer", where="closes", next_step="Enter the last day.")
        if step is not SurveyStep.EXTENDED and opens < today:
            raise RuleError(f"{opens:%d %B %Y} is past", where="opens", next_step="Enter today or a later day.")
        if closes < max(opens, today):
            first = max(opens, today)
            raise RuleError("The last day is before the first", where="closes", next_step=f"Enter {first:%d %B %Y} or a later day.")

    def check_form_can_change(self, *, by: Person) -> None:
        """Refuse another form while people answer, or afterwards.

        Raises:
            RuleError: `by` does not write in the review, or people were asked already.
        """
        self.review.check_editable(by=by)
        if self.standing not in FORM_CAN_CHANGE:
            raise RuleError(
                "People answer this form, and all of them are asked the same",
                where=self.reference,
                next_step="End the pilot first, or prepare another survey.",
            )


class SurveyForm(models.Model):
    """One form of a survey, as it was read when it was brought in. A form is replaced by the next, never changed."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="forms")
    number = models.PositiveSmallIntegerField()
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    definition = models.JSONField()
    brought_on = models.DateField()
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="survey_form_number_once")]

    def __str__(self) -> str:
        return f"{self.file_name}, form {self.number}"

    @property
    def asked(self) -> AskedForm:
        """The form as the site asks it."""
        return from_json(self.definition)


class SurveyEvent(models.Model):
    """One thing that happened to a survey, on a day, by whom. Events are added, never changed."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="events")
    step = models.CharField(max_length=15, choices=SurveyStep.choices)
    opens = models.DateField(null=True, blank=True)
    closes = models.DateField(null=True, blank=True)
    on = models.DateField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(step__in=SurveyStep.values), name="survey_step_known"),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True) | models.Q(opens__lte=models.F("closes")),
                name="survey_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey.reference} {self.get_step_display().lower()}, {self.on:%d %B %Y}"
