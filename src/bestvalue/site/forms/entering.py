"""The form by which a recommendation of any issuer is entered."""

from typing import Any

from django import forms

from bestvalue.record.bodies.models import Body, BodyKind
from bestvalue.record.delivery.kinds import FACTS, Kind
from bestvalue.site.forms.dates import DatePartsField


class EnterForm(forms.Form):
    """One recommendation of a report that is not in the library."""

    issuer = forms.ModelChoiceField(
        label="Who made it?",
        help_text="An inspectorate, an auditor, the IOPC, a coroner, or any other body.",
        queryset=Body.objects.none(),
        empty_label="Select a body, or name a new one below",
        required=False,
    )
    new_issuer = forms.CharField(label="Name of a body that is not listed (optional)", required=False, max_length=200)
    new_issuer_kind = forms.ChoiceField(
        label="What kind of body is it? (for a new one)", choices=[("", "Select a kind"), *BodyKind.choices], required=False
    )
    report_title = forms.CharField(
        label="Title of the report that it stands in", max_length=200, error_messages={"required": "Enter the title of the report"}
    )
    made_on = DatePartsField(
        label="When was the report published? (optional)", help_text="For example, 27 3 2026", what="the day", required=False
    )
    number = forms.CharField(label="Its number in the report", max_length=80, error_messages={"required": "Enter its number"})
    kind = forms.ChoiceField(
        label="What kind is it?",
        choices=[(kind.value, f"{kind.label}: {facts.means}") for kind, facts in FACTS.items()],
        widget=forms.RadioSelect,
        initial=Kind.RECOMMENDATION.value,
        error_messages={"required": "Select its kind"},
    )
    text = forms.CharField(
        label="What is asked?",
        help_text="Word for word, as the report has it.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Enter what is asked"},
    )
    asked_of = forms.ModelChoiceField(
        label="To whom is it addressed? (optional)", queryset=Body.objects.none(), empty_label="The report does not say", required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("issuer", "asked_of"):
            self.fields[name].queryset = Body.objects.order_by("name")  # type: ignore[attr-defined]  # both are fields of models

    def clean(self) -> dict[str, Any]:
        """One issuer: a known body, or a new one with its kind."""
        said = super().clean() or {}
        new = str(said.get("new_issuer") or "").strip()
        if bool(said.get("issuer")) == bool(new):
            self.add_error("issuer", "Select who made it, or name a new body, and not both")
        if new and not said.get("new_issuer_kind"):
            self.add_error("new_issuer_kind", "Select what kind of body it is")
        return said
