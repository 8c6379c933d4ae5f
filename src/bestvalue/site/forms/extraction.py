"""Forms of checking what was read in a report: accept or correct, split, merge, dismiss."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms

from bestvalue.record.delivery.extracted import Worded
from bestvalue.record.inspections.models import Extracted, Paragraph
from bestvalue.site.forms.delivery import line_field, words_field


class NumberedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's field takes no type at run time
    """A choice of paragraphs or recommendations by their number and their first words."""

    def label_from_instance(self, obj: Any) -> str:
        """The number and the first words."""
        return f"{obj.number} {obj.text[:80]}"


class AcceptForm(forms.Form):
    """Accept it, as it is or corrected."""

    number = line_field("Its number in the report", required="Enter its number", longest=80)
    text = words_field("What it asks", required="Enter what it asks", rows=6)
    paragraph = NumberedChoice(
        label="Which paragraph argues it?", queryset=Paragraph.objects.none(), required=False, empty_label="The report does not tell"
    )
    reason = words_field("What was wrong, if anything? (optional)", rows=2)

    def __init__(self, data: Mapping[str, Any] | None, *, extracted: Extracted) -> None:
        super().__init__(data, initial={"number": extracted.number, "text": extracted.text, "paragraph": extracted.paragraph_id})
        cast("NumberedChoice", self.fields["paragraph"]).queryset = extracted.report.paragraphs.only("pk", "number", "text")


class SplitForm(forms.Form):
    """Split it into two."""

    first_number = line_field("Number of the first", required="Enter the number of the first", longest=80)
    first_text = words_field("What the first asks", required="Enter what the first asks", rows=4)
    second_number = line_field("Number of the second", required="Enter the number of the second", longest=80)
    second_text = words_field("What the second asks", required="Enter what the second asks", rows=4)

    def __init__(self, data: Mapping[str, Any] | None, *, extracted: Extracted) -> None:
        first = {"first_number": f"{extracted.number}a", "second_number": f"{extracted.number}b"}
        super().__init__(data, initial={**first, "first_text": extracted.text, "second_text": extracted.text})

    def parts(self) -> list[Worded]:
        """Both parts."""
        said = self.cleaned_data
        return [Worded(number=said[f"{each}_number"], text=said[f"{each}_text"]) for each in ("first", "second")]


class MergeForm(forms.Form):
    """Merge it into another."""

    into = NumberedChoice(
        label="Into which recommendation?",
        queryset=Extracted.objects.none(),
        empty_label="Select a recommendation",
        error_messages={"required": "Select a recommendation"},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, extracted: Extracted) -> None:
        super().__init__(data)
        cast("NumberedChoice", self.fields["into"]).queryset = extracted.report.extracted.exclude(pk=extracted.pk)


class DismissForm(forms.Form):
    """Say that it is no recommendation."""

    reason = words_field("What is it instead?", required="Enter what it is instead")
