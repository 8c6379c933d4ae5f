"""The forecast of completion: its model against planted factors, its network against sums done by hand, its words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from bestvalue.analysis.contract import Figure, Result, no_progress
from bestvalue.analysis.delivery.completion import ANALYSIS, Spec
from bestvalue.analysis.delivery.completion_model import Delay, History, fit_delay, history_on
from bestvalue.analysis.delivery.completion_network import draw_ends
from bestvalue.analysis.delivery.completion_past import look_back
from bestvalue.analysis.delivery.completion_plan import Plans, day_of, read_plans
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.synthetic.plans import LOG_FACTOR, write_plans
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import SpecError, TableError

START = date(2025, 1, 1)

MakePlans = Callable[..., Dataset]


@pytest.fixture
def plans_of(tmp_path: Path) -> Iterator[MakePlans]:
    """Make a dataset of actions given by number as (days planned, days taken or None), dependencies and moved dates."""
    engine = LocalEngine()

    def make(actions: Mapping[str, tuple[int, int | None]], waits: Sequence[tuple[str, str]] = (), **columns: Mapping[str, Any]) -> Dataset:
        rows = [
            {
                "action_id": number,
                "plan_id": number.split("-")[0],
                "title": f"Do {number}",
                "starts_on": START,
                "original_end_on": START + timedelta(days=planned),
                "agreed_end_on": START + timedelta(days=planned),
                "state": "in progress" if taken is None else "complete",
                "ended_on": None if taken is None else START + timedelta(days=taken),
            }
            | {name: values[number] for name, values in columns.items() if number in values}
            for number, (planned, taken) in actions.items()
        ]
        made = {"plan_actions": rows, "plan_dependencies": [{"action_id": one, "needs_action_id": other} for one, other in waits]}
        return Dataset({name: _checked(tmp_path, name, given) for name, given in made.items()}, engine=engine)

    yield make
    engine.close()


def _checked(folder: Path, name: str, rows: list[dict[str, Any]]) -> CheckedTable:
    frame = pl.DataFrame(rows, schema=TABLES[name].schema)
    frame.write_parquet(folder / f"{name}.parquet")
    return CheckedTable(name=name, parquet=folder / f"{name}.parquet", digest=name, rows=frame.height, source="a test")


def synthetic(folder: Path, seed: int) -> tuple[Plans, dict[str, float]]:
    """The plans of a synthetic force, and the day on which each action truly ends."""
    data = folder / f"data-{seed}"
    data.mkdir()
    write_plans(data, Truth(data), seed=seed)
    engine = LocalEngine()
    report = check_folder(data, cache=folder / "cache", time_zone="Europe/London", chosen={})
    plans = read_plans(Dataset(report.checked, engine=engine))
    engine.close()
    return plans, {number: day_of(end) for number, end in pl.read_parquet(data / "_truth" / "plan_ends.parquet").iter_rows()}


def certain(*, factor: float, plans: int = 1) -> Delay:
    """A model that knows the factor and has no spread to speak of."""
    mean = np.full((1, plans + 1), np.log(factor))
    return Delay(factor=factor, low=factor, high=factor, confidence=0.9, mean=mean, spread=np.array([1e-9]))


def figures(result: Result) -> dict[str, Figure]:
    return {figure.name: figure for statement in result.statements for figure in statement.figures}


def test_the_factor_planted_in_synthetic_plans_lies_inside_its_interval_as_often_as_said(tmp_path: Path) -> None:
    inside = 0
    for seed in range(12):
        plans, _ = synthetic(tmp_path, seed)
        delay = fit_delay(history_on(plans, day_of(date(2026, 4, 1))), chance=np.random.default_rng(seed))
        inside += delay.low <= np.exp(LOG_FACTOR) <= delay.high
    assert inside >= 8  # 12 intervals at 90%: seven or fewer inside would come by chance one time in 20,000


def test_open_actions_end_before_their_nine_in_ten_date_about_nine_times_in_ten(tmp_path: Path) -> None:
    before, count = 0, 0
    on = day_of(date(2026, 4, 1))
    for seed in range(8):
        plans, truth = synthetic(tmp_path, seed)
        chance = np.random.default_rng(seed)
        ends = draw_ends(plans, fit_delay(history_on(plans, on), chance=chance), on=on, draws=2_000, chance=chance)
        limit = np.quantile(ends.day, 0.9, axis=1)
        before += sum(truth[plans.number[place]] <= limit[row] for row, place in enumerate(ends.open))
        count += len(ends.open)
    assert stats.binomtest(int(before), count, 0.9).pvalue > 1e-4


def test_leaving_out_what_is_still_open_would_make_the_factor_too_small() -> None:
    chance = np.random.default_rng(5)
    factor = 1.5 * np.exp(0.4 * chance.standard_normal(400))
    seen = factor < 1.5  # the day of the extract came after 1.5 times the planned days
    plan = np.zeros(400, dtype=np.int64)
    whole = History(log_factor=np.log(np.minimum(factor, 1.5)), seen=seen, plan=plan, plans=("P",))
    quick = History(log_factor=np.log(factor[seen]), seen=seen[seen], plan=plan[seen], plans=("P",))
    fitted = [fit_delay(history, chance=np.random.default_rng(1)) for history in (whole, quick)]
    assert np.exp(fitted[0].mean[:, 0]).mean() == pytest.approx(1.5, rel=0.08)
    assert np.exp(fitted[1].mean[:, 0]).mean() < 1.3


def test_an_action_that_waits_begins_when_the_other_ends(plans_of: MakePlans) -> None:
    plans = read_plans(plans_of({"P-1": (100, None), "P-2": (50, None)}, [("P-2", "P-1")]))
    ends = draw_ends(plans, certain(factor=2.0), on=day_of(START), draws=1, chance=np.random.default_rng(1))
    assert ends.day[:, 0] - day_of(START) == pytest.approx([200, 300], abs=0.01)
    assert ends.decides.tolist() == [1.0, 1.0]


def test_only_the_chain_that_ends_last_decides(plans_of: MakePlans) -> None:
    plans = read_plans(plans_of({"P-1": (100, None), "P-2": (50, None), "P-3": (120, None)}, [("P-2", "P-1")]))
    ends = draw_ends(plans, certain(factor=1.0), on=day_of(START), draws=3, chance=np.random.default_rng(1))
    decides = dict(zip((plans.number[place] for place in ends.open), ends.decides, strict=True))
    assert decides == {"P-1": 1.0, "P-2": 1.0, "P-3": 0.0}


def test_what_has_passed_without_completion_counts(plans_of: MakePlans) -> None:
    plans = read_plans(plans_of({"P-1": (100, None)}))
    delay = Delay(factor=1.2, low=1, high=1.5, confidence=0.9, mean=np.full((1, 2), np.log(1.2)), spread=np.array([0.5]))
    on = day_of(START) + 150
    ends = draw_ends(plans, delay, on=on, draws=40_000, chance=np.random.default_rng(1))
    law = stats.lognorm(s=0.5, scale=1.2)
    expected = (law.cdf(2.0) - law.cdf(1.5)) / law.sf(1.5)  # by day 200, given that day 150 has passed
    assert (ends.day[0] < day_of(START) + 200).mean() == pytest.approx(expected, abs=0.01)
    assert ends.day.min() >= on


def test_a_date_that_was_moved_is_known_only_from_the_day_it_was_moved() -> None:
    plans = Plans(
        number=("P-1",),
        plan=("P",),
        title=("Do",),
        lead=("",),
        starts=np.array([0.0]),
        original_end=np.array([100.0]),
        agreed_end=np.array([200.0]),
        ended=np.array([150.0]),
        complete=np.array([True]),
        waits_for=((),),
        moves=(((0.0, 100.0), (90.0, 200.0)),),
    )
    assert plans.as_known_on(80).agreed_end.tolist() == [100.0]
    assert plans.as_known_on(80).open.tolist() == [True]
    assert plans.as_known_on(160).agreed_end.tolist() == [200.0]
    assert plans.as_known_on(160).complete.tolist() == [True]


def test_actions_that_wait_in_a_circle_are_named(plans_of: MakePlans) -> None:
    with pytest.raises(TableError, match=r"in a circle: .*P-1.*P-2") as refused:
        read_plans(plans_of({"P-1": (10, None), "P-2": (10, None)}, [("P-1", "P-2"), ("P-2", "P-1")]))
    assert refused.value.where == "plan_dependencies"


def test_too_little_history_is_said_and_not_forecast(plans_of: MakePlans) -> None:
    answered = ANALYSIS.run(plans_of({f"P-{at}": (100, 100 + at if at < 9 else None) for at in range(12)}), Spec())
    assert any(statement.kind == "limit" and "There is no forecast: 9" in statement.text for statement in answered.statements)
    assert set(answered.tables) == {"dates"}


def test_a_plan_without_open_actions_is_refused(plans_of: MakePlans) -> None:
    with pytest.raises(SpecError, match="No action is open"):
        ANALYSIS.run(plans_of({f"P-{at}": (100, 100 + at) for at in range(12)}), Spec())


def test_an_unknown_plan_is_refused_with_those_there_are(plans_of: MakePlans) -> None:
    with pytest.raises(SpecError, match="no plan 'Q'") as refused:
        ANALYSIS.run(plans_of({"P-1": (100, None)}), Spec(plan="Q"))
    assert "P" in refused.value.next_step


def test_a_moved_date_does_not_count_as_kept(plans_of: MakePlans) -> None:
    moved = {"P-0": START + timedelta(days=400)}
    actions = {f"P-{at}": (100, 150) for at in range(11)} | {"P-99": (100, None)}
    answered = ANALYSIS.run(plans_of(actions, agreed_end_on=moved), Spec(on=START + timedelta(days=300), draws=500))
    assert figures(answered)["share of the dates set at approval that were kept"].value == 0


def test_the_whole_answer_gives_the_same_numbers_twice_and_says_how_good_it_was(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    write_plans(data, Truth(data), seed=4)
    engine = LocalEngine()
    report = check_folder(data, cache=tmp_path / "cache", time_zone="Europe/London", chosen={})
    dataset = Dataset(report.checked, engine=engine)
    once, again = (ANALYSIS.run(dataset, Spec(draws=1_000)) for _ in range(2))
    plans = read_plans(dataset)
    engine.close()
    assert [statement.text for statement in once.statements] == [statement.text for statement in again.statements]
    assert (
        figures(once)["Brier score of the forecasts"].value < figures(once)["Brier score of always saying the share that came true"].value
    )
    past = look_back(plans, on=day_of(date(2026, 3, 31)), seed=1, progress=no_progress)
    # Calibrated in the large: what was said on average lies within five spreads of chance of what came.
    spread = np.sqrt((past.said * (1 - past.said)).sum()) / len(past.said)
    assert abs(past.said.mean() - past.came.mean()) < 5 * spread
