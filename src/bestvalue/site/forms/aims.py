"""Forms of aims and strands."""

from django import forms

from bestvalue.record.reviews.models import Direction
from bestvalue.site.forms.dates import DatePartsField
from bestvalue.site.forms.delivery import line_field, words_field
from bestvalue.site.forms.edits import EditForm


def _direction() -> forms.ChoiceField:
    choices = [("", "Not said"), *Direction.choices]
    return forms.ChoiceField(label="Which way is better? (optional)", choices=choices, required=False)


def _value(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=16, decimal_places=4, error_messages={"invalid": "Enter a number, such as 71 or 4.5"}
    )


class AimForm(forms.Form):
    """Add an aim."""

    text = words_field("What is to be achieved?", required="Enter what is to be achieved")
    measure = line_field("What will show it? (optional)", help_text="A measure, such as share of calls answered in time.")
    unit = line_field("Unit of the measure (optional)", help_text="Such as %, hours or pounds.", longest=50)
    baseline = _value("Value today (optional)")
    target = _value("Value when it is achieved (optional)")
    direction = _direction()
    due = DatePartsField(label="By when? (optional)", help_text="For example, 27 3 2026", what="the day", required=False)


class EditAimForm(EditForm):
    """Word or measure an aim anew."""

    text = words_field("What is to be achieved?", required="Enter what is to be achieved")
    measure = line_field("What will show it? (optional)")
    unit = line_field("Unit of the measure (optional)", longest=50)
    baseline = _value("Value today (optional)")
    target = _value("Value when it is achieved (optional)")
    direction = _direction()
    due = DatePartsField(label="By when? (optional)", help_text="For example, 27 3 2026", what="the day", required=False)


class WithdrawAimForm(forms.Form):
    """Withdraw an aim."""

    reason = words_field("Why is it withdrawn?", required="Enter why it is withdrawn")


class WithdrawStrandForm(forms.Form):
    """Withdraw a strand."""

    reason = words_field("Why does the review drop it?", required="Enter why the review drops it")


class StrandForm(forms.Form):
    """Add a strand."""

    name = line_field("What is the strand called?", required="Enter the name of the strand")
    question = words_field("Which question does it ask?", required="Enter the question")
