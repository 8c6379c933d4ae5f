"""Forms of bodies and the places in them."""

from typing import Any

from django import forms

from bestvalue.record.bodies.models import Body, BodyKind, Person, Role
from bestvalue.site.forms.dates import DatePartsField

DATE_HINT = "For example, 27 3 2026"


class BodyForm(forms.Form):
    """Record a body."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the name"})
    short_name = forms.CharField(label="Short name (optional)", max_length=50, required=False)
    kind = forms.ChoiceField(
        label="What kind of body is it?", choices=BodyKind.choices, widget=forms.RadioSelect, error_messages={"required": "Select its kind"}
    )
    parent = forms.ModelChoiceField(
        label="Which body is it part of? (optional)", queryset=Body.objects.all(), required=False, empty_label="None: it stands alone"
    )

    def clean_kind(self) -> BodyKind:
        """The kind."""
        return BodyKind(self.cleaned_data["kind"])


class MemberForm(forms.Form):
    """Give somebody a place in a body: a person who is known already, or a new one."""

    person = forms.ModelChoiceField(
        label="Who? (if they are known here already)", queryset=Person.objects.all(), required=False, empty_label="Somebody new"
    )
    name = forms.CharField(label="Name (if they are new)", max_length=200, required=False)
    email = forms.EmailField(label="E-mail address (optional)", required=False, error_messages={"invalid": "Enter an e-mail address"})
    role = forms.ChoiceField(
        label="As what?", choices=Role.choices, widget=forms.RadioSelect, error_messages={"required": "Select the role"}
    )
    starts = DatePartsField(label="First day", help_text=f"Access begins with it. {DATE_HINT}", what="the first day")
    ends = DatePartsField(
        label="Last day of the term of office (optional)",
        help_text=f"Access ends with it. {DATE_HINT}",
        what="the last day",
        required=False,
    )

    def clean_role(self) -> Role:
        """The role."""
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        """A known person or a new name, not both and not neither."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("person")) == bool(str(cleaned.get("name", "")).strip()):
            self.add_error("name", "Select a person, or enter the name of somebody new")
        return cleaned


class EndForm(forms.Form):
    """End a membership."""

    on = DatePartsField(label="Last day", help_text=f"Access from this place ends with it. {DATE_HINT}", what="the last day")
