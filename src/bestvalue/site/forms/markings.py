"""Forms of markings and of the groups of those who need to know."""

from typing import Any, cast

from django import forms
from django.core import signing
from django.db.models import QuerySet

from bestvalue.record.bodies.models import Person
from bestvalue.record.reviews.models import Marking, NeedToKnowGroup
from bestvalue.record.row_versions import EditedMeanwhileError
from bestvalue.site.forms.delivery import line_field, words_field

MARKED = ("marking", "group", "descriptor", "handling")
"""The fields that a marking is made of."""


def group_field() -> "forms.ModelChoiceField[NeedToKnowGroup]":
    """Which group may read what is sensitive."""
    return forms.ModelChoiceField(
        label="If it is OFFICIAL-SENSITIVE: which group may read it? (optional)",
        help_text="Named people only. Without a group you alone read it, until you add others.",
        queryset=NeedToKnowGroup.objects.none(),
        required=False,
        empty_label="No group yet",
    )


def handling_field() -> forms.CharField:
    """What whoever reads it must keep to."""
    return line_field(
        "Handling instruction (optional)", help_text="For example, do not print, or do not forward outside the force.", longest=300
    )


class MarkForm(forms.Form):
    """Mark something anew. It carries, signed, the marking that was read."""

    read = forms.CharField(widget=forms.HiddenInput, required=False)

    marking = forms.ChoiceField(
        label="Marking",
        help_text="Nothing above OFFICIAL may be kept here. Take what is SECRET or TOP SECRET off this system: tell your security team.",
        choices=Marking.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the marking"},
    )
    descriptor = line_field("Descriptor (optional)", help_text="For example, PERSONAL DATA or COMMERCIAL.", longest=50)
    group = group_field()
    handling = handling_field()
    reason = words_field("Why? (needed to lower a marking)", rows=2)

    def __init__(self, data: Any, *, row: Any, groups: QuerySet[NeedToKnowGroup]) -> None:
        first = {field: getattr(row, field) for field in MARKED}
        super().__init__(data, initial={**first, "read": read_of(row)})
        field = cast("forms.ModelChoiceField[NeedToKnowGroup]", self.fields["group"])
        field.queryset, field.help_text = groups, "Named people only, of whom you are one."

    def clean_marking(self) -> Marking:
        """The marking."""
        return Marking(self.cleaned_data["marking"])

    def clean_read(self) -> dict[str, Any] | None:
        """The marking that was read; None where a program did not say."""
        try:
            return dict(signing.loads(self.cleaned_data["read"])) if self.cleaned_data["read"] else None
        except signing.BadSignature as cause:
            raise forms.ValidationError("Open the page anew: what it carried is not what was sent with it") from cause

    def read_after(self, met: EditedMeanwhileError) -> str:
        """What the form carries once what the other wrote has been read."""
        return read_of(met.row)


def read_of(row: Any) -> str:
    """The marking of a row, signed, as a form carries it."""
    said = {field: getattr(row, field) for field in MARKED}
    return signing.dumps({field: value.pk if isinstance(value, NeedToKnowGroup) else value for field, value in said.items()})


class GroupForm(forms.Form):
    """Name some people who need to know something that others may not."""

    name = line_field("What is the group called?", required="Enter the name of the group", longest=100)
    need = words_field("What do its people need to know, and what for?", required="Enter what they need to know, and what for")
    people = forms.ModelMultipleChoiceField(
        label="Who is in it, besides you?", queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelMultipleChoiceField[Person]", self.fields["people"]).queryset = people


class JoinForm(forms.Form):
    """Let somebody read what a group may read."""

    person = forms.ModelChoiceField(
        label="Who?", queryset=Person.objects.none(), empty_label="Select a person", error_messages={"required": "Select the person"}
    )
    reason = words_field("What do they need to know, and what for?", required="Enter what they need to know, and what for", rows=2)

    def __init__(self, *args: Any, people: QuerySet[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Person]", self.fields["person"]).queryset = people


class LeaveForm(forms.Form):
    """Somebody no longer needs to know."""

    reason = words_field("Why?", required="Enter why they no longer need to know", rows=2)
