"""Forms of the register of good practice: describe it, say who took it up, say what came of it."""

from django import forms

from bestvalue.record.bodies.models import Body
from bestvalue.record.practice.models import Worked
from bestvalue.site.forms.dates import DatePartsField
from bestvalue.site.forms.delivery import choice_field, line_field, words_field

HINT = "For example, 27 3 2026"


class DescribeForm(forms.Form):
    """Describe a practice."""

    title = line_field("What is done, in a few words?", required="Enter what is done")
    service = line_field("Of which service is it?", required="Enter the service", help_text="Reviews of like services are shown it.")
    where_seen = line_field("Where does it work?", required="Enter where it works", help_text="The body, force or place.")
    conditions = words_field("What does it need to work?", required="Enter what it needs to work", help_text="People, money, law, trust.")
    evidence = words_field("What shows that it works?", required="Enter what shows that it works")


class TakeUpForm(forms.Form):
    """Say who took it up."""

    body = forms.ModelChoiceField(
        label="Which body took it up?",
        queryset=Body.objects.all(),
        empty_label="Select a body",
        error_messages={"required": "Select the body"},
    )
    on = DatePartsField(label="From which day?", help_text=HINT, what="the day")
    how = words_field("How? What is done otherwise there?", required="Enter how")


class ResultForm(forms.Form):
    """Say what came of it."""

    worked = choice_field("Did it work?", Worked.choices, required="Select whether it worked")
    text = words_field("What came of it?", required="Enter what came of it", help_text="Say what it was measured by.")
    on = DatePartsField(label="As at which day?", help_text=HINT, what="the day")

    def clean_worked(self) -> Worked:
        """What came of it."""
        return Worked(self.cleaned_data["worked"])
