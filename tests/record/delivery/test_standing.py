"""What is kept of how each recommendation stood is what its dated series say: whatever changed, on every day."""

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bestvalue.record.delivery
from bestvalue.record.delivery.life_cycle import State
from bestvalue.record.delivery.standing_periods import CLIMBED, FOR_NOW, ActionSeries, Entry, Missed, Owner, Series, periods

if TYPE_CHECKING:
    from tests.record.delivery.conftest import Delivering

DAY = date(2026, 1, 5)
DELIVERY = Path(bestvalue.record.delivery.__path__[0])
SERIES = ("RecommendationStatus", "Ownership", "Action", "ActionState", "AgreedDate", "ForecastDate", "MissedUpdate", "Update")

days = st.integers(0, 400).map(lambda after: DAY + timedelta(days=after))


def entries(values: st.SearchStrategy[object], *, least: int = 0) -> st.SearchStrategy[list[Entry[object]]]:
    made = st.builds(Entry, on=days, number=st.integers(1, 9), value=values)
    return st.lists(made, min_size=least, max_size=4, unique_by=lambda entry: (entry.on, entry.number))


whole = st.builds(
    Series,
    statuses=entries(st.sampled_from(["made", "accepted", "in progress"]), least=1),
    owners=entries(st.builds(Owner, body=st.integers(1, 2), lead=st.integers(1, 2))),
    actions=st.lists(
        st.builds(
            ActionSeries,
            original=days,
            states=entries(st.sampled_from([state.value for state in State])),
            agreed=entries(days),
            forecasts=entries(days),
        ),
        max_size=3,
    ),
    missed=st.lists(st.builds(Missed, on=days, answered=st.none() | days, level=st.sampled_from(CLIMBED[1:])), max_size=3),
)


@given(series=whole, on=days)
def test_every_day_from_the_first_status_on_lies_in_one_period(series: Series, on: date) -> None:
    found = periods(series)
    first = min(entry.on for entry in series.statuses)
    assert found[0].starts == first
    assert found[-1].until == FOR_NOW
    assert [one.until for one in found[:-1]] == [one.starts for one in found[1:]]
    assert sum(one.starts <= on < one.until for one in found) == (on >= first)


@given(series=whole, on=days)
def test_what_comes_later_never_changes_how_it_stood_before(series: Series, on: date) -> None:
    def until(entries: object) -> list[Entry[object]]:
        return [entry for entry in entries if entry.on <= on]  # type: ignore[attr-defined]

    known = Series(
        statuses=until(series.statuses),  # type: ignore[arg-type]
        owners=until(series.owners),  # type: ignore[arg-type]
        actions=[
            ActionSeries(original=one.original, states=until(one.states), agreed=until(one.agreed), forecasts=until(one.forecasts))  # type: ignore[arg-type]
            for one in series.actions
        ],
        missed=[one for one in series.missed if one.on <= on],
    )

    def stood(whole: Series) -> object:
        return [one.stood for one in periods(whole) if one.starts <= on < one.until]

    assert stood(known) == stood(series)


@pytest.mark.parametrize("path", sorted(DELIVERY.rglob("*.py")), ids=lambda path: str(path.relative_to(DELIVERY)))
def test_whatever_adds_to_a_series_keeps_the_standing(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    if called & {f"{name}.objects.{how}" for name in SERIES for how in ("create", "bulk_create", "get_or_create")}:
        assert "keep_standing" in called


def test_standings_that_are_kept_together_are_written_once_at_the_end(delivering: "Delivering") -> None:
    from bestvalue.record.delivery.changes import forecast
    from bestvalue.record.delivery.models import Standing
    from bestvalue.record.delivery.standing import kept_together

    planned = delivering.action()
    before = list(Standing.objects.values_list("pk", flat=True))
    with kept_together():
        for after in (1, 2):
            forecast(planned, to=planned.original_date + timedelta(days=after), on=DAY, by=planned.lead)
        assert list(Standing.objects.values_list("pk", flat=True)) == before
    assert Standing.objects.of_day(date(2026, 3, 1)).get().is_slipped


def test_a_standing_tells_slippage_owner_and_when_all_is_due(delivering: "Delivering") -> None:
    from bestvalue.record.delivery.changes import move_agreed_date
    from bestvalue.record.delivery.life_cycle import Cause
    from bestvalue.record.delivery.models import Colour, Standing

    first = delivering.action()
    delivering.action(original_date=date(2026, 9, 30))
    move_agreed_date(
        first, to=date(2026, 7, 10), decided_on=date(2026, 5, 1), minute="3", cause=Cause.MONEY, reason="So.", by=delivering.member
    )
    before, after = (Standing.objects.of_day(on).get() for on in (date(2026, 4, 30), date(2026, 7, 11)))
    assert (before.colour, before.slipped_days, before.first_agreed) == (Colour.GREEN, 0, date(2026, 6, 30))
    assert (after.colour, after.slipped_days, after.first_agreed) == (Colour.RED, 10, date(2026, 7, 10))
    assert (after.open_actions, after.due, after.owner, after.lead) == (2, date(2026, 9, 30), delivering.committee, delivering.lead)
