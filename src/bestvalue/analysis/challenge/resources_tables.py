"""The tables of the answer: what each scenario does, where, when, to whom and at what price, and how the simulation was tested."""

import polars as pl

from bestvalue.analysis.challenge import resources_effects as effects
from bestvalue.analysis.challenge.resources_mix import Mix, mix_rows
from bestvalue.analysis.challenge.resources_mix_pools import PoolMix, pool_mix_rows
from bestvalue.analysis.challenge.resources_sweep import Sweep
from bestvalue.analysis.challenge.resources_validate import Validation
from bestvalue.analysis.contract import ResultTable

SHARES = dict.fromkeys(("within", "low", "high", "change", "change_low", "change_high", "waited", "reached", "today", "then"), "share")


def of_scenarios(sweep: Sweep, shown: list[int], lending_of: int) -> dict[str, ResultTable]:
    """Tables of the sweep.

    Args:
        sweep: all scenarios.
        shown: numbers of those broken down by hour and skill, and by area first; the other scenarios follow by area.
        lending_of: number of the scenario whose lending is shown.
    """
    base = (
        f"{sweep.replications} replications of {sweep.weeks} weeks, the same incidents in every scenario; "
        f"{sweep.confidence:.0%} intervals over replications."
    )
    by_area = [*shown[1:], *(number for number in range(1, len(sweep.scenarios)) if number not in shown)]
    tables = {
        "response": ResultTable(
            title="Response in each scenario",
            rows=effects.response(sweep),
            labels={
                "within": "within target",
                "change": "change against today",
                "change_low": "change from",
                "change_high": "change to",
                "low": "from",
                "high": "to",
                "median_minutes": "median minutes",
                "ninetieth_minutes": "90th percentile minutes",
                "waited": "waited for a unit",
                "mean_wait_minutes": "mean wait, minutes",
                "ninetieth_wait_minutes": "90th percentile of the wait, minutes",
                "queue_growth": "growth of the queue, incidents a day",
            },
            units=SHARES | dict.fromkeys(("median_minutes", "ninetieth_minutes", "mean_wait_minutes", "ninetieth_wait_minutes"), "minutes"),
            note=f"{base} Who was never reached counts as missing the target. No mean wait is given where the queue has no end.",
        ),
        "work": ResultTable(
            title="Units, cost and work in each scenario",
            rows=effects.work(sweep),
            labels={
                "hours_below_minimum": "hours of the week below a pool's minimum, all pools",
                "pounds_a_year": "pounds a year",
                "change_pounds": "against today, pounds a year",
                "local_utilisation": "utilisation of local units",
                "support_utilisation": "utilisation of support units",
                "local_overtime_hours": "overtime of local units, hours a week",
                "support_overtime_hours": "overtime of support units, hours a week",
                "overtime_change": "change of overtime, hours a week",
                "overtime_low": "from",
                "overtime_high": "to",
                "borrowed": "by units of other areas",
                "queue_growth": "growth of the queue, incidents a day",
            },
            units={
                "units": "units",
                "pounds_a_year": "pounds",
                "change_pounds": "pounds",
                "local_utilisation": "share",
                "support_utilisation": "share",
                "borrowed": "share",
            },
            note=f"{base} Utilisation: hours on jobs, overtime included, for each hour on duty. "
            "Overtime: unit-hours past the end of the turn.",
        ),
        "areas": ResultTable(
            title="Who gains and who loses: share reached within target by area and grade",
            rows=effects.by_area(sweep, by_area),
            labels={
                "low": "change from",
                "high": "change to",
                "ninetieth_today": "90th percentile minutes, today",
                "ninetieth_then": "90th percentile minutes, then",
            },
            units=SHARES | {"ninetieth_today": "minutes", "ninetieth_then": "minutes"},
            note=base,
        ),
        "distribution": ResultTable(
            title="How response is spread",
            rows=effects.distribution(sweep, shown),
            labels={"reached_first": "share of incidents", "minutes": "are reached within minutes", "low": "from", "high": "to"},
            units={"reached_first": "share", "minutes": "minutes", "low": "minutes", "high": "minutes"},
            note=f"{base} Empty where so many are never reached.",
        ),
        "hours": ResultTable(
            title="Share reached within target by hour of the day",
            rows=effects.by_hour(sweep, shown),
            labels={"low": "from", "high": "to", "within": "within target"},
            units=SHARES,
            note=base,
        ),
        "pools": ResultTable(
            title="The pools today",
            rows=effects.by_pool(sweep),
            labels={
                "minimum_units": "minimum on duty",
                "overtime_hours": "overtime, hours a week",
                "pounds_a_unit_year": "pounds a year of one unit",
                "low": "from",
                "high": "to",
            },
            units={"utilisation": "share", "low": "share", "high": "share", "pounds_a_unit_year": "pounds"},
            note=f"{base} Utilisation: hours on jobs for each hour on duty.",
        ),
        "lending": ResultTable(
            title=f"Who sends units to whom: {sweep.scenarios[lending_of].name}",
            rows=effects.lending(sweep, lending_of),
            labels={"units_a_week": "units a week", "share": "share of those sent to the area"},
            units={"units_a_week": "units a week", "share": "share"},
            note=f"First wave. {base}",
        ),
    }
    skills = effects.by_skill(sweep, shown)
    if skills.height:
        tables["skills"] = ResultTable(
            title="Requests for support answered within target, by skill",
            rows=skills,
            labels={"low": "from", "high": "to", "within": "within target"},
            units=SHARES,
            note=base,
        )
    return tables


def of_marginal(rows: pl.DataFrame, sweep: Sweep) -> ResultTable:
    """One unit more or fewer."""
    return ResultTable(
        title="One unit more or fewer: its effect and its price",
        rows=rows,
        labels={
            "of": "share within target of",
            "effect": "change",
            "low": "from",
            "high": "to",
            "pounds_a_year": "pounds a year",
            "points_per_100000_pounds": "points for 100,000 pounds a year",
        },
        units={"today": "share", "effect": "share", "low": "share", "high": "share", "pounds_a_year": "pounds"},
        note=f"The unit of the pool that works most hours. {sweep.replications} replications of {sweep.weeks} weeks, paired with today; "
        f"{sweep.confidence:.0%} intervals.",
    )


def of_mix(mix: Mix) -> ResultTable:
    """The evidence of the search."""
    wanted = ", ".join(f"{key.grade} {share:.1%}" for key, share in mix.wanted.items())
    return ResultTable(
        title="Mixes of local and support units, cheapest first, and whether they meet the targets",
        rows=mix_rows(mix),
        labels={"local": "local, times today", "support": "support, times today", "pounds_a_year": "pounds a year"},
        units={"units": "units", "pounds_a_year": "pounds"},
        note=f"Wanted within target: {wanted}. Intervals hold for all candidates together at {mix.confidence:.0%}; "
        "mixes that surely fail or cost more than one that surely meets all are not played on.",
    )


def of_pool_mix(mix: PoolMix) -> ResultTable:
    """The size of each pool in the least-cost mix."""
    return ResultTable(
        title="The least-cost mix with a size for each pool",
        rows=pool_mix_rows(mix),
        labels={
            "factor": "times today",
            "units_today": "units today",
            "pounds_a_year_today": "pounds a year today",
            "pounds_a_year": "pounds a year",
            "change": "change, pounds a year",
        },
        units={"units_today": "units", "units": "units"} | dict.fromkeys(("pounds_a_year_today", "pounds_a_year", "change"), "pounds"),
        note="It meets the targets for the force as a whole; a single area or skill may fall. "
        f"Tested on {mix.replications} replications that it was not chosen on.",
    )


def of_validation(found: Validation) -> ResultTable:
    """Prediction against records."""
    return ResultTable(
        title="The test: predicted against recorded, in weeks that were not used",
        rows=found.rows,
        labels={"low": "90% from", "high": "90% to", "inside": "inside the interval", "by": "broken down by"},
        units={"base": "incidents"},
        note=f"{found.weeks} weeks. Error: a share of what was recorded for minutes, utilisation and numbers; a difference for shares.",
    )
