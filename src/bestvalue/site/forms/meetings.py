"""Forms of meetings: call one, its agenda, who was there, the minutes, what was decided, what somebody is to do."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from bestvalue.record.bodies.models import Person, User
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.meetings.models import AgendaItem, Became, Meeting, decisions_before, recommendations_before, reviews_before
from bestvalue.record.reviews.life_cycle import Outcome
from bestvalue.record.reviews.models import Decision, Marking, NeedToKnowGroup, Review
from bestvalue.site.forms.dates import DatePartsField
from bestvalue.site.forms.delivery import choice_field, line_field, words_field
from bestvalue.site.forms.edits import read_field
from bestvalue.site.forms.markings import handling_field

DATE_HINT = "For example, 27 3 2026"
SHOWN = 90
"""How much of a recommendation's text stands in a list of choices."""


class MeetingForm(forms.Form):
    """Call a meeting, or record one that was held."""

    on = DatePartsField(
        label="On which day?", help_text=f"A day that has passed records a meeting that was held. {DATE_HINT}", what="the day"
    )
    place = line_field("Where? (optional)")
    marking = forms.ChoiceField(
        label="Marking of its agenda and minutes",
        help_text="Nothing above OFFICIAL may be kept here.",
        choices=Marking.choices,
        initial=Marking.OFFICIAL,
        required=False,
        widget=forms.RadioSelect,
    )
    group = forms.ModelChoiceField(
        label="If it is OFFICIAL-SENSITIVE: which group may read it?",
        help_text="One that you are in, of a review that comes before the body. Only its people find the meeting.",
        queryset=NeedToKnowGroup.objects.none(),
        required=False,
        empty_label="No group",
    )
    descriptor = line_field("Descriptor (optional)", help_text="For example, PERSONAL DATA or COMMERCIAL.", longest=50)
    handling = handling_field()

    def __init__(self, *args: Any, groups: QuerySet[NeedToKnowGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[NeedToKnowGroup]", self.fields["group"]).queryset = groups

    def clean_marking(self) -> Marking:
        """The marking; OFFICIAL where nothing is said."""
        return Marking(self.cleaned_data["marking"] or Marking.OFFICIAL)


class CallOffForm(forms.Form):
    """Call a meeting off."""

    reason = words_field("Why is it called off?", required="Enter why it is called off")


class ItemForm(forms.Form):
    """Put something on the agenda."""

    text = line_field("What is to be discussed?", required="Enter what is to be discussed", longest=500)
    about = forms.ChoiceField(
        label="What is it about? (optional)",
        help_text="A decision that is taken at the meeting has its day, minute and attendance from here.",
        required=False,
    )

    def __init__(self, *args: Any, meeting: Meeting, user: User | AnonymousUser, **options: Any) -> None:
        super().__init__(*args, **options)
        seen = Recommendation.objects.visible_to(user).values("pk")
        decisions = decisions_before(meeting.body, on=meeting.on).select_related("review", "body")
        self._things: dict[str, Decision | Review | Recommendation] = {}
        groups: tuple[tuple[str, str, list[Any], Callable[[Any], str]], ...] = (
            ("Decisions that are due", "decision", list(decisions), lambda row: f"Whether to {row.get_gate_display()}: {row.review.title}"),
            ("Reviews", "review", list(reviews_before(meeting.body)), str),
            ("Recommendations", "recommendation", list(recommendations_before(meeting.body).filter(pk__in=seen)), _recommendation),
        )
        choices: list[Any] = [("", "Nothing in the record")]
        for label, word, rows, name in groups:
            self._things |= {f"{word}-{row.pk}": row for row in rows}
            if rows:
                choices.append((label, [(f"{word}-{row.pk}", name(row)) for row in rows]))
        cast(forms.ChoiceField, self.fields["about"]).choices = choices

    def clean_about(self) -> Decision | Review | Recommendation | None:
        """The thing itself."""
        return self._things.get(self.cleaned_data["about"])


class AttendanceForm(forms.Form):
    """Record who was there."""

    present = forms.ModelMultipleChoiceField(
        label="Who was present?",
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select who was present"},
    )
    apologies = forms.ModelMultipleChoiceField(
        label="Who sent apologies? (optional)", queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    others = words_field("Who else was in attendance? (optional)", help_text="One name or role on each line.")

    def __init__(self, *args: Any, members: Sequence[Person], **options: Any) -> None:
        super().__init__(*args, **options)
        self.members = members
        everyone = Person.objects.filter(pk__in=[member.pk for member in members])
        for name in ("present", "apologies"):
            cast("forms.ModelMultipleChoiceField[Person]", self.fields[name]).queryset = everyone
        for member in members:
            self.fields[f"interest_{member.pk}"] = line_field(f"Interest that {member.name} declared (optional)", longest=500)

    def clean(self) -> dict[str, object]:
        """The interests by member, and the others as a list, beside the rest."""
        cleaned = super().clean() or self.cleaned_data
        said = {member: str(cleaned.pop(f"interest_{member.pk}", "")).strip() for member in self.members}
        others = [line.strip() for line in str(cleaned.get("others", "")).splitlines() if line.strip()]
        return {**cleaned, "others": others, "interests": {member: interest for member, interest in said.items() if interest}}


class MinuteForm(forms.Form):
    """Minute an item."""

    read = read_field()
    text = words_field("What was said or agreed?", required="Enter what was said or agreed", rows=6)


class DecideForm(forms.Form):
    """Record what was decided about an item."""

    outcome = choice_field("What did it decide?", Outcome.choices, required="Select what it decided")
    reason = words_field(
        "Why? (optional when agreed)",
        help_text="A reason is needed when it is returned, refused or deferred, and for a withdrawal or a new scope.",
    )
    deferred_to = DatePartsField(
        label="If deferred: to which day? (optional)", help_text=DATE_HINT, what="the day to which it is deferred", required=False
    )

    def clean_outcome(self) -> Outcome:
        """The outcome."""
        return Outcome(self.cleaned_data["outcome"])


class ArisingForm(forms.Form):
    """Somebody is to do something."""

    what = words_field("What is to be done?", required="Enter what is to be done")
    who = forms.ModelChoiceField(
        label="Who is to do it?",
        queryset=Person.objects.all(),
        empty_label="Select a person",
        error_messages={"required": "Select who is to do it"},
    )
    due = DatePartsField(label="By when?", help_text=DATE_HINT, what="the day by which it is due")
    item = forms.ModelChoiceField(
        label="From which item? (optional)", queryset=AgendaItem.objects.none(), required=False, empty_label="From no one item"
    )

    def __init__(self, *args: Any, meeting: Meeting, **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[AgendaItem]", self.fields["item"]).queryset = meeting.items.all()


class ReportForm(forms.Form):
    """Say what became of an action."""

    step = choice_field("What became of it?", Became.choices, required="Select what became of it")
    note = words_field("What was done, or why not?", required="Enter what was done, or why not")
    on = DatePartsField(label="On which day?", help_text=DATE_HINT, what="the day")
    due = DatePartsField(
        label="If carried over: to which day? (optional)", help_text=DATE_HINT, what="the day to which it is carried over", required=False
    )

    def clean_step(self) -> Became:
        """The step."""
        return Became(self.cleaned_data["step"])


def _recommendation(row: Recommendation) -> str:
    text = row.text if len(row.text) <= SHOWN else f"{row.text[:SHOWN]}…"
    return f"{row.get_kind_display()} {row.number} of {row.report_slug}: {text}"
