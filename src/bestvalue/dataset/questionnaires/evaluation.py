"""What does an expression come to for the answers given so far? By the rules of XPath 1.0 as ODK applies them to forms."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bestvalue.dataset.questionnaires.expressions import OVER_REPEATS, Node, parse

Value = str | float | bool

EPOCH = date(1970, 1, 1)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NUMBER = re.compile(r"-?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})")
"""A number as XPath 1.0 writes it: no exponent, no infinity."""

LONGEST_MATCHED = 100
"""Characters of an answer that a pattern is held against; a longer one does not match."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What an expression can see.

    Args:
        answer: the answer to a question; "" where there is none.
        every: the answers to a question in each repeat that was asked; for a repeat, one "" for each time.
        today: the day.
        own: the answer that is being checked.
        position: which time of the repeat this is, from 1.
        columns: of the choice that is being filtered.
    """

    answer: Callable[[str], str]
    every: Callable[[str], Sequence[str]]
    today: date
    own: str = ""
    position: int = 1
    columns: Mapping[str, str] = field(default_factory=dict)


def evaluate(text: str, scope: Scope) -> Value:
    """The value of an expression.

    Raises:
        ExpressionFault: it cannot be read; forms are checked for that when they are brought in.

    Example:
        >>> nothing = Scope(answer={"age": "20"}.__getitem__, every=lambda name: (), today=date(2026, 1, 5))
        >>> evaluate("${age} div 8", nothing)
        2.5
    """
    return _value(parse(text), scope)


def holds(text: str, scope: Scope) -> bool:
    """Whether a condition holds; an empty one does."""
    return not text.strip() or as_bool(evaluate(text, scope))


def as_number(value: Value) -> float:
    """As XPath has it; a day is counted from 1970, as ODK does, so that days can be compared. NaN where it is no number."""
    if not isinstance(value, str):
        return float(value)
    if DAY.fullmatch(value.strip()):
        try:
            return float((date.fromisoformat(value.strip()) - EPOCH).days)
        except ValueError:
            return math.nan
    return float(value) if NUMBER.fullmatch(value.strip()) else math.nan


def as_text(value: Value) -> str:
    """As XPath has it: whole numbers without a point.

    Example:
        >>> as_text(3.0), as_text(True)
        ('3', 'true')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return str(int(value)) if math.isfinite(value) and value.is_integer() else repr(value)
    return value


def as_bool(value: Value) -> bool:
    """As XPath has it: text is true where there is any, a number where it is not zero."""
    if isinstance(value, str):
        return value != ""
    return value != 0 and not math.isnan(value)


def _value(node: Node, scope: Scope) -> Value:
    match node.kind:
        case "value":
            return node.value
        case "answer":
            return scope.answer(node.name)
        case "own":
            return scope.own
        case "position":
            return float(scope.position)
        case "column":
            return scope.columns.get(node.name, "")
        case "operation":
            return _operation(node, scope)
        case _:
            return _call(node, scope)


def _operation(node: Node, scope: Scope) -> Value:
    if node.name in ("or", "and"):
        left = as_bool(_value(node.inside[0], scope))
        decided = left if node.name == "or" else not left
        return left if decided else as_bool(_value(node.inside[1], scope))
    if node.name == "negative":
        return -as_number(_value(node.inside[0], scope))
    left_value, right_value = (_value(part, scope) for part in node.inside)
    if node.name in ("=", "!="):
        return _equal(left_value, right_value) == (node.name == "=")
    left_number, right_number = as_number(left_value), as_number(right_value)
    match node.name:
        case "<":
            return left_number < right_number
        case "<=":
            return left_number <= right_number
        case ">":
            return left_number > right_number
        case ">=":
            return left_number >= right_number
        case "+":
            return left_number + right_number
        case "-":
            return left_number - right_number
        case "*":
            return left_number * right_number
        case "div":
            return left_number / right_number if right_number else math.nan
        case _:
            return math.fmod(left_number, right_number) if right_number else math.nan


def _equal(left: Value, right: Value) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return as_bool(left) == as_bool(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return as_number(left) == as_number(right)


def _call(node: Node, scope: Scope) -> Value:
    if node.name == "if":
        condition, yes, no = node.inside
        return _value(yes if as_bool(_value(condition, scope)) else no, scope)
    if node.name in OVER_REPEATS and len(node.inside) == 1 and node.inside[0].kind == "answer":
        return _over_repeats(node.name, scope.every(node.inside[0].name))
    if node.name == "today":
        return scope.today.isoformat()
    return _CALLS[node.name](*(_value(part, scope) for part in node.inside))


def _over_repeats(function: str, answers: Sequence[str]) -> float:
    if function == "count":
        return float(len(answers))
    numbers = [number for number in map(as_number, answers) if not math.isnan(number)]
    if function == "sum":
        return math.fsum(numbers)
    return (min if function == "min" else max)(numbers, default=math.nan)


def _chosen(value: Value) -> list[str]:
    return as_text(value).split()


def _selected_at(value: Value, place: Value) -> str:
    chosen, at = _chosen(value), as_number(place)
    return chosen[int(at)] if not math.isnan(at) and 0 <= at < len(chosen) else ""


def _substr(value: Value, start: Value, end: Value | None = None) -> str:
    first, last = as_number(start), as_number(end) if end is not None else math.inf
    if not math.isfinite(first) or math.isnan(last):
        return ""
    return as_text(value)[int(first) : int(last) if math.isfinite(last) else None]


def _whole(value: Value) -> float:
    number = as_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else math.nan


def _rounded(value: Value, digits: Value = 0.0) -> float:
    """Half is rounded up, as XPath has it; Python's own rounding goes to the even number."""
    number, places = as_number(value), as_number(digits)
    if not math.isfinite(number) or not math.isfinite(places):
        return math.nan
    power = 10.0 ** max(min(int(places), 12), -12)
    return math.floor(number * power + 0.5) / power if math.isfinite(number * power) else number


def _day(days: float) -> str:
    """The day so many days after 1970 began; "" outside the calendar."""
    ordinal = EPOCH.toordinal() + days
    return date.fromordinal(int(ordinal)).isoformat() if 1 <= ordinal <= date.max.toordinal() else ""


def _matches(value: Value, pattern: Value) -> bool:
    text = as_text(value)
    return len(text) <= LONGEST_MATCHED and re.search(f"^(?:{as_text(pattern)})$", text) is not None


_CALLS: Mapping[str, Callable[..., Value]] = {
    "selected": lambda value, one: as_text(one) in _chosen(value),
    "selected-at": _selected_at,
    "count-selected": lambda value: float(len(_chosen(value))),
    "count": lambda value: float(as_text(value) != ""),
    "sum": as_number,
    "min": lambda *given: min((n for n in map(as_number, given) if not math.isnan(n)), default=math.nan),
    "max": lambda *given: max((n for n in map(as_number, given) if not math.isnan(n)), default=math.nan),
    "not": lambda value: not as_bool(value),
    "true": lambda: True,
    "false": lambda: False,
    "boolean": as_bool,
    "number": as_number,
    "int": _whole,
    "string": as_text,
    "string-length": lambda value: float(len(as_text(value))),
    "normalize-space": lambda value: " ".join(as_text(value).split()),
    "concat": lambda *given: "".join(map(as_text, given)),
    "contains": lambda value, part: as_text(part) in as_text(value),
    "starts-with": lambda value, part: as_text(value).startswith(as_text(part)),
    "ends-with": lambda value, part: as_text(value).endswith(as_text(part)),
    "substr": _substr,
    "coalesce": lambda first, second: first if as_text(first) != "" else second,
    "regex": _matches,
    "round": _rounded,
    "abs": lambda value: abs(as_number(value)),
    "date": lambda value: as_text(value) if isinstance(value, str) else _day(as_number(value)),
}
