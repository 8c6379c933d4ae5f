"""A date in three boxes: day, month, year. People know such dates by heart; a calendar would make them search."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

PARTS = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))


class DateParts(forms.Widget):
    """Three inputs, named `field_day`, `field_month` and `field_year`."""

    template_name = "forms/date.html"
    use_fieldset = True

    def id_for_label(self, id_: str | None) -> str:  # noqa: ARG002 - the error summary links to the first box instead
        """No one box is the date."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The boxes with what was typed into them."""
        context = super().get_context(name, value, attrs)
        typed = self._typed(value)
        own = context["widget"]["attrs"].get("id", name)
        context["widget"]["parts"] = [
            {"name": f"{name}_{part}", "id": f"{own}_{place}", "label": label, "width": width, "value": typed[place]}
            for place, (part, label, width) in enumerate(PARTS)
        ]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, ...]:  # noqa: ARG002
        """The three texts, as typed."""
        return tuple(str(data.get(f"{name}_{part}", "")).strip() for part, _, _ in PARTS)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        """Whether the form was sent without these boxes."""
        return not any(f"{name}_{part}" in data for part, _, _ in PARTS)

    @staticmethod
    def _typed(value: Any) -> tuple[str, ...]:
        if isinstance(value, date):
            return str(value.day), str(value.month), str(value.year)
        return tuple(value) if value else ("", "", "")


class DatePartsField(forms.Field):
    """A date typed as day, month and year.

    Args:
        what: the date in the words of the messages: "the date of the evidence".
    """

    widget = DateParts

    def __init__(self, *, what: str, **options: Any) -> None:
        super().__init__(**options)
        self.what = what

    def clean(self, value: Any) -> date | None:
        """The date.

        Raises:
            ValidationError: it is missing, incomplete or not in the calendar; the message names what is wrong.
        """
        typed = value or ("", "", "")
        if not any(typed):
            if self.required:
                raise ValidationError(f"Enter {self.what}")
            return None
        for (_, label, _), text in zip(PARTS, typed, strict=True):
            if not text:
                raise ValidationError(f"{self.what[0].upper()}{self.what[1:]} must include a {label.lower()}")
        try:
            day, month, year = (int(text) for text in typed)
            return date(year, month, day)
        except ValueError as cause:
            raise ValidationError(f"{self.what[0].upper()}{self.what[1:]} must be a real date, such as 27 3 2026") from cause
