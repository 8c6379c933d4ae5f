"""Recommendations of our own reviews: what is asked, of whom, resting on what; what it costs and brings, and by what it is seen to work."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.boundfield import BoundField

from bestvalue.analysis.pence import PENCE_A_POUND
from bestvalue.record.bodies.models import Body
from bestvalue.record.delivery.models import COSTING, MOST_PENCE, Costing, pounds_words
from bestvalue.record.reviews.models import Finding
from bestvalue.site.forms.delivery import line_field, words_field

PARTS = (
    ("", ("text", "findings", "addressed_body")),
    ("What it costs", ("one_off_cost_pence", "cost_a_year_pence", "staffing_fte", "cost_text")),
    ("What it brings", ("cashable_a_year_pence", "saving_text", "non_cashable_text")),
    ("By what anyone will see that it worked", ("measure", "measure_unit", "baseline", "target_value")),
)
"""The questions as a reader takes them in, each group with its heading."""


class PoundsField(forms.Field):
    """An amount typed in pounds and kept in pence. Empty means that nobody knows; 0 is an answer.

    Args:
        what: the amount in the words of the messages: "what it costs once".
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10", "autocomplete": "off"})

    def __init__(self, *, what: str, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.what = what

    def prepare_value(self, value: Any) -> Any:
        """Pence of the record as pounds; what was typed stays as it was typed."""
        return pounds_words(value).replace("£", "").replace(",", "") if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """The amount in pence.

        Raises:
            ValidationError: it is no amount in pounds and pence.
        """
        typed = str(value or "").strip().replace("£", "").replace(",", "").replace(" ", "")
        if not typed:
            return None
        try:
            pence = Decimal(typed) * PENCE_A_POUND
        except InvalidOperation:
            pence = Decimal("NaN")
        if not pence.is_finite() or abs(pence) > MOST_PENCE or pence != pence.to_integral_value():
            raise ValidationError(f"Enter {self.what} in pounds, such as 12,000 or 3400.50")
        if pence < 0:
            raise ValidationError(f"Enter {self.what} as 0 or more: neither a cost nor a saving is below nothing")
        return int(pence)

    @staticmethod
    def in_words(value: int) -> str:
        """An amount of the record as a reader knows it."""
        return pounds_words(value)


def number_field(label: str, *, help_text: str = "", decimal_places: int = 4, max_digits: int = 16) -> forms.DecimalField:
    """A number that may be left out."""
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=False,
        max_digits=max_digits,
        decimal_places=decimal_places,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-10", "step": "any"}),
        error_messages={"invalid": "Enter a number, such as 71 or 4.5"},
    )


class AskedFields(forms.Form):
    """What is asked, and of whom."""

    text = words_field(
        "What is asked?", required="Enter what is asked", help_text="One thing that somebody can do and others can see done.", rows=4
    )
    addressed_body = forms.ModelChoiceField(
        label="Who is to act? (optional)", queryset=Body.objects.none(), required=False, empty_label="Nobody named"
    )


class CostingFields(forms.Form):
    """What it costs and brings, and by what it is seen to work. All of it may be left open; what is open is shown as not costed."""

    template_name = "forms/parts.html"

    one_off_cost_pence = PoundsField(
        label="What does it cost once, in pounds? (optional)",
        help_text="Enter 0 if it costs nothing once; leave it empty if nobody knows yet.",
        what="what it costs once",
    )
    cost_a_year_pence = PoundsField(label="What does it cost each year, in pounds? (optional)", what="what it costs each year")
    staffing_fte = number_field(
        "How many full-time posts more does it need? (optional)",
        help_text="Below 0 where it needs fewer: -1.5 for one and a half posts fewer.",
        decimal_places=2,
        max_digits=8,
    )
    cost_text = words_field(
        "What is there to say about the cost? (optional)", help_text="From what the figures come, and what they leave out."
    )
    cashable_a_year_pence = PoundsField(
        label="How much money can be taken out of the budget each year because of it, in pounds? (optional)",
        help_text="Only what is cashable: a post, overtime or a contract that is paid no longer.",
        what="what can be taken out of the budget each year",
    )
    saving_text = words_field("What is there to say about the saving? (optional)")
    non_cashable_text = words_field(
        "What does it bring that is no money? (optional)", help_text="Time, quality, safety or trust: a benefit, but no saving."
    )
    measure = line_field("What is measured? (optional)", help_text="For example, share of bids answered in a week")
    measure_unit = line_field("Unit of the measure", help_text="Needed with a measure. For example, %, hours or bids", longest=50)
    baseline = number_field("Value today", help_text="Leave it empty if nobody has measured it yet.")
    target_value = number_field("Value that shows that it has worked", help_text="Needed with a measure.")

    def parts(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The questions in groups, each group with its heading."""
        for heading, names in PARTS:
            asked = [self[one] for name in names for one in (f"keep_{name}", name) if one in self.fields]
            if asked:
                yield heading, asked

    def costing(self) -> Costing:
        """What was said of it."""
        return Costing(**{name: self.cleaned_data[name] for name in COSTING})


class RecommendationForm(AskedFields, CostingFields):
    """Draft a recommendation from findings."""

    findings = forms.ModelMultipleChoiceField(
        label="Which findings does it rest on?",
        help_text="A recommendation rests on at least one finding of its review.",
        queryset=Finding.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one finding"},
    )
    field_order = tuple(name for _, names in PARTS for name in names)

    def __init__(self, *args: Any, findings: QuerySet[Finding], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelMultipleChoiceField[Finding]", self.fields["findings"]).queryset = findings
        cast("forms.ModelChoiceField[Body]", self.fields["addressed_body"]).queryset = Body.objects.order_by("name")
