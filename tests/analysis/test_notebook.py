"""A result in a notebook: what it says, drawn and escaped."""

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import polars as pl
import pytest

from bestvalue.analysis.contract import Chart, Provenance, Result, ResultTable, Statement
from bestvalue.analysis.notebook import ROWS_SHOWN

HOSTILE = "<script>alert('x')</script> & \"more\""


@pytest.fixture
def result() -> Result:
    made = Provenance(
        analysis="test.one",
        analysis_version=1,
        dataset="d",
        tables={"incidents": "t"},
        rows={"incidents": 1234},
        sources={"incidents": "a test"},
        spec={"seed": 7},
        synthetic=False,
        engine="local",
        versions={},
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        duration_seconds=0.5,
    )
    spec = {"data": {"values": [{"a": 1, "b": 2}]}, "mark": "bar", "encoding": {"x": {"field": "a"}, "y": {"field": "b"}}}
    return Result(
        question=f"How many? {HOSTILE}",
        title=f"Count {HOSTILE}",
        statements=(Statement(text=f"Three. {HOSTILE}", kind="limit"),),
        tables={
            "counts": ResultTable(
                title=f"Counts {HOSTILE}",
                rows=pl.DataFrame({"place": [HOSTILE, None], "wait": [1234.5, 2.0]}),
                units={"wait": "minutes"},
                labels={"place": f"Place {HOSTILE}"},
                note=HOSTILE,
            )
        },
        charts={"bars": Chart(title=f"Bars {HOSTILE}", spec=spec, alt=f"One bar {HOSTILE}", table="counts")},
        caveats=(HOSTILE,),
        provenance=made,
    )


class Seen(HTMLParser):
    """The elements and the text that a browser would make of a page; an element left open is an error."""

    EMPTY = frozenset({"path", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self.elements.append(tag)
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self.elements.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(result: Result) -> str:
    page: str = result._repr_html_()
    return page


def test_no_text_of_a_result_becomes_an_element(result: Result) -> None:
    seen = Seen(shown(result))
    assert "script" not in seen.elements
    assert seen.open == []
    # Title, question, statement, table's title, label, cell, note, chart's caption, caveat.
    assert seen.text.count("<script>alert('x')</script>") >= 9


def test_the_alternative_text_of_a_chart_does_not_end_its_attribute(result: Result) -> None:
    labels = []

    class Labels(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            labels.extend(value for name, value in attrs if tag == "figure" and name == "aria-label")

    Labels().feed(shown(result))
    assert labels == [f"One bar {HOSTILE}"]


def test_a_chart_is_drawn_in_place(result: Result) -> None:
    assert "svg" in Seen(shown(result)).elements


def test_a_table_says_its_units_and_writes_numbers_for_people(result: Result) -> None:
    text = Seen(shown(result)).text
    assert "wait (minutes)" in text
    assert "1,234.5" in text


def test_a_long_table_is_cut_and_the_rest_counted(result: Result) -> None:
    rows = pl.DataFrame({"n": range(ROWS_SHOWN + 5)})
    page = Seen(shown(replace(result, tables={"long": ResultTable(title="Long", rows=rows)}, charts={})))
    assert page.elements.count("tr") == 1 + ROWS_SHOWN
    assert "5 more rows" in page.text


def test_a_synthetic_result_says_so(result: Result) -> None:
    invented = replace(result, provenance=replace(result.provenance, synthetic=True))
    assert "Synthetic data" in shown(invented)
    assert "Synthetic data" not in shown(result)


def test_it_says_where_it_came_from(result: Result) -> None:
    assert "test.one, from 1,234 rows of incidents, seed 7, engine local" in Seen(shown(result)).text
