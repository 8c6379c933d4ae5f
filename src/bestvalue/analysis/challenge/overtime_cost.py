"""What does overtime cost against its budget, and what would the same hours cost as posts?"""

from dataclasses import dataclass

import polars as pl

from bestvalue.analysis.challenge.overtime_duties import Duties
from bestvalue.dataset.dataset import Dataset

WEEKS_A_YEAR = 365.25 / 7

LEDGER = """
    SELECT l.financial_year, l.cost_centre_id, c.pool_id, SUM(l.budget_pence) AS budget_pence, SUM(l.outturn_pence) AS outturn_pence
    FROM ledger l JOIN cost_centres c ON c.cost_centre_id = l.cost_centre_id
    WHERE l.subjective = :subjective AND c.pool_id IS NOT NULL
    GROUP BY 1, 2, 3
"""

TRAINING = """
    SELECT k.to_cost_centre_id AS cost_centre_id, k.quantity, k.from_cost_centre_id
    FROM support_links k WHERE k.driver = :driver
"""

SPENDING = """
    SELECT cost_centre_id AS from_cost_centre_id, SUM(outturn_pence) AS outturn_pence
    FROM ledger WHERE financial_year = :year AND outturn_pence > 0 GROUP BY 1
"""


@dataclass(frozen=True, kw_only=True)
class Posts:
    """What one more post costs and gives in a year, pool by pool, and the hours of each cause as posts.

    Args:
        pools: `pool_id`, `people`, `pay_pounds`, `training_pounds`, `post_pounds`, `duty_hours`: of one post a year.
        causes: `cause`, `hours`, `overtime_pounds`, `posts`, `posts_pounds`, all a year; `hour_as_overtime`, `hour_as_post`.
        training_known: the ledger and the support links say what training costs.
    """

    pools: pl.DataFrame
    causes: pl.DataFrame
    training_known: bool


def financial_year(duties: Duties) -> str:
    """The financial year (April to March) with most of the duties, as the ledger writes it: "2025/26"."""
    april = pl.col("planned_start_at").dt.offset_by("-3mo").dt.year()
    year = int(duties.rows.select(april.mode().min()).item())
    return f"{year}/{(year + 1) % 100:02d}"


def against_budget(dataset: Dataset, rows: pl.DataFrame, *, year: str, subjective: str) -> pl.DataFrame:
    """Budget, outturn and what the recorded minutes come to, one row a pool, in pounds; empty where the ledger has none.

    Args:
        dataset: with ledger and cost_centres, else the answer is empty.
        rows: duties with `paid_pence`.
        year: financial year.
        subjective: name of the ledger's overtime lines.
    """
    columns = ("pool_id", "budget_pounds", "outturn_pounds", "recorded_pounds", "over_budget_pounds", "outturn_of_budget")
    if not {"ledger", "cost_centres"} <= set(dataset.tables):
        return pl.DataFrame(schema={"pool_id": pl.String, **dict.fromkeys(columns[1:], pl.Float64)})
    lines = dataset.query(LEDGER, subjective=subjective).filter(pl.col("financial_year") == year)
    first = int(year[:4])
    in_year = pl.col("planned_start_at").is_between(pl.datetime(first, 4, 1), pl.datetime(first + 1, 4, 1), closed="left")
    recorded = rows.filter(in_year).group_by("pool_id").agg(recorded_pounds=pl.col("paid_pence").sum() / 100)
    budget = lines.group_by("pool_id").agg(
        budget_pounds=pl.col("budget_pence").sum() / 100, outturn_pounds=pl.col("outturn_pence").sum() / 100
    )
    joined = budget.join(recorded, on="pool_id", how="left").with_columns(
        pl.col("recorded_pounds").fill_null(0.0),
        over_budget_pounds=pl.col("outturn_pounds") - pl.col("budget_pounds"),
        outturn_of_budget=pl.col("outturn_pounds") / pl.col("budget_pounds"),
    )
    return joined.select(columns).sort("over_budget_pounds", "pool_id", descending=[True, False])


def as_posts(dataset: Dataset, duties: Duties, rows: pl.DataFrame, *, year: str, training_driver: str) -> Posts:
    """Price the overtime hours of each cause as posts in the same pool.

    A post costs its pay with on-costs for the contracted hours of a year, and its share of what training costs; it gives
    the hours of ordinary duty that a person of that pool really worked, so leave, sickness and training days are in the
    price. Pools without ordinary duties are left out of both sides.

    Args:
        dataset: with ledger, cost_centres and support_links for the training; without them training is left out.
        duties: for the length of the period.
        rows: duties with `paid_pence` and `cause`.
        year: financial year of the ledger.
        training_driver: driver of the support links that count training.
    """
    to_year = WEEKS_A_YEAR / duties.weeks
    people = rows.group_by("pool_id", "staff_id").agg(pl.col("hour_pence", "weekly_hours", "cost_centre_id").first())
    people = people.sort("pool_id", "staff_id")
    ordinary = rows.filter(pl.col("duty_kind") == "rostered").group_by("pool_id").agg(hours=pl.col("planned_minutes").sum() / 60)
    training, known = _training(dataset, people, year=year, driver=training_driver)
    pools = (
        people.group_by("pool_id", maintain_order=True)  # the order of a sum decides its last digit
        .agg(
            people=pl.len().cast(pl.Int64),
            pay_pounds=(pl.col("hour_pence") * pl.col("weekly_hours") * WEEKS_A_YEAR / 100).mean(),
        )
        .join(ordinary, on="pool_id")
        .join(training, on="pool_id", how="left")
        .with_columns(pl.col("training_pounds").fill_null(0.0), duty_hours=pl.col("hours") * to_year / pl.col("people"))
        .with_columns(post_pounds=pl.col("pay_pounds") + pl.col("training_pounds"))
        .select("pool_id", "people", "pay_pounds", "training_pounds", "post_pounds", "duty_hours")
        .sort("pool_id")
    )
    over = (
        rows.filter(pl.col("overtime_minutes") > 0)
        .group_by("cause", "pool_id")
        .agg(hours=pl.col("overtime_minutes").sum() / 60 * to_year, overtime_pounds=pl.col("paid_pence").sum() / 100 * to_year)
    )
    priced = over.join(pools, on="pool_id").with_columns(posts=pl.col("hours") / pl.col("duty_hours"))
    causes = (
        priced.sort("cause", "pool_id")
        .group_by("cause", maintain_order=True)
        .agg(pl.col("hours", "overtime_pounds", "posts").sum(), posts_pounds=(pl.col("posts") * pl.col("post_pounds")).sum())
        .with_columns(hour_as_overtime=pl.col("overtime_pounds") / pl.col("hours"), hour_as_post=pl.col("posts_pounds") / pl.col("hours"))
        .sort("hours", descending=True)
    )
    return Posts(pools=pools, causes=causes, training_known=known)


def _training(dataset: Dataset, people: pl.DataFrame, *, year: str, driver: str) -> tuple[pl.DataFrame, bool]:
    """Pounds of training for each person of a pool in a year: the centres that serve by the driver, shared out by it."""
    nothing = pl.DataFrame(schema={"pool_id": pl.String, "training_pounds": pl.Float64}), False
    if not {"ledger", "cost_centres", "support_links"} <= set(dataset.tables):
        return nothing
    links = dataset.query(TRAINING, driver=driver)
    spending = dataset.query(SPENDING, year=year)
    joined = links.join(spending, on="from_cost_centre_id").sort("from_cost_centre_id", "cost_centre_id")
    shared = joined.with_columns(pence=pl.col("outturn_pence") * pl.col("quantity") / pl.col("quantity").sum().over("from_cost_centre_id"))
    if shared.height == 0:
        return nothing
    centres = people.group_by("pool_id", "cost_centre_id").agg(people=pl.len())
    to_centre = shared.group_by("cost_centre_id", maintain_order=True).agg(pl.col("pence").sum())
    served = centres.join(to_centre, on="cost_centre_id", how="left").fill_null(0.0).sort("pool_id", "cost_centre_id")
    each = served.group_by("pool_id", maintain_order=True).agg(training_pounds=pl.col("pence").sum() / 100 / pl.col("people").sum())
    return each, True
