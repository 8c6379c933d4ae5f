"""Every way down a costing adds up, at every step, to the step above it and to the ledger."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest

from bestvalue.analysis.compete.costing import ANALYSIS, Spec
from bestvalue.analysis.contract import Result
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.synthetic import make_force
from bestvalue.site.presenters.cost_explorer import LEVELS, VIEWS, Explored, NoSuchStep, explore, ledger_of

AT = "/costs/abc/"


@pytest.fixture(scope="module")
def costing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    force = make_force(tmp_path_factory.mktemp("synthetic") / "data", scale=0.01, seed=1)
    engine = LocalEngine()
    tables = {
        name: CheckedTable(name=name, parquet=path, digest=str(path), rows=force.rows[name], source="a test")
        for name, path in force.tables.items()
    }
    yield ANALYSIS.run(Dataset(tables, engine=engine, synthetic=True), Spec(draws=200))
    engine.close()


def go(costing: Result, address: str) -> Explored:
    """Follow a link of the explorer."""
    parts = urlsplit(address)
    assert parts.path == AT
    return explore(costing, dict(parse_qsl(parts.query)), at=AT)


def walk(costing: Result, step: Explored) -> Iterator[Explored]:
    yield step
    for part in step.parts:
        if part.address:
            yield from walk(costing, go(costing, part.address))


@pytest.mark.parametrize("view", VIEWS)
def test_every_path_adds_up_at_every_step_and_leads_back(costing: Result, view: str) -> None:
    walked = 0
    for step in walk(costing, explore(costing, {"view": view}, at=AT)):
        assert step.pence == step.here.pence == sum(part.pence for part in step.parts)
        assert step.reconciles
        if step.above is not None:
            up = go(costing, step.above.address)
            assert {part.name: part.pence for part in up.parts}[step.here.name] == step.pence
        walked += 1
    assert walked > 500


def test_the_whole_is_the_ledger_as_the_reconciliation_has_it(costing: Result) -> None:
    assert explore(costing, {}, at=AT).pence == ledger_of(costing)


def test_a_ledger_that_the_lines_do_not_reach_is_shown(costing: Result) -> None:
    from dataclasses import replace

    import polars as pl

    short = replace(costing.tables["lines"], rows=costing.tables["lines"].rows.with_columns(pl.col("pence") * 2))
    wrong = explore(replace(costing, tables={**costing.tables, "lines": short}), {}, at=AT)
    assert not wrong.reconciles
    assert wrong.whole_difference == wrong.ledger


@pytest.mark.parametrize(
    "chosen",
    [
        {"view": "sideways"},
        {"service": "opera"},
        {"activity": "visible patrol"},
        {"service": "patrol", "activity": "visible patrol", "cost_centre": "x", "line": "y"},
    ],
)
def test_what_is_not_there_is_not_found(costing: Result, chosen: Mapping[str, str]) -> None:
    with pytest.raises(NoSuchStep):
        explore(costing, chosen, at=AT)


def test_every_level_of_every_view_has_a_name() -> None:
    assert {level for _, levels in VIEWS.values() for level in levels} == set(LEVELS)
