"""Make, buy or share? What others would do it for, like for like with what it costs the force itself."""

from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from bestvalue.analysis.compete import competition_statements as say
from bestvalue.analysis.compete.competition_prices import Compared, compare_prices
from bestvalue.analysis.compete.rates.deflators import price_index
from bestvalue.analysis.compete.rates.discounting import STANDARD, edition_named
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, parameter
from bestvalue.analysis.drawing import spec
from bestvalue.analysis.pence import PENCE_A_POUND
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

WIDTH = 560
LABELS = {
    "evidence_id": "evidence",
    "price_pounds": "price",
    "adjustment_pounds": "left out",
    "change_pounds": "changing over, a year",
    "offered_hour_pounds": "an hour as offered",
    "like_hour_pounds": "an hour like for like",
    "whole_hour_pounds": "an hour in all",
    "offered_against": "as offered against the force",
    "like_against": "like for like against the force",
    "whole_against": "in all against the force",
}


class Spec(AnalysisSpec):
    """Over how long, and by which rates."""

    contract_years: int = parameter(
        5, title="Contract", help="Over how many years the cost of changing over is spread.", unit="years", ge=1, le=50
    )
    evidence: tuple[str, ...] = parameter(
        (),
        title="Evidence of the offers",
        help="Which item of evidence of the record holds which offer, such as PP-03=12; goes before the numbers in the table of offers.",
    )
    edition: str = parameter("", title="Edition", help="Edition of the discount rates; the latest when left empty.", advanced=True)


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Compare the offers.

    Raises:
        SpecError: there are no prices, or no such edition of the rates.
        TableFaults: an offer has no hours, or prices of a year that the price index does not cover.
    """
    progress(0.1, "Comparing prices")
    edition = edition_named(spec.edition)
    index = price_index(dataset)
    found = compare_prices(dataset, index=index, schedule=edition.schedules[STANDARD], contract_years=spec.contract_years)
    if not found:
        raise SpecError("There are no prices", where="provider_prices", next_step="Fill in the table provider_prices.")
    cited = _cited(spec.evidence, [code for one in found for code in one.rows["provider_price_id"]])
    rows = pl.concat([one.rows.insert_column(0, pl.Series("service", [one.service] * one.rows.height)) for one in found])
    return Answer(
        statements=tuple(statement for one in found for statement in say.every(one, spec.contract_years)),
        tables={
            "prices": _table(_with_evidence(rows, cited), f"Discounted by {edition.name}. Prices by the {index.name}: {index.source}.")
        },
        charts={f"prices{'' if number == 0 else f'_{number + 1}'}": _chart(one) for number, one in enumerate(found)},
        caveats=say.CAVEATS,
    )


def _cited(pairs: Sequence[str], offers: Sequence[str]) -> dict[str, int]:
    """Number of the item of evidence of each offer that a pair names."""
    found = {}
    for pair in pairs:
        code, _, number = (part.strip() for part in pair.partition("="))
        if code not in offers or not number.isdecimal():
            raise SpecError(
                f"{pair!r} does not cite an item of evidence for an offer",
                where="evidence",
                next_step=f"Write the number of the offer, an equals sign and the number of the item: {offers[0]}=12.",
            )
        found[code] = int(number)
    return found


def _with_evidence(rows: pl.DataFrame, cited: Mapping[str, int]) -> pl.DataFrame:
    named = pl.col("provider_price_id").replace_strict(dict(cited), default=None, return_dtype=pl.Int64)
    return rows.with_columns(evidence_id=pl.coalesce(named, pl.col("evidence_id").cast(pl.Int64)))


def _chart(found: Compared) -> Chart:
    """What an hour costs from each, in three parts: offered, left out, changing over."""
    parts = []
    for row in found.rows.iter_rows(named=True):
        for place, (part, pence) in enumerate(
            (("as offered", row["price_pence"]), ("left out", row["adjustment_pence"]), ("changing over", row["change_pence"]))
        ):
            parts.append({"provider": row["provider"], "part": part, "place": place, "pounds": pence / row["volume"] / PENCE_A_POUND})
    order = found.rows["provider"].to_list()
    drawn = (
        alt.Chart(alt.InlineData(values=parts), width=WIDTH - 160, height=34 * len(order))
        .mark_bar()
        .encode(
            y=alt.Y("provider:N", sort=order, title=None),
            x=alt.X("pounds:Q", title="pounds an hour"),
            color=alt.Color("part:N", title=None, sort=["as offered", "left out", "changing over"]),
            order="place:Q",
        )
    )
    listed = "; ".join(f"{row['provider']} £{row['whole_hour_pence'] / PENCE_A_POUND:.2f}" for row in found.rows.iter_rows(named=True))
    return Chart(
        title=f"What an hour of {found.service} costs from each, like for like",
        spec=spec(drawn),
        alt=f"Stacked bars of the price of an hour, what it leaves out, and changing over: {listed}.",
        table="prices",
    )


def _table(rows: pl.DataFrame, note: str) -> ResultTable:
    pence = [name for name in rows.columns if name.endswith("_pence")]
    renamed = {name: f"{name.removesuffix('pence')}pounds" for name in pence}
    table = rows.with_columns(pl.col(name) / PENCE_A_POUND for name in pence).rename(renamed)
    units = dict.fromkeys(renamed.values(), "pounds") | {name: "share" for name in table.columns if name.endswith("_against")}
    return ResultTable(
        title="Prices like for like",
        rows=table,
        labels=LABELS,
        units=units | {"volume": "hours a year", "evidence_id": "evidence item"},
        note=f"{note} {_note_of_evidence(rows)}",
    )


def _note_of_evidence(rows: pl.DataFrame) -> str:
    bare = rows.filter(pl.col("evidence_id").is_null() & (pl.col("provider_kind") != "own")).height
    return f"No item of evidence of the record is cited for {bare} of {rows.height} prices." if bare else "Each price cites its evidence."


ANALYSIS = Analysis(
    name="compete.competition",
    title="Make, buy or share",
    question="What would others do the service for, once what their prices leave out and the cost of changing over are counted?",
    needs=("provider_prices",),
    uses=("options", "option_flows", "price_indices"),
    Spec=Spec,
    answer=answer,
    version=2,
)
