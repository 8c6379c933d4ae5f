from dataclasses import replace

import numpy as np
import pytest
from tests.analysis.challenge.roster.conftest import poisson_jobs
from tests.analysis.challenge.roster.test_roster_check import always, by_quarter

from bestvalue.analysis.challenge.roster_check import Shares, Tally, Turns, play, reachable_in
from bestvalue.analysis.challenge.roster_jobs import Floats, Jobs, Work
from bestvalue.analysis.challenge.roster_judge import Asked, gain, judge, mean_and_error, short_quarters, together
from bestvalue.analysis.challenge.roster_lines import allowed_lines
from bestvalue.analysis.challenge.roster_plan import Plan, Wishes, draw, plan
from bestvalue.analysis.challenge.roster_statements import limits
from bestvalue.analysis.challenge.roster_verdict_statements import no_gain, price_of_quarters
from bestvalue.analysis.working_time import WorkingTimeLimits

GRADES = ("away", "urgent")
WEEKS, DRAWS, A_QUARTER = 52, 130, 10


def tally(share: Floats, seed: int) -> Tally:
    """Weeks of ten jobs in each quarter, in time with these chances, drawn with replacement."""
    chance = np.random.default_rng(seed)
    happened = chance.binomial(A_QUARTER, share, (WEEKS, 4)).astype(float)
    week = chance.integers(0, WEEKS, DRAWS)
    jobs, good = np.zeros((DRAWS, 2, 4)), np.zeros((DRAWS, 2, 4))
    jobs[:, 1], good[:, 1] = A_QUARTER, happened[week]
    return Tally(week=week, jobs=jobs, good=good)


def shares_of(counts: Tally) -> Shares:
    jobs, good = counts.jobs.sum(axis=0), counts.good.sum(axis=0)
    with np.errstate(invalid="ignore"):
        mean = good.sum(axis=1) / jobs.sum(axis=1)
        return Shares(mean=mean, low=mean, high=mean, jobs=int(jobs.sum()), tally=counts)


def asked(counts: Tally, *, target: float = 0.9, at_all_times: bool = True, confidence: float = 0.95) -> Asked:
    """A target that would be met by all if nobody waited."""
    reachable = shares_of(Tally(week=counts.week, jobs=counts.jobs, good=counts.jobs))
    return Asked(targets=np.array([np.nan, target]), give_share=0.01, reachable=reachable, at_all_times=at_all_times, confidence=confidence)


def test_a_roster_that_is_right_at_its_target_is_seldom_called_short() -> None:
    counts = [tally(np.full(4, 0.9), seed) for seed in range(300)]
    below = sum((by_quarter(one) < 0.9).any() for one in counts)
    called = sum(short_quarters(shares_of(one), asked(one)).any() for one in counts)
    assert below > 250  # on point estimates nearly every one of them would fail
    assert called <= 300 * 0.05 + 3 * np.sqrt(300 * 0.05 * 0.95)


def test_a_quarter_that_is_truly_short_is_found_and_no_other() -> None:
    share = np.array([0.97, 0.97, 0.97, 0.75])
    found = [short_quarters(shares_of(one), asked(one)) for one in (tally(share, seed) for seed in range(100))]
    assert sum(one[1].tolist() == [False, False, False, True] for one in found) >= 95
    assert not any(one[0].any() for one in found)


def test_without_targets_at_all_times_only_the_week_counts() -> None:
    counts = tally(np.array([1.0, 1.0, 1.0, 0.75]), 1)
    assert judge(shares_of(counts), asked(counts, at_all_times=False)).enough
    assert not judge(shares_of(counts), asked(counts)).enough
    assert judge(shares_of(counts), asked(counts)).week


def test_what_no_roster_can_reach_is_not_held_against_one() -> None:
    counts = tally(np.array([1.0, 1.0, 1.0, 0.5]), 1)
    reach = replace(asked(counts), reachable=shares_of(counts))
    assert not short_quarters(shares_of(counts), reach).any()


def test_weeks_that_are_drawn_again_tell_nothing_new() -> None:
    happened = np.random.default_rng(3).normal(size=20)
    week = np.arange(20)
    once = mean_and_error(happened, week)
    often = mean_and_error(np.tile(happened, 10), np.tile(week, 10))
    # The textbook's standard error of the mean of twenty weeks, however often they are drawn.
    assert once[1] == pytest.approx(happened.std(ddof=1) / np.sqrt(20))
    assert often == pytest.approx(once)


def test_a_roster_gains_nothing_on_itself_and_a_gain_is_found() -> None:
    old, new = tally(np.full(4, 0.85), 1), tally(np.full(4, 0.85), 1)
    same = gain(new, old, confidence=0.95)
    assert (same.mean[1], same.low[1], same.high[1]) == (0, 0, 0)
    assert not same.beyond_chance.any()
    better = gain(replace(old, good=old.jobs), old, confidence=0.95)
    assert better.mean[1] == pytest.approx(1 - shares_of(old).mean[1])
    assert better.beyond_chance.tolist() == [False, True]


def test_counts_of_pools_add_up() -> None:
    one, other = tally(np.full(4, 0.9), 1), tally(np.full(4, 0.9), 1)
    assert together([one, other]).good.sum() == one.good.sum() + other.good.sum()


def wishes(*, at_all_times: bool = True, target: float = 0.9) -> Wishes:
    lines = allowed_lines(("8x5", "10x4", "12x3"), ("00:00", "06:00", "10:00", "18:00"), break_minutes=45, limits=WorkingTimeLimits())
    return Wishes(
        targets=np.array([np.nan, target]), give_share=0.01, at_all_times=at_all_times, break_minutes=0, break_share=0.0, lines=lines,
        gap=0.05, weeks_each=13, replications=6, confidence=0.95, seed=1,
    )  # fmt: skip


def work_of(jobs: Jobs) -> Work:
    return Work(pools={"P": jobs}, grades=GRADES, weeks=WEEKS, first=None, faults=None, found=0, used=0, waited=0)  # type: ignore[arg-type]


def planned(jobs: Jobs, today: Turns, *, least: int = 1, at_all_times: bool = True, target: float = 0.9) -> Plan:
    return plan(jobs, work_of(jobs), today, least=least, wishes=wishes(at_all_times=at_all_times, target=target))


@pytest.fixture(scope="module")
def quiet() -> Jobs:
    """About 0.3 of a unit busy, one in twenty-seven waits for one of two units (Erlang C), and none may."""
    return poisson_jobs(rate_an_hour=0.3, mean_hours=1.0, weeks=WEEKS, allowed_hours=0.0, seed=5)


def test_where_today_meets_the_target_by_less_than_chance_in_a_quarter_it_is_not_called_under(quiet: Jobs) -> None:
    wanted = wishes()
    drawn = draw(quiet, work_of(quiet), wanted)
    shares = play(always(2), drawn, grades=GRADES, confidence=0.95)
    target = float(np.floor(1_000 * shares.mean[1]) / 1_000)  # met over the week by less than a tenth of a point
    assert (by_quarter(shares.tally) < target).any()  # and missed, on the point estimate, in a quarter
    found = planned(quiet, always(2), target=target)
    assert found.today_enough
    assert found.under_hours == 0
    assert found.units.sum() <= found.today_hours
    assert reachable_in(drawn, grades=2).mean[1] == 1


def test_where_today_is_enough_and_a_pattern_of_as_many_units_is_not_that_is_what_is_said(quiet: Jobs) -> None:
    wanted = replace(wishes(), break_minutes=45, break_share=45 / 480)  # today's units take no breaks, those of a pattern do
    shares = play(always(2), draw(quiet, work_of(quiet), wanted), grades=GRADES, confidence=0.95)
    targets = np.array([np.nan, np.floor(1_000 * shares.mean[1]) / 1_000])
    found = plan(quiet, work_of(quiet), always(2), least=0, wishes=replace(wanted, targets=targets))
    assert (found.today_enough, found.enough) == (True, False)
    (said,) = limits([found], work_of(quiet), {"P": "Northam"}, idle=[], wished=targets)
    assert said.text.startswith("For Northam today's roster is enough, but the pattern that was found is not")


def test_where_a_quarter_is_truly_short_more_is_asked_for_it_and_priced() -> None:
    jobs = poisson_jobs(rate_an_hour=0.3, mean_hours=0.2, weeks=WEEKS, allowed_hours=0.1, seed=5)
    no_nights = Turns(
        unit=np.repeat(np.arange(6), 7),
        start=np.tile(np.arange(7) * 1_440 + 150, 6),
        length=np.full(42, 1_440 - 150),
        pause=np.zeros(42, dtype=np.int64),
    )
    over_the_week = planned(jobs, no_nights, least=0, at_all_times=False, target=0.85)
    found = planned(jobs, no_nights, least=0, target=0.85)
    assert over_the_week.today_enough
    assert over_the_week.under_hours == 0
    assert not found.today_enough  # the hours from midnight to six are late in four of ten jobs
    assert found.under_hours > 0
    assert found.price_hours > 0
    assert over_the_week.price_hours == 0


def test_money_that_buys_no_gain_is_named(quiet: Jobs) -> None:
    found = planned(quiet, always(2), target=0.9)
    dearer = replace(found, pattern=replace(found.pattern, weekly_hours=found.today_hours + 100), simulated_plan=found.simulated_today)
    (said,) = no_gain((dearer,), work_of(quiet), {"P": 5_000.0}, {"P": "Northam"}, 0.95)
    pounds = next(figure for figure in said.figures if figure.unit == "pounds a year")
    assert pounds.value == pytest.approx(100 * 50 * 365.25 / 7)  # a hundred hours a week at £50
    assert "Northam" in said.text
    assert "buys no gain that can be told from chance" in said.text


def test_a_gain_that_only_shows_in_all_pools_together_is_not_called_idle(quiet: Jobs) -> None:
    found = planned(quiet, always(2), target=0.9)
    assert found.simulated_today is not None
    wobble = np.where(np.arange(20) % 2 == 0, 5, -5)  # one pool's good week is the other's bad one: both gain 1 in the mean, 2 every week
    plans = []
    for gained in (1 + wobble, 1 - wobble):
        new, old = (np.zeros((20, 2, 4)) for _ in range(2))
        new[:, 1, 0], old[:, 1, 0] = 20 + gained, 20
        shares = [
            replace(found.simulated_today, tally=Tally(week=np.arange(20), jobs=np.full((20, 2, 4), 40.0), good=good))
            for good in (new, old)
        ]
        pattern = replace(found.pattern, weekly_hours=found.today_hours + 100)
        plans.append(replace(found, pattern=pattern, simulated_plan=shares[0], simulated_today=shares[1]))
    alone, both = (no_gain(some, work_of(quiet), {"P": 5_000.0}, {"P": "Northam"}, 0.95) for some in (plans[:1], plans))
    assert len(alone) == 1
    assert both == ()


def test_money_that_buys_a_gain_is_not_called_idle(quiet: Jobs) -> None:
    found = planned(quiet, always(1), target=0.9)
    assert not found.today_enough
    assert found.pattern.weekly_hours > found.today_hours
    assert no_gain((found,), work_of(quiet), {"P": 5_000.0}, {"P": "Northam"}, 0.95) == ()


@pytest.mark.parametrize(("hours", "words"), [(0.0, "takes no unit-hours more"), (50.0, "takes 50 unit-hours a week")])
def test_the_price_of_asking_each_quarter_is_said(quiet: Jobs, hours: float, words: str) -> None:
    found = replace(planned(quiet, always(2)), price_hours=hours)
    (said,) = price_of_quarters((found,), {"P": 5_000.0}, "jobs")
    assert words in said.text
    assert said.figures[1].value == pytest.approx(hours * 50 * 365.25 / 7)
