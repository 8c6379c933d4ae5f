"""An accountant takes an answer along as a workbook."""

from pathlib import Path

from openpyxl import load_workbook
from tests.cli.conftest import Command

PRICES = """provider_price_id,service,provider,provider_kind,financial_year,volume,price_pence,left_out,adjustment_pence
P1,dogs,own force,own,2023/24,100,1000000,,0
P2,dogs,a company,market,2023/24,100,800000,kennels,150000
"""


def test_an_answer_is_written_as_a_workbook_beside_its_sentences(bestvalue: Command, tmp_path: Path) -> None:
    (tmp_path / "prices.csv").write_text(PRICES, encoding="utf-8")
    ended = bestvalue(
        "run", "compete.competition", "--table", "provider_prices=prices.csv", "--workbook", tmp_path / "offers.xlsx", cwd=tmp_path
    )
    assert ended.code == 0, ended.err
    assert "a company £95.00 (5.0% less than the force; 20% less as offered)" in ended.out
    assert load_workbook(tmp_path / "offers.xlsx").sheetnames == ["Statements", "prices"]


def test_a_workbook_of_every_answer_at_once_is_refused(bestvalue: Command, tmp_path: Path) -> None:
    ended = bestvalue("run", "--workbook", tmp_path / "all.xlsx", cwd=tmp_path)
    assert ended.code == 2
    assert "--workbook holds one answer" in ended.err
