"""Forms of a tracker: the file, what its columns are, what its words mean, and whether rows with faults are left out."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.tracker.fields import CHOICES, FIELD, FIELDS, NEW, Answers, DayOrder
from bestvalue.record.delivery.tracker.grid import ENDINGS, Grid
from bestvalue.site.forms.brought_in import LARGEST_MB, UploadField


class TrackerForm(forms.Form):
    """A tracker that somebody else keeps."""

    source = forms.CharField(
        label="Whose tracker is it?",
        help_text="A short name, such as HMICFRS monitoring portal. How it is read is remembered under this name.",
        max_length=200,
        error_messages={"required": "Enter whose tracker it is"},
    )
    file = UploadField(
        label="The tracker",
        help_text=f"Excel, OpenDocument, CSV (UTF-8) or JSON, at most {LARGEST_MB} MB.",
        kinds=(*ENDINGS, ".xlsm", ".xls"),
    )


class ColumnsForm(forms.Form):
    """Which column is what. Each column shows what is in it."""

    issuer_of_all = forms.ModelChoiceField(
        label="Who made all of them? (where no column says it)",
        queryset=Body.objects.none(),
        empty_label="A column says it",
        required=False,
    )
    report_of_all = forms.CharField(label="Title of the report of all of them (where no column says it)", required=False, max_length=300)
    owner_of_all = forms.ModelChoiceField(
        label="Which body owns all of them? (optional, where no column says it)",
        queryset=Body.objects.none(),
        empty_label="A column says it, or it is said later",
        required=False,
    )
    days = forms.ChoiceField(label="How are days written?", choices=DayOrder.choices, widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None, *, grid: Grid, answers: Answers) -> None:
        initial = {
            "issuer_of_all": answers.issuer,
            "report_of_all": answers.report,
            "owner_of_all": answers.owner,
            "days": answers.days,
            "sheet": grid.sheet,
            **answers.columns,
        }
        super().__init__(data, initial=initial)
        offered = [("", "None"), *((heading, _with_examples(grid, heading)) for heading in grid.headings)]
        own = {
            field.key: forms.ChoiceField(
                label=field.label if field.needed else f"{field.label} (optional)",
                choices=offered,
                required=field.needed,
                error_messages={"required": f"Select the column for “{field.label}”"},
            )
            for field in FIELDS
        }
        if len(grid.sheets) > 1:
            sheets = [(sheet, sheet) for sheet in grid.sheets]
            own = {
                "sheet": forms.ChoiceField(label="Which sheet?", choices=sheets, help_text="After another choice the columns change.")
            } | own
        # What is asked about all rows comes after the columns that may answer it.
        self.fields = {**own, **self.fields}
        for name in ("issuer_of_all", "owner_of_all"):
            self.fields[name].queryset = Body.objects.order_by("name")  # type: ignore[attr-defined]  # the fields of models above

    def clean(self) -> dict[str, Any]:
        """Who made them and in which report must come from somewhere."""
        said = super().clean() or {}
        if not said.get("issuer") and not said.get("issuer_of_all"):
            self.add_error("issuer_of_all", "Select who made them, or the column that says it")
        if not said.get("report") and not str(said.get("report_of_all") or "").strip():
            self.add_error("report_of_all", "Enter the title of the report, or select the column that says it")
        return said

    @property
    def columns(self) -> dict[str, str]:
        """The column of each field that has one."""
        return {field.key: self.cleaned_data[field.key] for field in FIELDS if self.cleaned_data.get(field.key)}


def _with_examples(grid: Grid, heading: str) -> str:
    said = "; ".join(text if len(text) <= 30 else f"{text[:30]}…" for text in grid.examples(heading))
    return f"{heading} (such as {said})" if said else f"{heading} (empty)"


MOST_WORDS = 100
"""Of one column. A column of more different words is hardly one of choices."""


class ValuesForm(forms.Form):
    """What each word of the columns of choices means."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        grid: Grid,
        columns: Mapping[str, str],
        known: Mapping[str, Mapping[str, str]],
        bodies: Sequence[Body],
        people: Sequence[Person],
    ) -> None:
        super().__init__(data)
        self._words: dict[str, tuple[str, str]] = {}
        offered = {
            "body": [(str(body.pk), body.name) for body in bodies],
            "person": [(str(person.pk), person.name) for person in people],
            **{key: list(choices.choices) for key, choices in CHOICES.items()},
        }
        for key, heading in columns.items():
            means = FIELD[key].means
            if not means:
                continue
            new = (
                [(NEW, "Somebody new of this name" if means == "person" else "A new body of this name")]
                if means in ("body", "person")
                else []
            )
            for place, word in enumerate(grid.words(heading)[:MOST_WORDS]):
                name = f"{key}-{place}"
                self._words[name] = (key, word)
                self.fields[name] = forms.ChoiceField(
                    label=f"{FIELD[key].label}: “{word}”",
                    choices=[("", "Nothing: leave it empty"), *new, *offered[means]],
                    required=False,
                    initial=known.get(key, {}).get(word, ""),
                )

    @property
    def values(self) -> dict[str, dict[str, str]]:
        """The meaning of each word, by field."""
        found: dict[str, dict[str, str]] = {}
        for name, (key, word) in self._words.items():
            found.setdefault(key, {})[word] = self.cleaned_data.get(name, "")
        return found


class AnswerTrackerForm(forms.Form):
    """Confirm or refuse a tracker of many rows that another person brought."""

    CONFIRM, REFUSE = "confirm", "refuse"

    answer = forms.ChoiceField(
        label="May these rows enter the register?",
        choices=[(CONFIRM, "Yes: I have looked at them, and confirm them"), (REFUSE, "No: refuse them")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether they may enter the register"},
    )
    reason = forms.CharField(
        label="Why not?",
        help_text="Only if you refuse. Whoever brought it reads the reason.",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, object]:
        """A refusal says why."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == self.REFUSE and not str(cleaned.get("reason", "")).strip():
            self.add_error("reason", "Say why they are refused")
        return cleaned


class TakeTrackerForm(forms.Form):
    """Confirm what a tracker would change."""

    leave_out = forms.BooleanField(label="Leave out the rows with faults, and take in the others", required=False)
