"""Lines of the spec become the scenarios that they say, and those that cannot be played are refused with what can."""

from datetime import UTC, date, datetime

import numpy as np
import polars as pl
import pytest

from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_calibrate_force import Force, draw, world_of
from bestvalue.analysis.challenge.resources_changes import forecast_growth, ruled, turned
from bestvalue.analysis.challenge.resources_scenarios import played, pounds_a_year, today
from bestvalue.analysis.contract import Provenance, Result, ResultTable
from bestvalue.errors import SpecError


@pytest.fixture
def force(calibrated: Calibration) -> Force:
    return calibrated.force


def test_later_turns_begin_later_and_cost_the_same(force: Force) -> None:
    later = turned(force, "90 minutes later")
    moved = (played(force, later).turns[:, 1] - force.turns[:, 1]) % 10_080
    assert set(moved.tolist()) == {90}
    assert pounds_a_year(force, later) == pytest.approx(pounds_a_year(force, today(force)))


def test_longer_turns_of_one_pool_are_its_own_and_cost_their_hours(force: Force) -> None:
    pool = force.pools[0]
    longer = turned(force, f"30 longer in {pool.name.upper()}")
    mine = force.unit_pool[force.turns[:, 0]] == 0
    assert set((longer.turns - force.turns)[mine, 2].tolist()) == {30}  # type: ignore[operator] # it has turns
    assert np.array_equal(longer.turns[~mine], force.turns[~mine])  # type: ignore[index] # as above
    more = pounds_a_year(force, longer) - pounds_a_year(force, today(force))
    assert more == pytest.approx(mine.sum() * 0.5 * float(pool.unit_hour_pence or 0) / 100 * 365.25 / 7)


@pytest.mark.parametrize(
    ("line", "says"),
    [("60 sideways", "no change of turns"), ("1440 longer", "overlap"), ("900 shorter", "no time"), ("5 later in X", "no pool")],
)
def test_turns_that_cannot_be_are_refused(force: Force, line: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        turned(force, line)


def test_rules_reach_the_engine_as_they_are_said(force: Force) -> None:
    drawn = draw(force, weeks=1, demand_factor=1.0, seed=1, replication=0)

    def rules_of(line: str) -> tuple[list[int], list[int]]:
        world, rules = world_of(
            played(force, ruled(force, line)), copies=np.ones(len(force.unit_pool), np.int64), drawn=drawn, seed=1, replication=0
        )
        return rules.borrow_after_us.tolist(), sorted(set(world.pool_keeps_idle.tolist()))

    others = len(force.grades) - 1
    assert rules_of("lend after 5")[0] == [300_000_000] * (others + 1)
    assert rules_of("immediate lends after 2.5")[0] == [150_000_000, *[-1] * others]
    assert rules_of("never lend")[0] == [-1] * (others + 1)
    assert rules_of("lender keeps 2")[1] == [2]
    assert ruled(force, "Immediate diverts from scheduled").diverts == (0, force.grades.index("scheduled"))


@pytest.mark.parametrize(
    ("line", "says"), [("be quick", "no rule"), ("soon lends after 5", "no grade"), ("scheduled diverts from immediate", "no rule")]
)
def test_rules_that_cannot_be_played_are_refused(force: Force, line: str, says: str) -> None:
    with pytest.raises(SpecError, match=says):
        ruled(force, line)


def forecast(months: int) -> Result:
    counted = pl.DataFrame({"month": months_from(date(2024, 1, 1), 24), "incidents": [50.0] * 12 + [100.0] * 12})
    ahead = months_from(date(2026, 1, 1), months)
    level = [110.0] * 12 + [120.0] * (months - 12)
    limits = {"low_80": [value - 20 for value in level[:months]], "high_80": [value + 20 for value in level[:months]]}
    tables = {"months": counted, "forecast": pl.DataFrame({"month": ahead, "forecast": level[:months], **limits})}
    return Result(
        question="",
        title="",
        statements=(),
        tables={name: ResultTable(title=name, rows=rows) for name, rows in tables.items()},
        charts={},
        caveats=(),
        provenance=Provenance(
            analysis="challenge.demand",
            analysis_version=1,
            dataset="",
            tables={},
            rows={},
            sources={},
            spec={},
            synthetic=True,
            engine="local",
            versions={},
            started_at=datetime(2026, 1, 1, tzinfo=UTC),
            duration_seconds=0.0,
        ),
    )


def months_from(first: date, number: int) -> list[date]:
    return [date(first.year + (first.month - 1 + step) // 12, (first.month - 1 + step) % 12 + 1, 1) for step in range(number)]


def test_growth_of_a_forecast_is_against_the_last_twelve_months_counted() -> None:
    found = forecast_growth(forecast(24))  # 12 months of 110 and 12 of 120 against 12 of 100; limits 20 either side
    assert [round(share, 6) for _, share in found] == [0.1, 0.2, 0.0, 0.4]
    assert [words for words, _ in found][:2] == [" in the year to December 2026 as forecast", " in the year to December 2027 as forecast"]


def test_a_forecast_of_less_than_a_year_is_refused() -> None:
    with pytest.raises(SpecError, match="less than a year"):
        forecast_growth(forecast(6))
