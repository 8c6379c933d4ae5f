"""What two people wrote into the same field, side by side in words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from bestvalue.record.row_versions import EditedMeanwhileError


@dataclass(frozen=True, kw_only=True)
class DifferenceRow:
    """One field that both wrote.

    Args:
        label: the question that the field answers.
        before: what it said when this side read it.
        theirs: what the other side wrote.
        mine: what this side wrote.
    """

    label: str
    before: str
    theirs: str
    mine: str


def difference_rows(met: EditedMeanwhileError, form: forms.Form) -> tuple[DifferenceRow, ...]:
    """The fields that both wrote, in words, in the order of the form."""
    order = list(form.fields)
    return tuple(
        DifferenceRow(
            label=str(form.fields[one.field].label),
            before=in_words(one.before, form.fields[one.field]),
            theirs=in_words(one.theirs, form.fields[one.field]),
            mine=in_words(one.mine, form.fields[one.field]),
        )
        for one in sorted(met.differences, key=lambda one: order.index(one.field))
    )


def in_words(value: Any, field: forms.Field) -> str:
    """A value as a reader of the form knows it."""
    words = getattr(field, "in_words", None)
    if words is not None and value is not None:
        return str(words(value))
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())} if isinstance(field, forms.ChoiceField) else {}
    if value in (None, "", []):
        return "Nothing"
    if isinstance(value, list):
        return ", ".join(labels.get(str(one), str(one)) for one in value)
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return labels.get(str(value), str(value))
