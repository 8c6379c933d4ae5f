from dataclasses import replace

from bestvalue.analysis.contract import Statement
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.model import Box, Bullets, Figure, Section, Table
from bestvalue.documents.result_section import result_section


def _part(section: Section, heading: str) -> Section:
    return next(part for part in section.sections if part.heading == heading)


def test_a_chart_brings_its_table_which_then_is_not_printed_again(stored: StoredResult) -> None:
    section = result_section(stored, id="result")
    (figure,) = _part(section, "Charts").blocks
    assert isinstance(figure, Figure)
    assert (figure.alt, len(figure.table.rows)) == ("Bars: Ash 12, Birch 7.", 2)
    assert [table.caption for table in _part(section, "Tables").blocks if isinstance(table, Table)] == ["Calls by hour of the week"]


def test_charts_that_share_a_table_each_bring_what_they_draw_and_the_table_is_printed_too(stored: StoredResult) -> None:
    chart = stored.result.charts["areas"]
    birch = {**chart.spec, "data": {"values": [{"calls": 7, "area": "Birch"}]}}
    charts = {"areas": chart, "birch": replace(chart, title="Birch calls less", spec=birch)}
    section = result_section(replace(stored, result=replace(stored.result, charts=charts)), id="result")
    rows = [figure.table.rows for figure in _part(section, "Charts").blocks if isinstance(figure, Figure)]
    assert rows == [(("Ash", "12"), ("Birch", "7")), (("Birch", "7"),)]
    assert "Calls by area" in [table.caption for table in _part(section, "Tables").blocks if isinstance(table, Table)]


def test_the_level_of_an_interval_is_not_rounded_to_certainty(stored: StoredResult) -> None:
    (first, *others), limits = stored.result.statements[0].figures, stored.result.statements[1]
    sure = Statement(text="Sure.", figures=(replace(first, confidence=0.9973), *others))
    section = result_section(replace(stored, result=replace(stored.result, statements=(sure, limits))), id="result")
    (table,) = (block for block in _part(section, "Figures").blocks if isinstance(block, Table))
    assert table.rows[0][2] == "99.7%"


def test_every_figure_is_printed_with_its_interval_its_level_and_its_base(stored: StoredResult) -> None:
    (table,) = (block for block in _part(result_section(stored, id="result"), "Figures").blocks if isinstance(block, Table))
    assert table.rows == (("share by night", "50% (48 to 52)", "95%", "1,000 calls"),)


def test_limits_and_caveats_stand_together(stored: StoredResult) -> None:
    (limits,) = _part(result_section(stored, id="result"), "Limits").blocks
    assert isinstance(limits, Bullets)
    assert limits.items == ("Nothing is known of calls that nobody took.", "Recorded calls only.")


def test_an_analysis_that_failed_its_own_checks_says_so_first(stored: StoredResult) -> None:
    failed = Statement(text="The model does not fit.", kind="failed")
    result = replace(stored.result, statements=(failed, *stored.result.statements))
    first = _part(result_section(replace(stored, result=result), id="result"), "Figures").blocks[0]
    assert isinstance(first, Box)
    assert (first.kind, first.paragraphs) == ("notice", ("The model does not fit.",))
