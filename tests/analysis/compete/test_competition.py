from collections.abc import Callable
from typing import Any

import pytest

from bestvalue.analysis.compete.competition import ANALYSIS, Spec
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError, TableFaults


def offer(code: str, kind: str, pence: int, *, adjustment: int = 0, hours: float = 100, year: str = "2023/24") -> dict[str, Any]:
    return {
        "provider_price_id": code,
        "service": "dogs",
        "provider": f"provider {code}",
        "provider_kind": kind,
        "financial_year": year,
        "volume": hours,
        "price_pence": pence,
        "left_out": "kennels" if adjustment else None,
        "adjustment_pence": adjustment,
    }


OWN, CHEAP = offer("P1", "own", 1_000_000), offer("P2", "market", 800_000, adjustment=150_000)


def test_an_offer_is_compared_with_what_it_leaves_out(tables: Callable[..., Dataset]) -> None:
    rows = ANALYSIS.run(tables(provider_prices=[OWN, CHEAP]), Spec()).tables["prices"].rows
    bought = rows.filter(rows["provider"] == "provider P2").row(0, named=True)
    assert (bought["offered_hour_pounds"], bought["like_hour_pounds"], bought["whole_hour_pounds"]) == pytest.approx((80, 95, 95))
    assert (bought["offered_against"], bought["like_against"]) == pytest.approx((-0.2, -0.05))


def test_changing_over_is_spread_over_the_contract_as_an_annuity(tables: Callable[..., Dataset]) -> None:
    """£1,000 to change now is, over two years at 3.5%, 1,000 / (1/1.035 + 1/1.035^2) a year."""
    options = [{"option_id": "O2", "service": "dogs", "option_name": "Buy", "kind": "outsource", "baseline": False}]
    flow = {"option_flow_id": "F1", "option_id": "O2", "year_number": 0, "category": "transition", "borne_by": "the force"}
    flows = [{**flow, "amount_pence": 100_000, "price_year": 2024}]
    result = ANALYSIS.run(tables(provider_prices=[OWN, CHEAP], options=options, option_flows=flows), Spec(contract_years=2))
    rows = result.tables["prices"].rows
    change = rows.filter(rows["provider"] == "provider P2")["change_pounds"][0]
    assert change == pytest.approx(1_000 / (1 / 1.035 + 1 / 1.035**2))
    turned = [statement.text for statement in result.statements if "looks 20% cheaper" in statement.text]
    assert len(turned) == 1
    assert "is 0.3% dearer once what it leaves out (kennels) and changing over are counted" in turned[0]


def test_another_volume_is_compared_by_the_hour(tables: Callable[..., Dataset]) -> None:
    rows = ANALYSIS.run(tables(provider_prices=[OWN, offer("P3", "force", 450_000, hours=50)]), Spec()).tables["prices"].rows
    assert rows.filter(rows["provider"] == "provider P3")["like_against"][0] == pytest.approx(-0.1)


def test_prices_of_another_year_are_put_into_the_latest(tables: Callable[..., Dataset]) -> None:
    """HM Treasury's deflator: 2022/23 is 0.75 x 90.5005 + 0.25 x 96.2507, 2023/24 is 0.75 x 96.2507 + 0.25 x 100."""
    rows = ANALYSIS.run(tables(provider_prices=[OWN, offer("P3", "force", 900_000, year="2022/23")]), Spec()).tables["prices"].rows
    factor = (0.75 * 96.2507 + 0.25 * 100) / (0.75 * 90.5005 + 0.25 * 96.2507)
    assert rows.filter(rows["provider"] == "provider P3")["price_pounds"][0] == pytest.approx(9_000 * factor)


def test_without_a_price_of_its_own_the_force_is_not_compared(tables: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(tables(provider_prices=[CHEAP]), Spec())
    assert result.statements[0].kind == "limit"
    assert result.tables["prices"].rows["like_against"].to_list() == [None]


def test_offers_that_cannot_be_compared_are_named(tables: Callable[..., Dataset]) -> None:
    wrong = [OWN, offer("P4", "market", 1, hours=0), offer("P5", "market", 1, year="1950/51")]
    with pytest.raises(TableFaults) as refused:
        ANALYSIS.run(tables(provider_prices=wrong), Spec())
    assert [(fault.file, fault.column) for fault in refused.value.faults] == [
        ("provider_prices, P4", "volume"),
        ("provider_prices, P5", "financial_year"),
    ]


def test_an_offer_cites_the_item_of_evidence_of_its_row_or_of_the_parameter(tables: Callable[..., Dataset]) -> None:
    data = tables(provider_prices=[OWN, CHEAP | {"evidence_id": 7}, offer("P3", "force", 1)])
    table = ANALYSIS.run(data, Spec(evidence=("P3=12",))).tables["prices"]
    assert dict(table.rows.select("provider_price_id", "evidence_id").iter_rows()) == {"P1": None, "P2": 7, "P3": 12}
    assert table.units["evidence_id"] == "evidence item"
    assert "Each price cites its evidence." in table.note


@pytest.mark.parametrize("pair", ["P9=12", "P2", "P2=the letter"])
def test_a_citation_that_names_no_offer_or_no_item_is_refused(tables: Callable[..., Dataset], pair: str) -> None:
    with pytest.raises(SpecError, match="does not cite an item of evidence"):
        ANALYSIS.run(tables(provider_prices=[OWN, CHEAP]), Spec(evidence=(pair,)))


def test_years_after_the_deflator_are_refused_with_what_to_supply_and_where_it_is_published(tables: Callable[..., Dataset]) -> None:
    with pytest.raises(TableFaults) as caught:
        ANALYSIS.run(tables(provider_prices=[OWN, offer("P3", "force", 900_000, year="2025/26")]), Spec())
    step = caught.value.faults[0].next_step
    assert "covers 1990/91 to 2023/24; it lacks 2025/26" in step
    assert 'price_indices: a row a year with index_name "GDP deflator"' in step
    assert "HM Treasury publishes it" in step


def test_an_index_that_the_force_supplies_puts_later_years_into_one_price(tables: Callable[..., Dataset]) -> None:
    levels = [
        {"index_name": "GDP deflator", "financial_year": year, "index_level": level, "source": "HM Treasury, November 2026"}
        for year, level in (("2023/24", 100.0), ("2025/26", 106.0))
    ]
    data = tables(provider_prices=[OWN, offer("P3", "force", 900_000, year="2025/26")], price_indices=levels)
    rows = ANALYSIS.run(data, Spec()).tables["prices"].rows
    assert rows.filter(rows["provider"] == "provider P1")["price_pounds"][0] == pytest.approx(10_600)
