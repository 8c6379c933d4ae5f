"""The form that starts a programme."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from bestvalue.record.bodies.models import Body
from bestvalue.site.forms.delivery import line_field


class ProgrammeForm(forms.Form):
    """Start the programme of a year."""

    title = line_field("What is it called?", help_text="For example, Best value reviews 2027.", required="Enter what it is called")
    year = forms.IntegerField(
        label="Of which year?",
        min_value=1999,
        max_value=2199,
        error_messages={"required": "Enter the year", "invalid": "Enter a year, such as 2027"},
    )
    authority = forms.ModelChoiceField(
        label="Which authority commissions the reviews?",
        queryset=Body.objects.none(),
        empty_label="Select an authority",
        error_messages={"required": "Select the authority"},
    )
    reviews_a_year = forms.IntegerField(
        label="How many reviews does it mean to select?",
        help_text="More are warned of, and not refused.",
        min_value=1,
        max_value=50,
        error_messages={"required": "Enter how many", "invalid": "Enter a number, such as 2"},
    )

    def __init__(self, *args: Any, authorities: QuerySet[Body], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Body]", self.fields["authority"]).queryset = authorities
