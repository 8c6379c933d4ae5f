"""How does a chart of a result become a picture? Vega-Lite drawn as SVG or PNG, without a browser and without the network.

One look for the site and for every document, whatever the analysis wrote: the colours of the Government Analysis Function,
which hold 3:1 against white, text in Source Sans 3 at a size that can be read in print, and no colour without its label.
The picture carries no script, no link and no style attribute, so it may stand in a page under a strict content security policy.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert

from bestvalue.errors import ReportError

FONTS = Path(__file__).parent / "fonts"
FONT = "'Source Sans 3', Arial, sans-serif"
"""In quotes of its own: a name with a digit for a word is no CSS identifier, and would be drawn as nothing at all."""
WIDTH, HEIGHT = 560, 300
"""Of the plot of a chart that does not say its size, in CSS pixels: with axes, the text width of an A4 page."""

INK, GRID = "#0b0c0c", "#d0d4d6"
CATEGORIES = ("#12436d", "#28a197", "#801650", "#f46a25", "#3d3d3d", "#a285d1")
"""Source: Government Analysis Function, Data visualisation: colours in charts. Neighbours stay apart for colour-blind readers."""
RAMP = ("#e8eff6", "#9db8d2", "#5b87b0", "#2a5f92", "#12436d", "#0a2a47")

LOOK: Mapping[str, Any] = {
    "background": "white",
    "font": FONT,
    "padding": 8,
    "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": HEIGHT, "discreteWidth": WIDTH},
    "axis": {
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": 600,
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": GRID,
        "domainColor": INK,
        "tickColor": INK,
        "titlePadding": 10,
        "labelLimit": 220,
    },
    "legend": {
        "orient": "top",
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": 600,
        "labelColor": INK,
        "titleColor": INK,
        "labelLimit": 260,
    },
    "header": {"labelFontSize": 13, "titleFontSize": 13, "labelFontWeight": 600, "labelColor": INK, "titleColor": INK},
    "text": {"fontSize": 13, "color": INK},
    "bar": {"color": CATEGORIES[0]},
    "line": {"color": CATEGORIES[0], "strokeWidth": 2.5},
    "area": {"color": CATEGORIES[0]},
    "point": {"color": CATEGORIES[0], "filled": True, "size": 50},
    "rect": {"color": CATEGORIES[0]},
    "rule": {"color": INK},
    "range": {"category": list(CATEGORIES), "heatmap": list(RAMP), "ramp": list(RAMP), "ordinal": list(RAMP)},
}


_TAG = re.compile(r"<[^<>]+>")
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
"""Roles inside the picture would be read out beside the alternative text, which speaks for the whole of it."""


def chart_svg(spec: Mapping[str, Any], *, where: str = "chart", prefix: str = "chart") -> str:
    """Draw a chart as SVG, whose root says only its size: alternative text is the business of whoever places it.

    Args:
        spec: a Vega-Lite specification with its data in it.
        where: what the error calls the chart.
        prefix: begins every id in the drawing; pictures of one page need different ones.

    Raises:
        ReportError: it is no Vega-Lite, or it would fetch something.
    """
    svg = str(_draw(vl_convert.vegalite_to_svg, spec, where))
    return _with_ids(_TAG.sub(lambda tag: _ROLES.sub("", tag[0]), svg), prefix)


def chart_png(spec: Mapping[str, Any], *, where: str = "chart", scale: float = 2.5) -> bytes:
    """Draw a chart as PNG, `scale` pixels to a CSS pixel (2.5 is 240 dots an inch at the chart's own size).

    Raises:
        ReportError: it is no Vega-Lite, or it would fetch something.
    """
    png = _draw(vl_convert.vegalite_to_png, spec, where, scale=scale)
    return bytes(png)


def chart_size(svg: str) -> tuple[float, float]:
    """Width and height of a drawn chart in CSS pixels."""
    found = re.match(r'<svg[^>]*? width="([\d.]+)" height="([\d.]+)"', svg)
    if found is None:
        raise ReportError("The drawing does not say its size", where="chart", next_step="Give the chart a width and a height.")
    return float(found[1]), float(found[2])


def _draw(convert: Any, spec: Mapping[str, Any], where: str, **options: Any) -> Any:
    _register_fonts()
    _check_closed(spec, where)
    try:
        return convert(_dressed(spec), allowed_base_urls=[], **options)
    except ValueError as cause:  # what the library raises for whatever goes wrong inside the drawing
        reason = str(cause).partition("\n")[2].partition("\n")[0] or str(cause)
        raise ReportError(f"The chart cannot be drawn: {reason}", where=where, next_step="Correct its Vega-Lite specification.") from cause


def _with_ids(svg: str, prefix: str) -> str:
    """Number the ids afresh: the library counts on from chart to chart, so that the same chart would differ each time it is drawn."""
    for place, name in enumerate(dict.fromkeys(re.findall(r'<[^<>]* id="([^"]+)"', svg))):
        svg = svg.replace(f' id="{name}"', f' id="{prefix}.{place}"').replace(f"url(#{name})", f"url(#{prefix}.{place})")
    return svg


@cache
def _register_fonts() -> None:
    # Once a process: the library keeps a list and would read the folder again for every chart.
    vl_convert.register_font_directory(str(FONTS))


def _dressed(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The chart in our look. Its title goes: it stands above the picture, as text that can be searched and read aloud."""
    bare = {key: value for key, value in spec.items() if key != "title"}
    bare["config"] = _laid_over(spec.get("config", {}), LOOK)
    return bare


def _laid_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = _laid_over(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
    return merged


def _check_closed(part: Any, where: str) -> None:
    """Refuse what reaches outside: data by address, pictures, links. The library itself lets file addresses through."""
    if isinstance(part, list | tuple):
        for item in part:
            _check_closed(item, where)
    if not isinstance(part, Mapping):
        return
    for key, value in part.items():
        if key in {"url", "href"}:
            raise ReportError(f"The chart reaches outside itself: {key} {value}", where=where, next_step="Put the data into the chart.")
        if key not in {"values", "datasets"}:  # rows of data may have columns of any name
            _check_closed(value, where)
