"""Forms of delivery: one for each thing that can be said about a recommendation or an action."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.db.models import QuerySet

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import Cause, State, settable_after_state
from bestvalue.record.delivery.models import Action, Basis, Delivered, MoneyKind, Outcome, Seen, recommendation_of
from bestvalue.site.forms.dates import DatePartsField

HINT = "For example, 27 3 2026"


def words_field(label: str, *, required: str = "", help_text: str = "", rows: int = 3) -> forms.CharField:
    """A box for some sentences; `required` is the message when it is left empty, and empty where it may be."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required},
    )


def line_field(label: str, *, required: str = "", help_text: str = "", longest: int = 200) -> forms.CharField:
    """A box for one line."""
    return forms.CharField(
        label=label, help_text=help_text, required=bool(required), max_length=longest, error_messages={"required": required}
    )


def choice_field(label: str, choices: Any, *, required: str) -> forms.ChoiceField:
    """Some choices of which one is made, all in sight."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": required})


def person_field(label: str, *, required: str = "", help_text: str = "") -> "forms.ModelChoiceField[Person]":
    """One person of the record."""
    return forms.ModelChoiceField(
        label=label,
        help_text=help_text,
        queryset=Person.objects.none(),
        empty_label="Select a person",
        required=bool(required),
        error_messages={"required": required},
    )


class ChangeForm(forms.Form):
    """What is said about one recommendation or action, on a day."""

    def __init__(self, data: Mapping[str, Any] | None, *, about: Delivered, today: date) -> None:
        super().__init__(data)
        self.about = about
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = self.choices_of(name)
            if isinstance(field, DatePartsField) and name in ("on", "decided_on", "tells_of"):
                field.initial = today
        if "result_digest" in self.fields:
            store = settings.WORKSPACE.store
            listed = [(digest, f"{store.get(digest).result.title} ({digest[:8]})") for digest in store.digests()]
            cast(forms.ChoiceField, self.fields["result_digest"]).choices = [("", "None"), *listed]

    def choices_of(self, name: str) -> QuerySet[Any]:
        """The rows that a field of this name offers."""
        if name in ("body", "to_body"):
            return Body.objects.order_by("name")
        return Person.objects.order_by("name")


class OwnForm(ChangeForm):
    """Who owns, leads and sponsors a recommendation."""

    body = forms.ModelChoiceField(
        label="Which body owns it?",
        help_text="It decides about dates and completion.",
        queryset=Body.objects.none(),
        empty_label="Select a body",
        error_messages={"required": "Select the body that owns it"},
    )
    lead = person_field("Who leads it?", required="Select who leads it", help_text="One person.")
    sponsor = person_field("Who stands behind the lead? (optional)", help_text="They are told when an update is missed.")
    on = DatePartsField(label="From which day?", help_text=HINT, what="the day")
    reason = words_field("Why does it change? (optional the first time)")


class ActionForm(ChangeForm):
    """A row of the improvement plan."""

    what = words_field("What is done?", required="Enter what is done", rows=2)
    why = words_field("Why does that help?", required="Enter why that helps", rows=2)
    how = words_field("How is it done?", required="Enter how it is done", rows=2)
    lead = person_field("Who leads it?", required="Select who leads it", help_text="One person.")
    starts = DatePartsField(label="When does it start?", help_text=HINT, what="the start")
    original_date = DatePartsField(
        label="When is it complete?", help_text=f"Set once: a later date is a decision of the owning body. {HINT}", what="the end"
    )
    target = words_field("By what will anyone see that it is done?", required="Enter its target", rows=2)
    measure = line_field("What is measured? (optional)", help_text="For example, share of bids answered in a week")
    measure_unit = line_field("Unit of the measure (optional)", longest=50)
    baseline = forms.DecimalField(label="Value today (optional)", required=False)
    target_value = forms.DecimalField(label="Value when it is done (optional)", required=False)


class StateForm(ChangeForm):
    """How an action stands."""

    state = choice_field("How does it stand?", [], required="Select how it stands")
    on = DatePartsField(label="From which day?", help_text=HINT, what="the day")
    note = words_field("What is there to say? (optional)")

    def __init__(self, data: Mapping[str, Any] | None, *, about: Delivered, today: date) -> None:
        super().__init__(data, about=about, today=today)
        follow = settable_after_state(about.state) if isinstance(about, Action) else ()
        cast(forms.ChoiceField, self.fields["state"]).choices = [(state.value, state.label) for state in follow]

    def clean_state(self) -> State:
        """The state."""
        return State(self.cleaned_data["state"])


class AgreedDateForm(ChangeForm):
    """A decision to move the agreed date."""

    to = DatePartsField(label="When is it to be complete now?", help_text=HINT, what="the new date")
    cause = choice_field("What is the cause?", Cause.choices, required="Select the cause")
    reason = words_field("Why?", required="Enter why the date moves")
    decided_on = DatePartsField(label="When was that decided?", help_text=HINT, what="the day of the decision")
    minute = line_field(
        "Where is it minuted?", required="Enter where the minute stands", help_text="For example, minute 12 of 3 March 2026"
    )

    def clean_cause(self) -> Cause:
        """The cause."""
        return Cause(self.cleaned_data["cause"])


class ForecastForm(ChangeForm):
    """When the lead expects to be done."""

    to = DatePartsField(label="When do you expect it to be complete?", help_text=f"It binds nobody; it warns. {HINT}", what="the date")
    on = DatePartsField(label="As of which day?", help_text=HINT, what="the day")
    note = words_field("What has changed? (optional)")


class DependencyForm(ChangeForm):
    """What an action waits for."""

    needs = forms.ModelChoiceField(
        label="Which action must be complete before this one begins?",
        queryset=Action.objects.none(),
        empty_label="Select an action",
        error_messages={"required": "Select an action"},
    )

    def choices_of(self, name: str) -> QuerySet[Any]:  # noqa: ARG002 - it has one field
        """The other actions of the same plan."""
        own = recommendation_of(self.about)
        plan = Action.objects.filter(recommendation__issuer=own.issuer_id, recommendation__report_slug=own.report_slug)
        return plan.exclude(pk=self.about.pk).select_related("recommendation").order_by("recommendation__order", "number")


class MoneyForm(ChangeForm):
    """What an action costs or saves in a year."""

    year = forms.IntegerField(
        label="In which financial year?",
        help_text="The year in which it begins: 2026 for 2026/27.",
        min_value=1999,
        max_value=2199,
        error_messages={"required": "Enter the year"},
    )
    kind = choice_field("What is it?", MoneyKind.choices, required="Select what it is")
    basis = choice_field("Is it planned, or has it come true?", Basis.choices, required="Select whether it is planned or realised")
    pounds = forms.DecimalField(
        label="How much, in pounds?",
        min_value=0,
        max_value=10**13,
        decimal_places=2,
        error_messages={"required": "Enter how much"},
    )
    on = DatePartsField(label="As of which day?", help_text=HINT, what="the day")

    def clean_kind(self) -> MoneyKind:
        """The kind."""
        return MoneyKind(self.cleaned_data["kind"])

    def clean_basis(self) -> Basis:
        """The basis."""
        return Basis(self.cleaned_data["basis"])


class UpdateForm(ChangeForm):
    """How it stands, in the lead's words."""

    text = words_field(
        "What has moved since the last update?", required="Enter what has moved", help_text="Updates are kept as they are given.", rows=5
    )
    on = DatePartsField(label="As of which day?", help_text=HINT, what="the day")


class EvidenceOfDeliveryForm(ChangeForm):
    """What shows that it was delivered."""

    kind = choice_field("What is it?", Seen.choices, required="Select what it is")
    title = line_field("Title", required="Enter the title", longest=300)
    text = words_field("What does it show?", required="Enter what it shows")
    result_digest = forms.ChoiceField(label="Which result shows it? (for data)", required=False)
    tells_of = DatePartsField(label="What day does it tell of?", help_text=f"Not the day that it is added. {HINT}", what="the day")

    def clean_kind(self) -> Seen:
        """The kind."""
        return Seen(self.cleaned_data["kind"])


class VerifyForm(ChangeForm):
    """Somebody other than the lead looked."""

    kind = choice_field("How did you look?", Seen.choices, required="Select how you looked")
    on = DatePartsField(label="When?", help_text=HINT, what="the day")
    where = line_field("Where? (for a visit)", longest=300)
    met = line_field("Whom did you meet? (for a visit)", help_text="Their role will do.", longest=300)
    result_digest = forms.ChoiceField(label="Which result shows it? (for data)", required=False)
    seen = words_field("What did you see?", required="Enter what you saw", rows=5)
    holds = choice_field(
        "Is it done?", [("yes", "Yes, I have seen it done"), ("no", "No, or not wholly")], required="Select whether it is done"
    )

    def clean_kind(self) -> Seen:
        """The kind."""
        return Seen(self.cleaned_data["kind"])

    def clean_holds(self) -> bool:
        """Whether it was seen to be done."""
        return bool(self.cleaned_data["holds"] == "yes")


class RequestForm(ChangeForm):
    """The lead asks for it to be accepted as complete."""

    text = words_field("What was done?", required="Enter what was done", help_text="The owning body reads this when it decides.", rows=4)
    on = DatePartsField(label="On which day do you request it?", help_text=HINT, what="the day")


class DecideForm(ChangeForm):
    """The owning body decides about completion."""

    outcome = choice_field("What was decided?", Outcome.choices, required="Select what was decided")
    reason = words_field("Why? (needed when it goes on)")
    decided_on = DatePartsField(label="When was that decided?", help_text=HINT, what="the day of the decision")
    minute = line_field("Where is it minuted?", required="Enter where the minute stands")

    def clean_outcome(self) -> Outcome:
        """The outcome."""
        return Outcome(self.cleaned_data["outcome"])


class CloseForm(ChangeForm):
    """The owning body closes it without implementing it."""

    reason = words_field("Why is it not implemented?", required="Enter why it is not implemented")
    on = DatePartsField(label="When was that decided?", help_text=HINT, what="the day of the decision")
    minute = line_field("Where is it minuted?", required="Enter where the minute stands")


class OfferForm(ChangeForm):
    """Offer it to another body."""

    to_body = forms.ModelChoiceField(
        label="To which body?", queryset=Body.objects.none(), empty_label="Select a body", error_messages={"required": "Select a body"}
    )
    reason = words_field("Why should it take it?", required="Enter why")
    on = DatePartsField(label="On which day?", help_text=HINT, what="the day")


class AnswerOfferForm(ChangeForm):
    """The receiving body accepts or declines."""

    accepted = choice_field("What was decided?", [("yes", "We take it"), ("no", "We decline")], required="Select what was decided")
    lead = person_field("Who leads it from now on? (when we take it)")
    reason = words_field("Why? (when we decline)")
    on = DatePartsField(label="When was that decided?", help_text=HINT, what="the day of the decision")
    minute = line_field("Where is it minuted?", required="Enter where the minute stands")

    def clean_accepted(self) -> bool:
        """Whether it is taken."""
        return bool(self.cleaned_data["accepted"] == "yes")
