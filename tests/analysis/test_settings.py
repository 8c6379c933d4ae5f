from datetime import date

import pytest

from bestvalue.analysis.contract import AnalysisSpec, parameter
from bestvalue.analysis.settings import parse_settings
from bestvalue.errors import SpecError


class Spec(AnalysisSpec):
    years: int = parameter(4, title="Years ahead", help="How far to look.", unit="years", ge=1, le=10)
    share: float = parameter(0.5, title="Share", help="How much.", ge=0, le=1)
    areas: tuple[str, ...] = parameter((), title="Areas", help="Which areas.")
    day: date | None = parameter(None, title="Day", help="From when.")
    deep: bool = parameter(default=True, title="Deep", help="Look deeper.")


def test_text_is_read_as_what_the_parameter_is() -> None:
    spec = parse_settings(Spec, {"years": "2", "share": "0.25", "areas": "E1, E2", "day": "2025-04-01", "deep": "false"})
    assert spec == Spec(years=2, share=0.25, areas=("E1", "E2"), day=date(2025, 4, 1), deep=False)


def test_a_list_may_be_json_and_hold_commas() -> None:
    assert parse_settings(Spec, {"areas": '["Hammersmith, Fulham", "Brent"]'}).areas == ("Hammersmith, Fulham", "Brent")


def test_an_empty_text_is_nothing_where_nothing_is_allowed() -> None:
    assert parse_settings(Spec, {"day": "", "areas": ""}) == Spec()


@pytest.mark.parametrize(
    ("values", "where", "says"),
    [
        ({"years": "11"}, "years", r"Years ahead: .*less than or equal to 10 \(found '11'\)"),
        ({"years": "many"}, "years", r"Years ahead: .*valid integer.*\(found 'many'\)"),
        ({"share": "nan"}, "share", "Share"),
        ({"day": "31 February"}, "day", "Day"),
    ],
)
def test_a_value_out_of_bounds_is_named_with_its_field(values: dict[str, str], where: str, says: str) -> None:
    with pytest.raises(SpecError, match=says) as error:
        parse_settings(Spec, values)
    assert error.value.where == where
    assert error.value.next_step


def test_an_unknown_parameter_is_answered_with_the_nearest() -> None:
    with pytest.raises(SpecError, match="There is no parameter 'year'") as error:
        parse_settings(Spec, {"year": "2"})
    assert error.value.next_step == "Did you mean years?"
