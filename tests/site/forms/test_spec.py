"""The form of an analysis comes from its Spec alone."""

from typing import Literal

from pydantic import model_validator

from bestvalue.analysis.contract import AnalysisSpec, parameter
from bestvalue.site.forms.spec import SpecForm


class Sample(AnalysisSpec):
    years: int = parameter(4, title="Years ahead", help="How far to look.", unit="years", ge=1, le=10)
    level: float = parameter(0.95, title="Level", help="Of the intervals.", gt=0, lt=1, advanced=True)
    by: Literal["week", "month"] = parameter("week", title="By", help="Length of a step.")
    areas: tuple[str, ...] = parameter((), title="Areas", help="Only these.")
    night: bool = parameter(False, title="Nights only", help="Leave out the day.")
    since: str | None = parameter(None, title="Since", help="First day.")

    @model_validator(mode="after")
    def _check(self) -> "Sample":
        if self.by == "month" and self.years == 1:
            raise ValueError("one year has too few months")
        return self


def form(**values: object) -> SpecForm:
    return SpecForm({"years": "4", "level": "0.95", "by": "week", "seed": "1", **values}, spec=Sample)


def test_every_parameter_has_a_field_with_its_label_help_unit_and_bounds() -> None:
    shown = {field.name: field.as_field_group() for field in SpecForm(spec=Sample)}
    assert set(shown) == set(Sample.model_fields)
    assert "Years ahead" in shown["years"]
    assert "How far to look. From 1 to 10." in shown["years"]
    assert "govuk-input__suffix" in shown["years"]
    assert 'value="4"' in shown["years"]


def test_what_few_people_set_stands_apart() -> None:
    empty = SpecForm(spec=Sample)
    assert [field.name for field in empty.advanced_fields] == ["seed", "level"]
    assert [field.name for field in empty.main_fields] == ["years", "by", "areas", "night", "since"]


def test_a_value_out_of_bounds_is_named_at_its_field() -> None:
    asked = form(years="11")
    assert asked.errors == {"years": ["Years ahead must be 10 or less"]}


def test_a_bound_that_excludes_itself_is_held_by_the_spec() -> None:
    assert "level" in form(level="1").errors


def test_a_text_where_a_number_belongs_is_named() -> None:
    assert form(years="many").errors == {"years": ["Years ahead must be a whole number"]}


def test_a_rule_between_parameters_is_said_at_the_top() -> None:
    (said,) = form(by="month", years="1").errors["__all__"]
    assert "one year has too few months" in said


def test_filled_in_values_reach_the_spec_and_empty_ones_do_not() -> None:
    asked = form(areas="Hackney, Camden", night="on", since="")
    assert asked.is_valid(), asked.errors
    assert asked.settings == {"years": 4, "level": 0.95, "by": "week", "seed": 1, "areas": "Hackney, Camden", "night": True}
