"""Forms of inspections: plan, ask, hear, grade, write, comment, publish."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from bestvalue.record.assessment.framework import Framework, JudgementFrame
from bestvalue.record.assessment.models import DocumentRequest, Inspection, Interview, Outcome, ParagraphKind, Place
from bestvalue.record.bodies.models import Body, BodyKind, Membership, Person, Role
from bestvalue.record.inspections.models import PublishedReport
from bestvalue.record.reviews.models import Evidence, Marking, Review
from bestvalue.site.forms.dates import DatePartsField
from bestvalue.site.forms.delivery import choice_field, line_field, words_field
from bestvalue.site.forms.edits import read_field

HINT = "For example, 27 3 2026"
NO_DATA = "no data"
"""Stands for the empty grade on the form: an empty choice is a question that was not answered."""


def body_field(label: str, *, required: str) -> "forms.ModelChoiceField[Body]":
    """One body."""
    return forms.ModelChoiceField(
        label=label,
        queryset=Body.objects.none(),
        empty_label="Select a body",
        required=bool(required),
        error_messages={"required": required},
    )


def only(form: forms.Form, name: str, rows: "QuerySet[Any]") -> None:
    """Offer these rows in a field."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


def inspected_bodies(inspection: Inspection) -> "QuerySet[Body]":
    """The inspected force and its authority."""
    return Body.objects.filter(pk__in=[inspection.force_id, inspection.authority_id])


class PlanForm(forms.Form):
    """Plan an inspection."""

    title = line_field("Title of the inspection and of its report", required="Enter a title")
    service = line_field("Which service is inspected?", required="Enter a service")
    framework = forms.ChoiceField(
        label="Against which framework?", widget=forms.RadioSelect, error_messages={"required": "Select a framework"}
    )
    issuer = body_field("Which body inspects?", required="Select the body that inspects")
    force = body_field("Which force is inspected?", required="Select the force")
    authority = body_field("Which authority is inspected?", required="Select the authority")
    review = forms.ModelChoiceField(
        label="Which review of ours does it inspect? (optional)",
        queryset=Review.objects.none(),
        required=False,
        empty_label="None of ours",
    )
    about_report = forms.ModelChoiceField(
        label="Which report of the library does it inspect? (optional)",
        queryset=PublishedReport.objects.none(),
        required=False,
        empty_label="None",
    )
    fieldwork_starts = DatePartsField(label="First day of fieldwork", help_text=HINT, what="the first day of fieldwork")
    fieldwork_ends = DatePartsField(label="Last day of fieldwork", help_text=HINT, what="the last day of fieldwork")

    def __init__(self, *args: Any, person: Person, frameworks: Mapping[str, Framework], **options: Any) -> None:
        super().__init__(*args, **options)
        self.frameworks = frameworks
        choice = cast("forms.ChoiceField", self.fields["framework"])
        choice.choices = [(key, f"{each.title}. {each.notice}".strip()) for key, each in frameworks.items()]
        held = Membership.objects.current().filter(person=person, role=Role.INSPECTOR)
        only(self, "issuer", Body.objects.filter(pk__in=held.values("body")))
        only(self, "force", Body.objects.filter(kind=BodyKind.FORCE))
        only(self, "authority", Body.objects.filter(kind=BodyKind.AUTHORITY))
        only(self, "review", Review.objects.visible_to(person.user) if person.user else Review.objects.none())
        only(self, "about_report", PublishedReport.objects.all())

    def clean_framework(self) -> Framework:
        """The framework itself."""
        return self.frameworks[self.cleaned_data["framework"]]


class OfInspection(forms.Form):
    """What is said in an inspection. Each form narrows its choices to what belongs to it."""

    def __init__(self, data: Mapping[str, Any] | None, *, inspection: Inspection) -> None:
        super().__init__(data)
        self.inspection = inspection
        self.narrow(inspection)

    def narrow(self, inspection: Inspection) -> None:
        """Offer what belongs to the inspection."""


class AppointForm(OfInspection):
    """Appoint an inspector."""

    person = forms.ModelChoiceField(
        label="Who?", queryset=Person.objects.none(), empty_label="Select a person", error_messages={"required": "Select a person"}
    )
    place = choice_field(
        "As what?", [(place.value, place.label) for place in (Place.INSPECTOR, Place.SECOND)], required="Select what they are to be"
    )

    def narrow(self, inspection: Inspection) -> None:
        """Inspectors of the issuer who do not inspect yet."""
        held = Membership.objects.current().filter(body=inspection.issuer, role=Role.INSPECTOR)
        only(self, "person", Person.objects.filter(pk__in=held.values("person")).exclude(inspects__inspection=inspection))

    def clean_place(self) -> Place:
        """The place."""
        return Place(self.cleaned_data["place"])


class NothingForm(OfInspection):
    """Nothing is asked: the button says it all."""


class ReasonForm(OfInspection):
    """A reason."""

    reason = words_field("Why?", required="Enter why")


class RequestForm(OfInspection):
    """Ask for a document."""

    text = words_field("Which document?", required="Enter which document", help_text="Name it so that somebody can find it.")
    asked_of = body_field("Of which body?", required="Select a body")
    due = DatePartsField(label="By which day?", help_text=HINT, what="the day")

    def narrow(self, inspection: Inspection) -> None:
        """The inspected bodies."""
        only(self, "asked_of", inspected_bodies(inspection))


class InterviewForm(OfInspection):
    """Plan an interview."""

    whom = line_field(
        "Whom do you talk to?",
        required="Enter whom you talk to",
        help_text="By place and not by name, such as “a sergeant of a support unit”.",
    )
    planned_for = DatePartsField(label="On which day?", help_text=HINT, what="the day")
    protected = forms.BooleanField(label="The report may not say who spoke", required=False, initial=True)
    marking = choice_field("Marking of the notes", Marking.choices, required="Select the marking")

    def clean_marking(self) -> Marking:
        """The marking."""
        return Marking(self.cleaned_data["marking"])


class OverrideForm(OfInspection):
    """Propose another grade than the rule's."""

    key = forms.ChoiceField(label="Of which question or judgement?", error_messages={"required": "Select a question or judgement"})
    grade = line_field("Which grade?", required="Enter a grade", help_text="A grade of its scale.")
    reason = words_field("Why does the rule not see it?", required="Enter why", help_text="Another inspector confirms it before it counts.")

    def narrow(self, inspection: Inspection) -> None:
        """Questions and judgements, with their scales in the words."""
        frame, choices = inspection.frame, []
        for judgement in frame.judgements:
            scale = ", ".join(judgement.grades)
            choices.append((judgement.key, f"{judgement.text} ({scale})"))
            choices += [(question.key, f"{question.text} ({scale})") for question in judgement.questions]
        cast("forms.ChoiceField", self.fields["key"]).choices = choices


class SendForm(OfInspection):
    """Send the draft."""

    deadline = DatePartsField(label="Until which day may they comment?", help_text=HINT, what="the last day for comments")


class AnswerRequestForm(forms.Form):
    """Give a document."""

    answer = words_field("Where is it, or why is there none?", required="Enter where it is, or why there is none")
    evidence = forms.ModelChoiceField(
        label="Which evidence of the review is it? (optional)", queryset=Evidence.objects.none(), required=False, empty_label="None"
    )

    def __init__(self, *args: Any, request: DocumentRequest, seen: "QuerySet[Evidence]", **options: Any) -> None:
        super().__init__(*args, **options)
        only(self, "evidence", seen.filter(review=request.inspection.review_id))


class RecordInterviewForm(forms.Form):
    """Record what was said."""

    notes = words_field("What was said?", required="Enter what was said", help_text="Only the inspectors read it.", rows=8)
    held_on = DatePartsField(label="On which day?", help_text=HINT, what="the day of the talk")


class GradeForm(forms.Form):
    """Grade a criterion."""

    grade = forms.ChoiceField(label="Which grade?", widget=forms.RadioSelect, error_messages={"required": "Select a grade"})
    reason = words_field("Why this grade?", required="Enter why", help_text="It stands beside the grade in the report.")
    speaks_for = words_field("What speaks for the service? (optional)")
    speaks_against = words_field("What speaks against it? (optional)")
    sources = forms.MultipleChoiceField(
        label="What does the grade rest on? (optional)", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, judgement: JudgementFrame, sources: Mapping[str, Interview | DocumentRequest | Evidence], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.offered = sources
        meant = [(grade.name, f"{grade.name.capitalize()}. {grade.means}".strip()) for grade in judgement.scale]
        cast("forms.ChoiceField", self.fields["grade"]).choices = [
            *meant,
            (NO_DATA, "No data: it was looked at, and nothing could be seen"),
        ]
        cast("forms.MultipleChoiceField", self.fields["sources"]).choices = [(key, _named(each)) for key, each in sources.items()]
        if not sources:
            del self.fields["sources"]

    def clean_grade(self) -> str:
        """The grade; "" for no data."""
        chosen: str = self.cleaned_data["grade"]
        return "" if chosen == NO_DATA else chosen

    def clean_sources(self) -> list[Interview | DocumentRequest | Evidence]:
        """The things themselves."""
        return [self.offered[key] for key in self.cleaned_data["sources"]]


class ParagraphForm(forms.Form):
    """Add a paragraph."""

    kind = choice_field("What is it?", ParagraphKind.choices, required="Select what it is")
    text = words_field("What does it say?", required="Enter the text", rows=6)
    addressed_to = body_field("Who is to act? (for a recommendation)", required="")
    reason = words_field("Why is it added? (once the bodies have the draft)")

    def __init__(self, *args: Any, inspection: Inspection, **options: Any) -> None:
        super().__init__(*args, **options)
        only(self, "addressed_to", inspected_bodies(inspection))

    def clean_kind(self) -> ParagraphKind:
        """The kind."""
        return ParagraphKind(self.cleaned_data["kind"])


class RewordForm(forms.Form):
    """Change a paragraph."""

    read = read_field()
    text = words_field("What does it say?", help_text="Leave it empty to withdraw the paragraph; its number is not given again.", rows=8)
    reason = words_field("Why? (once the bodies have the draft)")


class CommentForm(forms.Form):
    """Comment on a paragraph's facts."""

    text = words_field("What is not right, and where can it be seen?", required="Enter what is not right")
    wording = words_field("What should it say? (optional)")


class DisposeForm(forms.Form):
    """Answer a comment."""

    outcome = choice_field("What becomes of it?", Outcome.choices, required="Select what becomes of it")
    reason = words_field("Why?", required="Enter why")

    def clean_outcome(self) -> Outcome:
        """The outcome."""
        return Outcome(self.cleaned_data["outcome"])


class PackForm(forms.Form):
    """A review's pack for its inspectors."""

    format = choice_field(
        "In which format?",
        (("pdf", "PDF: to print and to keep"), ("html", "HTML: to read on the web"), ("docx", "Word: to work on")),
        required="Select a format",
    )


def _named(source: Interview | DocumentRequest | Evidence) -> str:
    if isinstance(source, Interview):
        return f"{source.reference} Talk with {source.whom}"
    if isinstance(source, DocumentRequest):
        return f"{source.reference} {source.text}"
    return f"{source.reference} {source.title}"
