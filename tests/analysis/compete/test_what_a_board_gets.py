"""What holds for every answer about money: sentences with figures that have a base, and pictures that can be drawn."""

import re
from typing import Any

import pytest

from bestvalue.analysis.compete import appraisal, competition, costing, savings
from bestvalue.analysis.contract import Analysis, Result
from bestvalue.dataset.dataset import Dataset
from bestvalue.documents.charts import chart_svg

ANALYSES = {
    "costing": (costing.ANALYSIS, {"draws": 200}),
    "appraisal": (appraisal.ANALYSIS, {"draws": 1_000}),
    "savings": (savings.ANALYSIS, {}),
    "competition": (competition.ANALYSIS, {}),
}


@pytest.fixture(scope="module", params=ANALYSES)
def answered(request: pytest.FixtureRequest, force_data: Dataset) -> Result:
    analysis: Analysis[Any]
    analysis, settings = ANALYSES[request.param]
    return analysis.run(force_data, analysis.Spec(**settings))


def test_every_picture_is_drawn_and_says_what_it_shows(answered: Result) -> None:
    assert answered.charts
    for name, chart in answered.charts.items():
        assert chart_svg(chart.spec, where=name).startswith("<svg")
        assert len(chart.alt) > 30
        assert chart.table in answered.tables


def test_sentences_are_whole_and_hold_no_number_that_went_wrong(answered: Result) -> None:
    for statement in answered.statements:
        assert statement.text.endswith(".")
        assert statement.text[0] == statement.text[0].upper()
        assert not re.search(r"\b(nan|inf|None(?! of the)|null)\b", statement.text), statement.text
        assert "  " not in statement.text


def test_figures_lie_inside_their_intervals(answered: Result) -> None:
    for figure in (figure for statement in answered.statements for figure in statement.figures):
        assert figure.base
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high, figure.name


def test_every_money_column_has_its_unit(answered: Result) -> None:
    for name, table in answered.tables.items():
        for column in table.rows.columns:
            if column.endswith(("pounds", "pence")):
                assert table.units.get(column) in ("pounds", "pence"), (name, column)
