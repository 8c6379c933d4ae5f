from datetime import date

import pytest
from django import forms

from bestvalue.site.forms.dates import DatePartsField


class OneDate(forms.Form):
    day = DatePartsField(label="When?", what="the day")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (("", "", ""), "Enter the day"),
        (("27", "", "2026"), "The day must include a month"),
        (("31", "2", "2026"), "The day must be a real date, such as 27 3 2026"),
        (("a", "2", "2026"), "The day must be a real date, such as 27 3 2026"),
    ],
)
def test_a_date_that_is_missing_or_unreal_is_named(typed: tuple[str, ...], says: str) -> None:
    form = OneDate(dict(zip(("day_day", "day_month", "day_year"), typed, strict=True)))
    assert form.errors["day"] == [says]


def test_three_boxes_make_a_date_and_keep_what_was_typed() -> None:
    form = OneDate({"day_day": "27", "day_month": "3", "day_year": "2026"})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 3, 27)
    assert 'value="27"' in str(form["day"])


def test_the_boxes_stand_in_a_fieldset_with_the_question_as_its_legend() -> None:
    shown = OneDate()["day"].as_field_group()
    assert "<fieldset" in shown
    assert "When?" in shown.split("<legend")[1].split("</legend>")[0]
    assert shown.count("<input") == shown.count("<label") == 3


def test_the_error_summary_can_lead_to_the_first_box() -> None:
    assert 'id="id_day_0"' in OneDate({})["day"].as_field_group()
