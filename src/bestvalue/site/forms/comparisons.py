"""What is compared: the indicator, the group, the denominator and the period, each chosen from what the data have."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from django import forms

from bestvalue.analysis.compare.explorer import COUNTED, WORDS
from bestvalue.dataset.dataset import Dataset

Choices = Sequence[tuple[str, str]]


class ComparisonForm(forms.Form):
    """A form of choices, sent by GET so that an address says what it shows; what is left out is the first of its choices."""

    indicator = forms.ChoiceField(label="Indicator", required=False)
    group = forms.ChoiceField(label="Compared with", required=False)
    counted = forms.ChoiceField(
        label="Over whom",
        help_text="For indicators per resident; others keep their denominator.",
        choices=[(name, WORDS[name].capitalize()) for name in COUNTED],
        required=False,
    )
    period = forms.ChoiceField(label="Period", required=False)

    def __init__(self, *args: Any, indicators: Choices, groups: Choices, periods: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self._choose("indicator", indicators)
        self._choose("group", [("all", "Every force"), *groups])
        self._choose("period", [("", "The latest"), *periods])

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)
            field.error_messages["invalid_choice"] = f"Choose {'an indicator' if name == 'indicator' else f'the {name}'} from the list"

    @property
    def settings(self) -> dict[str, Any]:
        """What was chosen, as the analysis takes it."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def choices_of(dataset: Dataset) -> dict[str, list[tuple[str, str]]]:
    """What there is to choose from: indicators, groups and periods, the newest first."""
    names = "SELECT DISTINCT indicator_id FROM indicator_values"
    present = dataset.query(names)["indicator_id"].sort().to_list()
    known = {}
    if "indicators" in dataset.tables:
        known = dict(dataset.query("SELECT indicator_id, indicator_name FROM indicators").iter_rows())
    groups: list[str] = []
    if "peer_lists" in dataset.tables:
        groups = dataset.query("SELECT DISTINCT list_name FROM peer_lists")["list_name"].sort().to_list()
    periods = dataset.query("SELECT DISTINCT period_starts FROM indicator_values").sort("period_starts", descending=True)
    return {
        "indicators": [(code, known.get(code, code)) for code in present],
        "groups": [(name, name) for name in groups],
        "periods": [(day.isoformat(), f"From {day:%-d %B %Y}") for day in periods.select(pl.col("period_starts")).to_series()],
    }
