"""How a number is written in a sentence: enough digits to be true, few enough to be read. Tables stay unrounded."""

import math


def plain(value: float, *, digits: int = 3) -> str:
    """A number with `digits` significant digits, one more from ten thousand on, thousands apart; below that no whole digit is lost.

    Example:
        >>> plain(2530249.4), plain(6848.3), plain(3.14159), plain(0.012345), plain(999.7), plain(0)
        ('2,530,000', '6,848', '3.14', '0.0123', '1,000', '0')
    """
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    if abs(value) >= 10_000:
        value = round(value, digits - math.floor(math.log10(abs(value))))
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """A share (0 to 1) as a percentage: whole, or with one decimal below ten.

    Example:
        >>> percent(0.1234), percent(0.0123), percent(-0.034), percent(1)
        ('12%', '1.2%', '-3.4%', '100%')
    """
    return f"{share:.0%}" if abs(share) >= 0.0995 else f"{share:.1%}"
