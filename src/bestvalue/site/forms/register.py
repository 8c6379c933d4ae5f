"""The filter of the register."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.models import Colour
from bestvalue.site.forms.dates import DatePartsField

ANY = ("", "All")
OPEN = "open"
NOBODY = "nobody"
"""Chosen as owner or lead: those that nobody owns or leads yet."""
Offered = tuple[int, str]
"""A row that can be chosen: its key and its name."""
WATCHED = {
    "ours": "Await your body",
    "requested": "Completion requested",
    "late": "Past an agreed date",
    "missed": "Update missed",
    "transferred": "Offered or handed over",
    "uncosted": "Of our reviews, not costed yet",
}
"""What a recommendation can wait for, or be watched for."""


AGES = {
    "0": ("Made in the last 6 months", 0, 182),
    "1": ("6 to 12 months ago", 183, 365),
    "2": ("1 to 2 years ago", 366, 730),
    "3": ("More than 2 years ago", 731, None),
}
"""How long ago it was made: words, and the days from and to, both included."""


class RegisterFilter(forms.Form):
    """Which recommendations to list. Everything may be left open."""

    issuer = forms.ChoiceField(label="Made by", required=False)
    body = forms.ChoiceField(label="About", required=False)
    review = forms.ChoiceField(label="Of our review", required=False)
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[ANY, (OPEN, "Open: somebody still has to act"), *((status.value, status.label) for status in Status)],
    )
    rating = forms.ChoiceField(label="Colour", required=False, choices=[ANY, *Colour.choices])
    watch = forms.ChoiceField(label="Waiting or watched", required=False, choices=[ANY, *WATCHED.items()])
    kind = forms.ChoiceField(label="Kind", required=False, choices=[ANY, *Kind.choices])
    owner = forms.ChoiceField(label="Owned by", required=False)
    lead = forms.ChoiceField(label="Led by", required=False)
    age = forms.ChoiceField(label="Age", required=False, choices=[ANY, *((age, words) for age, (words, _, _) in AGES.items())])
    as_at = forms.CharField(
        label="As it stood on", help_text="Year, month and day: 2005-03-01. Empty for today.", required=False, max_length=10
    )
    words = forms.CharField(label="Words in it", required=False, max_length=100)
    sort = forms.ChoiceField(
        label="In order of",
        required=False,
        choices=[
            ("", "Maker, report and number"),
            ("newest", "Newest first"),
            ("status", "Status"),
            ("late", "Earliest agreed date first"),
            ("slipped", "Most slipped first"),
        ],
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        issuers: Iterable[Offered],
        bodies: Iterable[Offered],
        owners: Iterable[Offered],
        leads: Iterable[Offered],
        reviews: Iterable[Offered],
    ) -> None:
        super().__init__(data)
        offered: dict[str, Iterable[Offered]] = {"issuer": issuers, "body": bodies, "owner": owners, "lead": leads, "review": reviews}
        for name, listed in offered.items():
            nobody = [(NOBODY, "Nobody yet")] if name in ("owner", "lead") else []
            cast(forms.ChoiceField, self.fields[name]).choices = [ANY, *nobody, *((str(pk), words) for pk, words in listed)]


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


class ForecastPlanForm(forms.Form):
    """Forecast a plan; nothing is asked, but rules may be broken."""


class RespondForm(forms.Form):
    """Issue the response to a report."""

    formats = forms.MultipleChoiceField(
        label="In which formats?",
        choices=(("html", "HTML: to read on the web"), ("pdf", "PDF: to print and to keep"), ("docx", "Word: to work on")),
        initial=["html", "pdf"],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one format"},
    )


class PackForm(forms.Form):
    """A board's pack."""

    since = DatePartsField(label="When did the board last meet?", help_text="For example, 27 3 2026", what="the day of the last meeting")
    format = forms.ChoiceField(
        label="In which format?",
        choices=(("pdf", "PDF"), ("docx", "Word"), ("html", "HTML")),
        widget=forms.RadioSelect,
        error_messages={"required": "Select the format"},
    )
