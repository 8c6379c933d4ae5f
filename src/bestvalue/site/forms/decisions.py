"""Forms of decisions: put a question to a body, record what it decided, say who takes part."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.reviews.life_cycle import Edge, Gate, Outcome, Part
from bestvalue.site.forms.dates import DatePartsField

DATE_HINT = "For example, 27 3 2026"


class AskForm(forms.Form):
    """Put a question to the body that decides it."""

    gate = forms.ChoiceField(
        label="What is to be decided?", widget=forms.RadioSelect, error_messages={"required": "Select what is to be decided"}
    )
    due = DatePartsField(label="By which day?", help_text=DATE_HINT, what="the day by which it is due")

    def __init__(self, *args: Any, edges: Iterable[Edge], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ChoiceField, self.fields["gate"]).choices = [
            (edge.gate.value, f"{edge.decided_by.label}: {edge.gate.label}") for edge in edges
        ]

    def clean_gate(self) -> Gate:
        """The question."""
        return Gate(self.cleaned_data["gate"])


class TakeForm(forms.Form):
    """Record what a body decided."""

    outcome = forms.ChoiceField(
        label="What did it decide?",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what it decided"},
    )
    taken_on = DatePartsField(label="On which day?", help_text=DATE_HINT, what="the day of the decision")
    minute = forms.CharField(
        label="Where does the minute stand?",
        help_text="For example, Minutes of 3 March 2026, item 4.",
        max_length=200,
        error_messages={"required": "Enter where the minute stands"},
    )
    reason = forms.CharField(
        label="Why? (optional when agreed)",
        help_text="A reason is needed when it is returned, refused or deferred, and for a withdrawal or a new scope.",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    attended = forms.ModelMultipleChoiceField(
        label="Who attended?",
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select who attended"},
    )
    deferred_to = DatePartsField(
        label="If deferred: to which day? (optional)", help_text=DATE_HINT, what="the day to which it is deferred", required=False
    )

    def __init__(self, *args: Any, members: Sequence[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = members
        everyone = Person.objects.filter(pk__in=[member.pk for member in members])
        cast("forms.ModelMultipleChoiceField[Person]", self.fields["attended"]).queryset = everyone
        for member in members:
            self.fields[f"interest_{member.pk}"] = forms.CharField(
                label=f"Interest that {member.name} declared (optional)", required=False, max_length=500
            )

    def clean_outcome(self) -> Outcome:
        """The outcome."""
        return Outcome(self.cleaned_data["outcome"])

    def clean(self) -> dict[str, object]:
        """The interests by member, beside the rest."""
        cleaned = super().clean() or self.cleaned_data
        said = {member: str(cleaned.pop(f"interest_{member.pk}", "")).strip() for member in self.members}
        return {**cleaned, "interests": {member: interest for member, interest in said.items() if interest}}


class PartForm(forms.Form):
    """Say that a body takes part in a review."""

    part = forms.ChoiceField(
        label="As what?", choices=Part.choices, widget=forms.RadioSelect, error_messages={"required": "Select as what"}
    )
    body = forms.ModelChoiceField(
        label="Which body?", queryset=Body.objects.all(), empty_label="Select a body", error_messages={"required": "Select the body"}
    )

    def clean_part(self) -> Part:
        """The part."""
        return Part(self.cleaned_data["part"])
