"""Forms of consultation: prepare a survey, take its steps, invite people, and record who was heard and what came of it."""

from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from bestvalue.record.bodies.models import User
from bestvalue.record.consultation.models import Access, Changed, How, Survey, SurveyStep
from bestvalue.record.consultation.survey_steps import STEPS
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews.models import Finding, NeedToKnowGroup, Review, Strand
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.forms.dates import DatePartsField

DATE_HINT = "For example, 27 3 2027"
LARGEST_MB = 5


class FormFileField(forms.FileField):
    """An XLSForm."""

    def clean(self, data: Any, initial: Any = None) -> "UploadedFile[Any]":
        """The file, if it may come in; what is in it is checked next."""
        file: UploadedFile[Any] = super().clean(data, initial)
        if not (file.name or "").lower().endswith((".xlsx", ".csv")):
            raise forms.ValidationError("The form must be an Excel workbook (.xlsx) or CSV file")
        if (file.size or 0) > LARGEST_MB * 1024**2:
            raise forms.ValidationError(f"The form must be smaller than {LARGEST_MB} MB")
        return file


def _form_file(label: str) -> FormFileField:
    return FormFileField(
        label=label,
        help_text="An XLSForm, as ODK and Kobo use it: .xlsx or .csv. What the site cannot ask is named by row and column.",
        error_messages={"required": "Select the form", "empty": "The selected file is empty"},
    )


class SurveyAddForm(forms.Form):
    """Prepare a survey."""

    title = forms.CharField(
        label="What is the survey called?",
        help_text="People read it first.",
        max_length=200,
        error_messages={"required": "Enter what the survey is called"},
    )
    purpose = forms.CharField(
        label="What are the answers used for?",
        help_text="In words for the people who answer.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter what the answers are used for"},
    )
    contact = forms.CharField(
        label="Whom can people ask about it?",
        help_text="An office with its e-mail address or telephone.",
        max_length=300,
        error_messages={"required": "Enter whom people can ask"},
    )
    access = forms.ChoiceField(
        label="Who answers?",
        help_text="It cannot be changed afterwards: whoever answers is promised it.",
        choices=Access.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who answers"},
    )
    strand = forms.ModelChoiceField(
        label="Which strand does it serve? (optional)", queryset=Strand.objects.none(), required=False, empty_label="The review as a whole"
    )
    readers = forms.ModelChoiceField(
        label="Who may read single answers?",
        help_text="Answers are OFFICIAL-SENSITIVE, and every reading is in the ledger.",
        queryset=NeedToKnowGroup.objects.none(),
        required=False,
        empty_label="The review's team",
    )
    upload = _form_file("The form")

    def __init__(self, *args: Any, review: Review, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Strand]", self.fields["strand"]).queryset = review.strands.all()
        cast("forms.ModelChoiceField[NeedToKnowGroup]", self.fields["readers"]).queryset = review.groups.all()

    def clean_access(self) -> Access:
        """Who answers."""
        return Access(self.cleaned_data["access"])


class SurveyFileForm(forms.Form):
    """Replace the form of a survey."""

    upload = _form_file("The new form")


class SurveyStepForm(forms.Form):
    """Take a step; only those that let people answer have days."""

    def __init__(self, *args: Any, step: SurveyStep, **options: Any) -> None:
        super().__init__(*args, **options)
        if STEPS[step].has_dates:
            if step is not SurveyStep.EXTENDED:
                self.fields["opens"] = DatePartsField(label="From which day can people answer?", help_text=DATE_HINT, what="the first day")
            self.fields["closes"] = DatePartsField(label="Until which day?", help_text=DATE_HINT, what="the last day")


class InviteForm(forms.Form):
    """Make links for people."""

    respondents = forms.CharField(
        label="Numbers of the people",
        help_text="One on each line: the numbers that stand for them in your sample, no names. Where they are those of the table "
        "survey_sample, weights and non-response can be worked out.",
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Enter the numbers of the people, one on each line"},
    )

    def clean_respondents(self) -> list[str]:
        """One number a line."""
        return str(self.cleaned_data["respondents"]).splitlines()


class HeardForm(forms.Form):
    """Record who was heard."""

    who = forms.CharField(
        label="Who was heard?",
        help_text="A group or body. Not the name of a member of the public.",
        max_length=200,
        error_messages={"required": "Enter who was heard"},
    )
    people = forms.IntegerField(
        label="How many people? (optional)", required=False, min_value=1, max_value=9_999_999, error_messages={"invalid": "Enter a number"}
    )
    on = DatePartsField(label="On which day?", help_text=DATE_HINT, what="the day")
    how = forms.ChoiceField(
        label="How?", choices=How.choices, widget=forms.RadioSelect, error_messages={"required": "Select how they were heard"}
    )
    said = forms.CharField(
        label="What did they say?",
        help_text="Everybody who sees the review reads it, and it stands in the report.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter what they said"},
    )

    def __init__(self, *args: Any, review: Review, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label, rows in (
            ("strand", "Which strand is it about? (optional)", review.strands.all()),
            ("survey", "Which survey was it? (optional)", Survey.objects.visible_to(user).filter(review=review)),
            ("challenge", "Which challenge does it speak to? (optional)", Challenge.objects.visible_to(user).filter(review=review)),
            *_about(review, user),
        ):
            self.fields[name] = forms.ModelChoiceField(label=label, queryset=rows, required=False, empty_label="None")

    def clean_how(self) -> How:
        """The way."""
        return How(self.cleaned_data["how"])


class OutcomeForm(forms.Form):
    """Record what came of it."""

    changed = forms.ChoiceField(
        label="Did something change?",
        choices=Changed.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether something changed"},
    )
    text = forms.CharField(
        label="What changed, or why did nothing?",
        help_text="As an answer to those who were heard: “you said, we did”.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter what changed, or why nothing did"},
    )
    on = DatePartsField(label="On which day?", help_text=DATE_HINT, what="the day")

    def __init__(self, *args: Any, review: Review, user: User, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label, rows in _about(review, user):
            self.fields[name] = forms.ModelChoiceField(label=label, queryset=rows, required=False, empty_label="None")

    def clean_changed(self) -> Changed:
        """What came of it."""
        return Changed(self.cleaned_data["changed"])


def _about(review: Review, user: User) -> tuple[tuple[str, str, "QuerySet[Any]"], ...]:
    """What a row can be linked to, of what the person may read."""
    findings = Finding.objects.visible_to(user).standing().filter(review=review).select_related("strand")
    recommendations = Recommendation.objects.visible_to(user).filter(review=review).select_related("issuer")
    return (
        ("finding", "Which finding is it about? (optional)", findings),
        ("recommendation", "Which recommendation is it about? (optional)", recommendations),
    )
