"""Which forces work in places most like the force's own, and how sure is that choice?"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from bestvalue.analysis.compare import peers_statements as say
from bestvalue.analysis.compare.likeness import likeness, standardise
from bestvalue.analysis.compare.peers_charts import stability_chart
from bestvalue.analysis.compare.peers_tables import tables_of
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Progress, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

CHARACTERISTICS = "SELECT force_id, characteristic, year, value FROM force_characteristics"


class Spec(AnalysisSpec):
    """How many peers, by which characteristics and weights."""

    own_force: str = parameter(
        "", title="Own force", help="Code or name of the force under review; as the forces table says when left empty."
    )
    peers: int = parameter(
        7, title="Peers", help="How many forces are most similar; official groups have up to seven.", unit="forces", ge=1, le=20
    )
    characteristics: tuple[str, ...] = parameter((), title="Characteristics", help="Which to use; every one when left empty.")
    weights: tuple[float, ...] = parameter(
        (), title="Weights", help="How much each counts, in the order of the characteristics; alike when left empty.", advanced=True
    )
    logarithm: bool = parameter(
        default=True, title="Logarithms", help="Compare characteristics that are all above zero by their ratios, not their differences."
    )
    resamples: int = parameter(
        10_000, title="Resamples", help="How often the choice is made again.", unit="resamples", advanced=True, ge=100, le=200_000
    )
    weight_spread: float = parameter(
        0.3,
        title="Doubt in the weights",
        help="How far weights are drawn about those given: 0.3 is about a third up or down.",
        unit="standard deviation of the logarithm",
        advanced=True,
        ge=0,
        le=2,
    )
    list_name: str = parameter("", title="List to hold against", help="Name of a list in the table peer_lists; the newest when left empty.")


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Find the forces most like the own, and hold them against a published list where there is one.

    Raises:
        SpecError: too few forces or characteristics, or the weights do not match.
    """
    progress(0.05, "Reading characteristics")
    ids, names, own, columns, left_out = read_characteristics(dataset, spec)
    values = np.column_stack(list(columns.values()))
    weights = _weights(spec, list(columns))
    used = np.log(values) if spec.logarithm and (values > 0).all() else values
    progress(0.2, f"Choosing peers {spec.resamples:,} times")
    found = likeness(
        used,
        weights=weights,
        peers=min(spec.peers, len(ids) - 1),
        resamples=spec.resamples,
        weight_spread=spec.weight_spread,
        chance=np.random.Generator(np.random.Philox(key=spec.seed)),
    )
    listed = _listed(dataset, spec)
    at = ids.index(own)
    nobodys = [names[j] for j in range(len(ids)) if j not in set(found.nearest.ravel().tolist())]
    progress(0.9, "Writing the answer")
    return Answer(
        statements=(
            *say.nearest(names, at, found, list(columns)),
            *say.stability(names, at, found),
            *say.one_sided(names, at, found),
            *say.nobodys_peer(names, nobodys, found),
            *say.against_list(ids, names, at, found, listed),
            *say.left_out(left_out),
        ),
        tables=tables_of(names, at, found, columns, standardise(used)),
        charts={"stability": stability_chart(names, at, found)},
        caveats=say.CAVEATS,
    )


def read_characteristics(dataset: Dataset, spec: Spec) -> tuple[list[str], list[str], str, dict[str, np.ndarray], list[str]]:
    """Codes and names of the forces, the own code, values by characteristic (the latest year of each), and forces left out for gaps."""
    rows = dataset.query(CHARACTERISTICS).sort("force_id", "characteristic", "year").unique(["force_id", "characteristic"], keep="last")
    known = rows["characteristic"].unique().sort().to_list()
    wanted = list(spec.characteristics) or known
    for name in wanted:
        if name not in known:
            raise SpecError(f"There is no characteristic {name!r}", where="characteristics", next_step=f"There are: {', '.join(known)}.")
    wide = rows.filter(pl.col("characteristic").is_in(wanted)).pivot("characteristic", index="force_id", values="value").sort("force_id")
    whole = wide.drop_nulls()
    if whole.height < len(wanted) + 3:
        raise SpecError(
            f"{whole.height} forces have every characteristic: too few for {len(wanted)} characteristics",
            where="characteristics",
            next_step="Choose fewer characteristics, or supply the missing values.",
        )
    labels, own = _names(dataset)
    ids = whole["force_id"].to_list()
    said = spec.own_force.strip().lower()
    chosen = next((code for code in ids if said in (code.lower(), labels.get(code, code).lower())), None) if said else own
    if chosen not in ids:
        raise SpecError(
            f"The own force {spec.own_force or own or ''!r} has no complete set of characteristics",
            where="own_force",
            next_step=f"Name a force such as {labels.get(ids[0], ids[0])}, or supply its characteristics.",
        )
    left_out = sorted(labels.get(code, code) for code in set(wide["force_id"]) - set(ids))
    return ids, [labels.get(code, code) for code in ids], str(chosen), {name: whole[name].to_numpy() for name in wanted}, left_out


def _names(dataset: Dataset) -> tuple[dict[str, str], str | None]:
    if "forces" not in dataset.tables:
        return {}, None
    forces = dataset.query("SELECT force_id, force_name, own_force FROM forces").sort("force_id")
    own = forces.filter(pl.col("own_force"))["force_id"]
    return dict(zip(forces["force_id"], forces["force_name"], strict=True)), own[0] if len(own) else None


def _weights(spec: Spec, columns: Sequence[str]) -> np.ndarray:
    if not spec.weights:
        return np.ones(len(columns))
    weights = np.array(spec.weights)
    if len(weights) != len(columns) or (weights < 0).any() or not weights.any():
        raise SpecError(
            f"There are {len(weights)} weights for {len(columns)} characteristics, or one is below 0, or all are 0",
            where="weights",
            next_step=f"Give one weight for each of: {', '.join(columns)}.",
        )
    return weights


def _listed(dataset: Dataset, spec: Spec) -> pl.DataFrame | None:
    """The published list to hold against, the newest when none is named; None where there is none."""
    if "peer_lists" not in dataset.tables:
        return None
    rows = dataset.query("SELECT list_name, force_id, peer_force_id, listed_on, source FROM peer_lists")
    if spec.list_name:
        named = rows.filter(pl.col("list_name") == spec.list_name)
        if named.is_empty():
            raise SpecError(
                f"There is no list {spec.list_name!r}",
                where="list_name",
                next_step=f"There are: {', '.join(rows['list_name'].unique().sort())}.",
            )
        rows = named
    newest = rows.sort("listed_on", "list_name").row(-1, named=True)["list_name"]
    return rows.filter(pl.col("list_name") == newest).sort("force_id", "peer_force_id")


ANALYSIS = Analysis(
    name="compare.peers",
    title="Forces most like ours",
    question="Which forces work in places most like the force's own, and how sure is that choice?",
    needs=("force_characteristics",),
    uses=("forces", "peer_lists"),
    Spec=Spec,
    answer=answer,
)
