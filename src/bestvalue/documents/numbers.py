"""How is a number written for people? By its unit, with as many digits as it can bear.

Sentences, cells of tables and the pages of the site all take their figures from here, so that one number looks the same
wherever it is read. Nothing here is calculated with afterwards: the unrounded number stays in the result.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeGuard

from bestvalue.analysis.contract import Figure

MISSING = "not given"
"""What stands in a cell without a value: a screen reader passes over a dash, and a reader takes a gap for zero."""

UNITS_IN_THE_NUMBER = frozenset({"share", "percent", "pounds", "none", ""})
"""Units that are written with every number ("82%", "£1,200") or not at all; the others belong in a column's heading."""

MILLION = 1_000_000
SMALLEST = 1e-6
"""Smaller numbers are not written out in cells: the chance 1e-33 has no more to say than that it is below this."""
MINUS = "\N{MINUS SIGN}"
"""The sign, not the hyphen: screen readers say it, and lines do not break at it."""


def number_words(value: float, *, unit: str = "none") -> str:
    """One number with its unit, at three significant digits or all its whole ones.

    Args:
        value: the number, unrounded; a "share" is 0 to 1, a "percent" is 0 to 100.
        unit: "share", "percent", "pounds", "none", or words that follow the number: "incidents a day".

    Example:
        >>> number_words(0.8213, unit="share"), number_words(1234.5, unit="pounds"), number_words(12_345_678, unit="pounds")
        ('82%', '£1,234', '£12.3 million')
        >>> number_words(41204, unit="incidents"), number_words(0.034, unit="share"), number_words(3.14159)
        ('41,204 incidents', '3.4%', '3.14')
    """
    wording = _wording(unit, largest=value)
    return wording.whole(value, decimals=_decimals_of(value * wording.factor, wording))


def interval_words(low: float, high: float, *, unit: str = "none") -> str:
    """An interval with its unit, at the digits that its width supports.

    Example:
        >>> interval_words(0.81, 0.83, unit="share"), interval_words(412.5, 418.5, unit="incidents a day")
        ('81% to 83%', '412 to 418 incidents a day')
        >>> interval_words(900_000, 1_300_000, unit="pounds")
        '£0.9 million to £1.3 million'
    """
    wording = _wording(unit, largest=max(abs(low), abs(high)))
    decimals = _decimals_of_interval(low * wording.factor, high * wording.factor, wording)
    return f"{wording.marked(low, decimals=decimals)} to {wording.whole(high, decimals=decimals)}"


def figure_words(figure: Figure) -> str:
    """A figure of a statement: the number, and in brackets its interval.

    Example:
        >>> figure_words(Figure(name="share", value=0.8213, unit="share", base="41,204 jobs", low=0.812, high=0.831, confidence=0.95))
        '82% (81 to 83)'
        >>> figure_words(Figure(name="demand", value=6849, unit="incidents", base="the year 2025"))
        '6,849 incidents'
    """
    if figure.low is None or figure.high is None:
        return number_words(figure.value, unit=figure.unit)
    wording = _wording(figure.unit, largest=max(abs(figure.low), abs(figure.high)))
    decimals = _decimals_of_interval(figure.low * wording.factor, figure.high * wording.factor, wording)
    low, high = (_digits(end * wording.factor, decimals) for end in (figure.low, figure.high))
    return f"{wording.whole(figure.value, decimals=decimals)} ({low} to {high})"


def column_words(values: Sequence[object], *, unit: str = "") -> list[str]:
    """The cells of one column of a table, numbers with the same decimals so that they can be compared down the column.

    Args:
        values: numbers, dates, times, words, truths or None, in any mixture.
        unit: unit of the numbers; see `UNITS_IN_THE_NUMBER` for those that are written in the cell.

    Example:
        >>> column_words([0.5, 0.123, None], unit="share"), column_words([2025, 2026])
        (['50.0%', '12.3%', 'not given'], ['2025', '2026'])
        >>> column_words([1234567, 980], unit="pounds"), column_words([12.345, 3.1])
        (['£1,234,567', '£980'], ['12.3', '3.1'])
        >>> column_words([0.25, 1e-33, -1e-33])
        ['0.250', 'below 0.000001', 'above −0.000001']
    """
    wording = _wording(unit)
    numbers = [value for value in values if _is_number(value)]
    sizes = [abs(value) * wording.factor for value in numbers if math.isfinite(value)]
    decimals = _decimals_of_column(sizes, unit, whole=all(isinstance(value, int) for value in numbers))
    return [_cell_of_number(value, unit, decimals) if _is_number(value) else _cell(value) for value in values]


def is_numeric(values: Sequence[object]) -> bool:
    """Whether a column is to be set as numbers, to the right: it has at least one number and otherwise only gaps.

    Example:
        >>> is_numeric([1, None, 2.5]), is_numeric([1, "none"]), is_numeric([None])
        (True, False, False)
    """
    given = [value for value in values if value is not None]
    return bool(given) and all(_is_number(value) for value in given)


@dataclass(frozen=True, kw_only=True)
class _Wording:
    """How numbers of a unit are written: multiplied by `factor`, between `before` and `after`, with `words` once at the end."""

    factor: float = 1
    before: str = ""
    after: str = ""
    words: str = ""

    def marked(self, value: float, *, decimals: int) -> str:
        number = _digits(value * self.factor, decimals)
        sign, size = (MINUS, number[1:]) if number.startswith(MINUS) else ("", number)
        return f"{sign}{self.before}{size}{self.after}"

    def whole(self, value: float, *, decimals: int) -> str:
        return f"{self.marked(value, decimals=decimals)}{self.words}"


def _wording(unit: str, *, largest: float = 0) -> _Wording:
    if unit == "share":
        return _Wording(factor=100, after="%")
    if unit == "percent":
        return _Wording(after="%")
    if unit == "pounds":
        millions = abs(largest) >= MILLION
        return _Wording(factor=1 / MILLION, before="£", after=" million") if millions else _Wording(before="£")
    return _Wording(words="" if unit in UNITS_IN_THE_NUMBER else f" {unit}")


def _cell(value: object) -> str:
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.day} {value:%b %Y %H:%M}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    return str(value)


def _cell_of_number(value: float, unit: str, decimals: int) -> str:
    if math.isnan(value):
        return MISSING
    if unit in {"", "none"} and isinstance(value, int) and abs(value) < 10_000:
        return str(value).replace("-", MINUS)  # 2026 is a year, not 2,026
    wording = _wording(unit)
    scaled = value * wording.factor
    if 0 < abs(scaled) < SMALLEST:
        return (
            f"below {wording.marked(SMALLEST / wording.factor, decimals=6)}"
            if scaled > 0
            else f"above {wording.marked(-SMALLEST / wording.factor, decimals=6)}"
        )
    if scaled and math.isfinite(scaled) and round(scaled, decimals) == 0:
        decimals = _three_digits(scaled)  # a small number must not look like none
    return wording.marked(value, decimals=decimals)


def _decimals_of_column(sizes: Sequence[float], unit: str, *, whole: bool) -> int:
    largest = max(sizes, default=0.0)
    if unit in {"share", "percent"}:
        return 1
    if unit == "pounds":
        return 0 if whole or largest >= 1000 else 2
    return 0 if whole or largest == 0 else _three_digits(largest)


def _decimals_of(scaled: float, wording: _Wording) -> int:
    if scaled == 0 or not math.isfinite(scaled) or scaled == int(scaled):
        return 0
    if wording.after == "%":
        return 0 if abs(scaled) >= 9.95 else 1
    if wording.before == "£" and not wording.after and abs(scaled) < 100:
        return 2
    return _three_digits(scaled)


def _decimals_of_interval(low: float, high: float, wording: _Wording) -> int:
    """One significant digit of the half-width: "82% (81 to 83)", not "82.13% (81.04 to 83.22)", and "0.42% (0.38 to 0.46)"."""
    half = (high - low) / 2
    if half <= 0 or not math.isfinite(half):
        return _decimals_of(high, wording)
    # A tenth is added so that a half-width of 0.8 and more counts as 1, and one of 0.0999999 (0.1, in floats) as 0.1.
    return min(6, max(0, -math.floor(math.log10(half) + 0.1)))


def _three_digits(value: float) -> int:
    return max(0, 2 - math.floor(math.log10(abs(value))))


def _digits(scaled: float, decimals: int) -> str:
    number = f"{scaled:,.{decimals}f}"
    if not number.startswith("-"):
        return number
    is_zero = not any(digit in "123456789" for digit in number) and math.isfinite(scaled)
    return number[1:] if is_zero else f"{MINUS}{number[1:]}"


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
