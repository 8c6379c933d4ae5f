from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestvalue.analysis.compete.costing_activities import NOT_SAMPLED, activity_costs
from bestvalue.analysis.compete.costing_layers import Layers, layers_of, read_links
from bestvalue.analysis.compete.costing_ledger import Books, objective_by_subjective, open_books
from bestvalue.analysis.compete.costing_reconciliation import reconcile
from bestvalue.analysis.compete.costing_sample import Diary, time_shares
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.errors import SpecError, TableError, TableFaults

YEAR = "2025/26"


def centre(code: str, layer: str, **more: Any) -> dict[str, Any]:
    return {"cost_centre_id": code, "cost_centre_name": f"{code} name", "layer": layer, "objective": "Local policing", **more}


def line(code: str, pence: int, subjective: str = "pay", **more: Any) -> dict[str, Any]:
    return {
        "ledger_line_id": f"L{code}{subjective}{more.get('financial_year', YEAR)}",
        "financial_year": YEAR,
        "cost_centre_id": code,
        "subjective": subjective,
        "budget_pence": pence * 2,
        "outturn_pence": pence,
        **more,
    }


def link(giver: str, taker: str, quantity: float, driver: str = "people") -> dict[str, Any]:
    return {"from_cost_centre_id": giver, "to_cost_centre_id": taker, "driver": driver, "quantity": quantity}


CENTRES = [
    centre("A", "direct"),
    centre("B", "direct"),
    centre("HR", "business support"),
    centre("IT", "business support"),
    centre("CEO", "sustaining overhead"),
]
LINES = [line("A", 600), line("B", 300), line("HR", 100), line("IT", 80), line("CEO", 20), line("A", -50, "income")]
LINKS = [link("HR", "IT", 1), link("HR", "A", 3), link("IT", "HR", 1), link("IT", "B", 1)]


@pytest.fixture
def small(tables: Callable[..., Dataset]) -> Callable[..., Dataset]:
    def small(
        lines: Sequence[Mapping[str, Any]] = LINES,
        links: Sequence[Mapping[str, Any]] = LINKS,
        centres: Sequence[Mapping[str, Any]] = CENTRES,
        **more: Sequence[Mapping[str, Any]],
    ) -> Dataset:
        return tables(ledger=lines, cost_centres=centres, support_links=links, **more)

    return small


def worked_out(dataset: Dataset) -> Layers:
    return layers_of(open_books(dataset), read_links(dataset))


def test_three_layers_by_hand(small: Callable[..., Dataset]) -> None:
    """HR = 100 + IT / 2 and IT = 80 + HR / 4 give HR 160 and IT 120: A gets 120 of HR, B 60 of IT; overhead 20 as 600 : 300."""
    layers = worked_out(small())
    assert layers.direct.select("direct_pence", "support_pence", "overhead_pence").rows() == [(600, 120, 13), (300, 60, 7)]
    assert layers.loaded["loaded_pence"].to_list() == pytest.approx([160, 120])
    assert layers.unallocated.height == 0


def test_each_support_centres_own_money_is_followed_to_where_it_ends(small: Callable[..., Dataset]) -> None:
    """By hand: of HR's 100, x = 100 + x / 8 is passed on as 6/8 to A and 1/8 to B: 86 and 14; of IT's 80 it is 34 and 46."""
    landed = worked_out(small()).support
    assert landed.rows() == [("HR", "A", 86), ("HR", "B", 14), ("IT", "A", 34), ("IT", "B", 46)]


def test_income_stands_apart_or_is_taken_off(small: Callable[..., Dataset]) -> None:
    dataset = small()
    apart, netted = open_books(dataset), open_books(dataset, income="netted")
    assert (apart.cost_pence, apart.income_pence, apart.net_pence) == (1100, -50, 1050)
    assert (netted.cost_pence, netted.income_pence) == (1050, 0)
    assert layers_of(netted, read_links(dataset)).direct["direct_pence"].to_list() == [550, 300]


def test_the_budget_is_costed_like_the_outturn(small: Callable[..., Dataset]) -> None:
    assert open_books(small(), basis="budget").cost_pence == 2200


def test_a_support_centre_that_nobody_counts_stays_a_line_of_its_own(small: Callable[..., Dataset]) -> None:
    layers = worked_out(small(links=[link("HR", "IT", 1), link("HR", "A", 1)]))
    assert layers.unallocated.select("what", "pence").rows() == [("IT name (IT)", 130)]
    assert layers.allocated_pence + 130 == 1100


def test_a_cost_centre_that_is_not_known_stays_a_line_of_its_own(small: Callable[..., Dataset]) -> None:
    layers = worked_out(small(lines=[*LINES, line("X", 70)]))
    assert layers.unallocated.rows() == [("X", "the table of cost centres does not name it", 70)]


def test_a_centre_that_spends_nothing_still_receives_support(small: Callable[..., Dataset]) -> None:
    layers = worked_out(small(lines=[one for one in LINES if one["cost_centre_id"] != "B"]))
    assert dict(layers.direct.select("cost_centre_id", "support_pence").rows()) == {"A": 120, "B": 60}


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (
            [link("HR", "IT", 1), link("IT", "HR", 1)],
            r"HR name \(HR\), IT name \(IT\) serve only each other, so that £1\.80 has no way out",
        ),
        ([link("HR", "HR", 5), link("IT", "A", 1)], r"HR name \(HR\) serves only itself"),
    ],
)
def test_a_closed_loop_is_refused_by_name(small: Callable[..., Dataset], links: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(TableError, match=said) as refused:
        worked_out(small(links=links))
    assert refused.value.where == "support_links, column to_cost_centre_id"


def test_every_wrong_link_is_named(small: Callable[..., Dataset]) -> None:
    wrong = [link("HR", "A", -1), link("HR", "B", 2, driver="square metres"), link("A", "B", 1), link("IT", "GONE", 1)]
    with pytest.raises(TableFaults) as refused:
        worked_out(small(links=wrong))
    assert [(fault.file, fault.column) for fault in refused.value.faults] == [
        ("support_links, A to B", "from_cost_centre_id"),
        ("support_links, HR to A", "quantity"),
        ("support_links, IT to GONE", "to_cost_centre_id"),
        ("support_links, HR", "driver"),
    ]


def test_a_ledger_that_does_not_balance_is_refused_to_the_penny(small: Callable[..., Dataset]) -> None:
    totals = [{"financial_year": YEAR, "budget_pence": 2100, "outturn_pence": 1049}]
    with pytest.raises(TableError, match=r"adds up to £10\.50, £0\.01 more than the control total of £10\.49") as refused:
        open_books(small(control_totals=totals))
    assert refused.value.where == "control_totals, financial_year 2025/26, column outturn_pence"
    assert open_books(small(control_totals=totals), tolerance_pence=1).net_pence == 1050


def test_a_year_that_is_not_there_is_refused_with_those_that_are(small: Callable[..., Dataset]) -> None:
    with pytest.raises(SpecError, match="no year 1999/00") as refused:
        open_books(small(), year="1999/00")
    assert refused.value.next_step == "Choose one of 2025/26."


def test_objective_by_subjective_adds_up_to_the_net_budget_requirement(small: Callable[..., Dataset]) -> None:
    table = objective_by_subjective(open_books(small(lines=[*LINES, line("X", 70)])))
    assert table.rows() == [("Local policing", 1100, -50, 1050), ("cost centre not in cost_centres", 70, 0, 70)]
    assert table.columns == ["objective", "pay", "income", "total_pence"]


def test_the_synthetic_force_has_the_full_costs_that_were_planted(force: SyntheticForce, force_data: Dataset) -> None:
    """Eight support centres are each rounded to the penny, so a direct centre may be four pence from the unrounded truth."""
    planted = pl.read_parquet(force.truth / "full_costs.parquet")
    both = worked_out(force_data).direct.join(planted, on="cost_centre_id", suffix="_planted")
    assert both.height == planted.height
    for layer in ("direct", "support", "overhead"):
        assert (both[f"{layer}_pence"] - both[f"{layer}_pence_planted"]).abs().max() <= 4  # type: ignore[operator]


LAYER = st.sampled_from(["direct", "direct", "business support", "sustaining overhead"])


@st.composite
def random_books(draw: st.DrawFn) -> tuple[Books, pl.DataFrame]:
    """A ledger of any shape with links that always lead out, some centres unknown, some support without links."""
    layers = ["direct", *draw(st.lists(LAYER, min_size=1, max_size=9))]
    centres = pl.DataFrame(
        [(f"C{n}", f"Centre {n}", layer, "Z" if n % 2 else None, f"Objective {n % 3}") for n, layer in enumerate(layers)],
        schema=dict.fromkeys(("cost_centre_id", "cost_centre_name", "layer", "area_id", "objective"), pl.String),
        orient="row",
    )
    spent = draw(st.lists(st.tuples(st.integers(0, len(layers)), st.integers(-(10**6), 10**10)), min_size=1, max_size=25))
    lines = pl.DataFrame(
        [(f"L{n}", f"C{place}", f"subjective {n}", pence) for n, (place, pence) in enumerate(spent)],
        schema={"ledger_line_id": pl.String, "cost_centre_id": pl.String, "subjective": pl.String, "pence": pl.Int64},
        orient="row",
    ).join(centres, on="cost_centre_id", how="left")
    links = []
    for giver, layer in enumerate(layers):
        if layer == "business support" and draw(st.booleans()):
            links.append((f"C{giver}", "C0", "people", draw(st.floats(0.01, 1e6))))
            takers = draw(st.sets(st.integers(1, len(layers) - 1)))
            links += [(f"C{giver}", f"C{taker}", "people", draw(st.floats(0, 1e6))) for taker in sorted(takers)]
    columns = {"from_cost_centre_id": pl.String, "to_cost_centre_id": pl.String, "driver": pl.String, "quantity": pl.Float64}
    income = draw(st.sampled_from(["apart", "netted"]))
    books = Books(year=YEAR, basis="outturn", income=income, lines=lines, every_centre=centres, control_pence=None)
    return books, pl.DataFrame(links, schema=columns, orient="row")


@settings(deadline=None, max_examples=60)
@given(made=random_books(), method=st.sampled_from(["reciprocal", "step-down", "direct"]), seed=st.integers(0, 99))
def test_any_ledger_comes_out_again_to_the_penny(made: tuple[Books, pl.DataFrame], method: Any, seed: int) -> None:
    books, links = made
    chance = np.random.default_rng(seed)
    people = 8
    days = pl.DataFrame(
        {
            "staff_id": [f"S{n}" for n in range(people)],
            "cost_centre_id": ["C0"] * people,
            "staff_group": ["constable"] * people,
            "objective": ["Objective 0"] * people,
            "day": [0] * people,
        }
    )
    pairs = pl.DataFrame({"activity_id": ["A1", "A1", "A2"], "kind": ["theft", "violence", ""]})
    shares = time_shares(Diary(days=days, pairs=pairs, minutes=chance.uniform(1, 100, (people, 3))), draws=50)
    staff = pl.DataFrame(
        {
            "cost_centre_id": ["C0", "C0"],
            "staff_group": ["constable", "inspector"],
            "people": [5, 1],
            "weekly_pence": [3.3e6, 1e6],
            "weekly_hours": [200.0, 40.0],
        }
    )
    hours = pl.DataFrame({"cost_centre_id": ["C0", "C0"], "area_id": ["X", "Y"], "hours": [1.0, 2.0]})
    layers = layers_of(books, links, method=method)
    costs = activity_costs(layers, staff=staff, shares=shares, hours=hours)
    statement = reconcile(books, layers, costs)
    assert statement.difference_pence == 0
    assert layers.allocated_pence + int(layers.unallocated["pence"].sum()) == books.cost_pence
    assert int(costs.cells["pence"].sum()) == layers.allocated_pence
    assert books.cost_pence + books.income_pence == int(books.lines["pence"].sum())
    own = costs.cells.group_by("cost_centre_id", "layer").agg(pl.col("pence").sum())
    full = dict(layers.direct.select("cost_centre_id", "direct_pence").rows())
    assert {code: pence for code, layer, pence in own.iter_rows() if layer == "direct"} == {code: p for code, p in full.items() if p}
    inspectors = costs.cells.filter(pl.col("staff_group") == "inspector")
    assert set(inspectors["activity_id"]) <= {NOT_SAMPLED}, "nobody sampled inspectors, so their cost is in no activity"


def test_totals_are_the_same_where_there_are_too_many_centres_to_trace(
    small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    traced = worked_out(small())
    monkeypatch.setattr("bestvalue.analysis.compete.costing_layers.TRACED_AT_MOST", 1)
    untraced = worked_out(small())
    assert untraced.direct.equals(traced.direct)
    assert untraced.support.height == 0
