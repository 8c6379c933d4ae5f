"""How quotients, gaps and places are written in sentences about comparisons."""

from bestvalue.analysis.compare.values import Indicator
from bestvalue.analysis.contract import Figure
from bestvalue.analysis.rounding import plain

AMOUNT_IN_POUNDS = "pound"


def printed(indicator: Indicator, quotient: float) -> str:
    """A quotient as the indicator is printed: a percentage of a proportion, else times the multiplier."""
    return f"{quotient:.1%}" if indicator.sort == "proportion" else plain(quotient * indicator.multiplier)


def value_of(indicator: Indicator, quotient: float) -> float:
    """The number that a figure carries: a share, or the printed rate unrounded."""
    return quotient if indicator.sort == "proportion" else quotient * indicator.multiplier


def figure_of(
    indicator: Indicator,
    quotient: float,
    *,
    name: str,
    base: str,
    low: float | None = None,
    high: float | None = None,
    confidence: float = 0.95,
) -> Figure:
    """A quotient as a figure with its interval, where it has one."""
    ends = None if low is None or high is None else (value_of(indicator, low), value_of(indicator, high))
    return Figure(
        name=name,
        value=value_of(indicator, quotient),
        unit=indicator.unit,
        base=base,
        low=ends[0] if ends else None,
        high=ends[1] if ends else None,
        confidence=confidence if ends else None,
    )


def axis_format(indicator: Indicator) -> str:
    """How an axis writes the indicator: percent of a proportion, else plain numbers (120, not 1.2e+2)."""
    return "%" if indicator.sort == "proportion" else ",~r"


def is_money(indicator: Indicator) -> bool:
    """The numerator is an amount of money."""
    return AMOUNT_IN_POUNDS in indicator.numerator.lower() or "£" in indicator.numerator


def amount(indicator: Indicator, cases: float, *, fewer: bool) -> str:
    """A difference in what the numerator counts: "£14.2 million less", "3,120 fewer robberies"."""
    if is_money(indicator):
        million = abs(cases) / 1e6
        pounds = f"£{plain(million)} million" if million >= 1 else f"£{plain(abs(cases))}"
        return f"{pounds} {'less' if fewer else 'more'}"
    return f"{plain(abs(cases))} {'fewer' if fewer else 'more'} {indicator.numerator}"


def ordinal(place: int) -> str:
    """A place as a word: 1st, 2nd, 11th, 23rd.

    Example:
        >>> ordinal(1), ordinal(11), ordinal(22), ordinal(43)
        ('1st', '11th', '22nd', '43rd')
    """
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place:,}{ending}"


def position(place: int, of: int) -> str:
    """A place counted from the nearer end.

    Example:
        >>> position(1, 43), position(3, 43), position(42, 43), position(43, 43)
        ('lowest of 43', '3rd lowest of 43', '2nd highest of 43', 'highest of 43')
    """
    low = place <= of / 2
    nearer = place if low else of + 1 - place
    return f"{'' if nearer == 1 else f'{ordinal(nearer)} '}{'lowest' if low else 'highest'} of {of}"


def verdict(indicator: Indicator, *, more: bool) -> str:
    """Whether being above (or below) the group is better or worse, as the indicator says; empty where it says neither."""
    if indicator.better == "neither":
        return ""
    return "better" if more == (indicator.better == "higher") else "worse"
