"""The filter of the register."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from bestvalue.record.bodies.models import Body
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.site.forms.dates import DatePartsField

ANY = ("", "All")
OPEN = "open"


class RegisterFilter(forms.Form):
    """Which recommendations to list. Everything may be left open."""

    issuer = forms.ChoiceField(label="Made by", required=False)
    body = forms.ChoiceField(label="About", required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[ANY, (OPEN, "Open: somebody still has to act"), *((status.value, status.label) for status in Status)],
    )
    words = forms.CharField(label="Words in it", required=False, max_length=100)
    sort = forms.ChoiceField(
        label="In order of", required=False, choices=[("", "Maker, report and number"), ("newest", "Newest first"), ("status", "Status")]
    )

    def __init__(self, data: Mapping[str, Any] | None, *, issuers: Iterable[Body], bodies: Iterable[Body]) -> None:
        super().__init__(data)
        for name, listed in (("issuer", issuers), ("body", bodies)):
            cast(forms.ChoiceField, self.fields[name]).choices = [ANY, *((str(body.pk), body.name) for body in listed)]


class StatusForm(forms.Form):
    """Record how a recommendation stands from a day on."""

    status = forms.ChoiceField(
        label="How does it stand now?", widget=forms.RadioSelect, error_messages={"required": "Select how it stands now"}
    )
    on = DatePartsField(label="From which day?", help_text="For example, 27 3 2026", what="the day")
    note = forms.CharField(
        label="Why? (optional for “Accepted”)",
        help_text="A reason is needed when it is not, or not wholly, accepted, and when it is withdrawn.",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, statuses: Iterable[Status]) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["status"]).choices = [(status.value, status.label) for status in statuses]

    def clean_status(self) -> Status:
        """The status."""
        return Status(self.cleaned_data["status"])
