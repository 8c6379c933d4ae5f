"""Where does the force stand among the others, and between which places could it truly be?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import altair as alt
import numpy as np
import polars as pl

from bestvalue.analysis.compare import rank_statements as say
from bestvalue.analysis.compare.asked import CompareSpec, Group, Slice, period_parameter, read_group, slices
from bestvalue.analysis.compare.parts import OWN_OR_OTHER, part_of
from bestvalue.analysis.compare.ranking import Ranks, rank
from bestvalue.analysis.compare.values import Panel, read_panel
from bestvalue.analysis.contract import Analysis, Answer, Chart, Progress, ResultTable, parameter
from bestvalue.analysis.drawing import WIDTH, inline, spec
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

MOST_CHARTS = 4


class Spec(CompareSpec):
    """Which indicators to rank, and how many draws."""

    period: date | None = period_parameter()
    draws: int = parameter(
        10_000,
        title="Draws",
        help="How often the forces are drawn from what their counts allow.",
        unit="draws",
        advanced=True,
        ge=1000,
        le=1_000_000,
    )


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """One indicator's ranking: `rows` has force_id, quotient, place and, where chance is known, low, high and expected."""

    one: Slice
    rows: pl.DataFrame
    ranks: Ranks | None


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Rank the forces on every indicator, with the interval of each place.

    Raises:
        SpecError: fewer than two forces have a value on any indicator.
    """
    progress(0.05, "Reading indicator values")
    panel = read_panel(dataset, own_force=spec.own_force, wanted=spec.indicators)
    group = read_group(dataset, panel, spec.group)
    found = slices(panel, period=spec.period)
    rankings: dict[str, Ranking] = {}
    for number, (code, one) in enumerate(found.items()):
        progress(0.1 + 0.8 * number / len(found), f"Ranking {one.indicator.name}")
        ranking = _ranking(one, panel, group, spec, np.random.Generator(np.random.Philox(key=[spec.seed, number])))
        if ranking is not None:
            rankings[code] = ranking
    if not rankings:
        raise SpecError("Fewer than two forces have a value", where="group", next_step="Choose a wider group or another period.")
    return Answer(
        statements=(*say.places(panel, rankings, group), *say.separable(rankings), *say.no_chance(rankings)),
        tables={"ranks": _table(panel, rankings, spec.confidence), "chances": _chances(panel, rankings)},
        charts=_charts(panel, group, rankings, spec.confidence),
        caveats=say.CAVEATS,
    )


def _ranking(one: Slice, panel: Panel, group: Group, settings: Spec, chance: np.random.Generator) -> Ranking | None:
    wanted = {*group.members, panel.own or ""}
    rows = one.rows.filter(pl.col("force_id").is_in(list(wanted))).sort("force_id")
    if rows.height < 2:
        return None
    placed = rows.select("force_id", "numerator", "denominator", "quotient").with_columns(
        place=pl.col("quotient").rank("min").cast(pl.Int64)
    )
    if one.indicator.sort == "ratio":
        return Ranking(one=one, rows=placed.sort("quotient", "force_id"), ranks=None)
    ranks = rank(
        rows["numerator"].to_numpy(),
        rows["denominator"].to_numpy(),
        sort=one.indicator.sort,
        draws=settings.draws,
        confidence=settings.confidence,
        chance=chance,
    )
    with_interval = placed.with_columns(
        pl.Series("low", ranks.low),
        pl.Series("high", ranks.high),
        pl.Series("expected", ranks.expected),
        pl.int_range(pl.len()).alias("row"),
    )
    return Ranking(one=one, rows=with_interval.sort("quotient", "force_id"), ranks=ranks)


def _table(panel: Panel, rankings: Mapping[str, Ranking], confidence: float) -> ResultTable:
    parts = [
        ranking.rows.select(
            pl.lit(ranking.one.indicator.name).alias("indicator"),
            _force(panel),
            (pl.col("quotient") * ranking.one.indicator.multiplier).alias("printed"),
            "place",
            *((pl.col(name) if name in ranking.rows.columns else pl.lit(None, kind).alias(name)) for name, kind in _INTERVAL.items()),
        )
        for ranking in rankings.values()
    ]
    return ResultTable(
        title="Places, from the lowest",
        rows=pl.concat(parts),
        labels={"place": "place as counted", "low": "place from", "high": "place to", "expected": "expected place"},
        note=f"Places from the lowest value. Intervals at {confidence:.0%}; none where the numerator is an amount.",
    )


_INTERVAL = {"low": pl.Int64(), "high": pl.Int64(), "expected": pl.Float64()}


def _chances(panel: Panel, rankings: Mapping[str, Ranking]) -> ResultTable:
    """For the own force: the chance of each place."""
    rows: list[tuple[str, int, float]] = []
    for ranking in rankings.values():
        own = ranking.rows.filter(pl.col("force_id") == (panel.own or ""))
        if ranking.ranks is not None and own.height:
            chances = ranking.ranks.chances[int(own["row"][0])]
            rows.extend((ranking.one.indicator.name, place + 1, float(share)) for place, share in enumerate(chances) if share > 0)
    table = pl.DataFrame(rows, schema={"indicator": pl.String, "place": pl.Int64, "chance": pl.Float64}, orient="row")
    return ResultTable(
        title="The own force's chance of each place",
        rows=table,
        units={"chance": "share"},
        note="Places from the lowest; places without a chance are left out.",
    )


def _force(panel: Panel) -> pl.Expr:
    return (pl.col("force_id").replace(dict(panel.forces)) if panel.forces else pl.col("force_id")).alias("force")


def _charts(panel: Panel, group: Group, rankings: Mapping[str, Ranking], confidence: float) -> dict[str, Chart]:
    """A ladder for the indicators whose places are known best and worst."""
    known = [(code, ranking) for code, ranking in rankings.items() if ranking.ranks is not None]
    known.sort(key=lambda pair: -float((pair[1].rows["high"] - pair[1].rows["low"]).mean() or 0.0))  # type: ignore[arg-type]
    return {f"ladder_{code}": _ladder(panel, group, ranking, confidence) for code, ranking in known[:MOST_CHARTS]}


def _ladder(panel: Panel, group: Group, ranking: Ranking, confidence: float) -> Chart:
    rows = ranking.rows.select(
        _force(panel), "place", "low", "high", part_of(pl.col("force_id"), own=panel.own, group=group.members).alias("part")
    ).sort("place", "force")
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y("force:N", sort=rows["force"].to_list(), title=None, axis=alt.Axis(labelLimit=220)),
        color=alt.Color("part:N", scale=OWN_OR_OTHER, title=None, legend=alt.Legend(orient="top")),
    )
    drawn = alt.layer(
        base.mark_rule(strokeWidth=3).encode(
            x=alt.X("low:Q", title="place, from the lowest", scale=alt.Scale(domain=[1, rows.height])), x2="high:Q"
        ),
        base.mark_point(filled=True, size=50, opacity=1).encode(x="place:Q"),
    ).properties(width=WIDTH - 220, height=14 * rows.height)
    name = ranking.one.indicator.name
    widest = rows.with_columns(width=pl.col("high") - pl.col("low")).sort("width", descending=True).row(0, named=True)
    alt_text = (
        f"Ladder of {rows.height} forces by {name} with the {confidence:.0%} interval of each place; the widest, {widest['force']}, "
        f"reaches from {widest['low']} to {widest['high']}."
    )
    return Chart(title=f"{name}: places and how far chance moves them", spec=spec(drawn), alt=alt_text, table="ranks")


ANALYSIS = Analysis(
    name="compare.rank",
    title="Places in the league table",
    question="Where does the force stand among the others, and between which places could it truly be?",
    needs=("indicator_values",),
    uses=("indicators", "forces", "force_populations", "force_changes", "force_characteristics", "peer_lists"),
    Spec=Spec,
    answer=answer,
)
