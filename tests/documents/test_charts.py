import re
from typing import Any

import pytest
from tests.documents.samples import BARS

from bestvalue.documents.charts import chart_png, chart_size, chart_svg
from bestvalue.errors import ReportError


@pytest.mark.parametrize(
    "reaching",
    [
        {"data": {"url": "https://example.org/calls.json"}},
        {"data": {"url": "file:///etc/passwd"}},
        {"encoding": {"href": {"value": "https://example.org"}}},
        {"layer": [{"mark": "image", "encoding": {"url": {"value": "https://example.org/a.png"}}}]},
    ],
)
def test_a_chart_that_reaches_outside_itself_is_refused(reaching: dict[str, Any]) -> None:
    with pytest.raises(ReportError, match="reaches outside itself"):
        chart_svg({**BARS, **reaching})


def test_a_column_of_the_data_may_be_called_url() -> None:
    data = {"values": [{"url": "Ash", "calls": 12}]}
    assert "<svg" in chart_svg({**BARS, "data": data, "encoding": {"y": {"field": "url"}}})


def test_what_is_no_chart_is_refused_with_the_place() -> None:
    with pytest.raises(ReportError, match="cannot be drawn") as refused:
        chart_svg({"mark": 7}, where="Figure 3")
    assert refused.value.where == "Figure 3"


def test_the_same_chart_is_the_same_picture_and_two_on_a_page_share_no_id() -> None:
    first, again, second = (chart_svg(BARS, prefix=prefix) for prefix in ("a", "a", "b"))
    assert first == again
    assert not set(re.findall(r' id="([^"]+)"', first)) & set(re.findall(r' id="([^"]+)"', second))


def test_the_picture_carries_no_script_no_style_and_no_role_of_its_own() -> None:
    assert not re.search(r"<script|<style| style=| role=| aria-| onload=", chart_svg(BARS))


def test_the_png_is_larger_than_the_drawing_by_the_scale() -> None:
    png = chart_png(BARS, scale=2)
    width = int.from_bytes(png[16:20], "big")  # of the header chunk: PNG specification, 11.2.1
    assert width == pytest.approx(2 * chart_size(chart_svg(BARS))[0], abs=2)
