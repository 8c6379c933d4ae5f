"""What does a condition of an XLSForm say? Its text as a tree, of the part of XPath that the site understands; nothing is executed.

The subset: text in quotes, numbers, `${name}`, `../name`, `.`, `position(..)`; `or and = != < <= > >= + - * div mod`, a minus sign,
brackets; and the functions of `FUNCTIONS`. In a choice filter a bare name is a column of the choices. More is refused by name.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "selected": (2, 2),
    "selected-at": (2, 2),
    "count-selected": (1, 1),
    "count": (1, 1),
    "sum": (1, 1),
    "min": (1, 9),
    "max": (1, 9),
    "not": (1, 1),
    "true": (0, 0),
    "false": (0, 0),
    "boolean": (1, 1),
    "number": (1, 1),
    "int": (1, 1),
    "string": (1, 1),
    "string-length": (1, 1),
    "normalize-space": (1, 1),
    "concat": (1, 20),
    "contains": (2, 2),
    "starts-with": (2, 2),
    "ends-with": (2, 2),
    "substr": (2, 3),
    "if": (3, 3),
    "coalesce": (2, 2),
    "regex": (2, 2),
    "round": (1, 2),
    "abs": (1, 1),
    "date": (1, 1),
    "today": (0, 0),
}
"""Every function that is understood, with how few and how many arguments it takes."""

OVER_REPEATS = ("count", "sum", "min", "max")
"""Functions that may name a question of a repeat from outside it: they look at every time that it was asked."""

LONGEST, DEEPEST = 2_000, 20
"""Characters of an expression, and how deep its brackets go: beyond it no person has written it."""

LONGEST_PATTERN, MOST_OPEN_ENDS, MOST_BRANCHES = 200, 3, 6
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")|(?P<answer>\$\{\s*[^}\s]+\s*\})|(?P<above>\.\./[A-Za-z_][\w.-]*)|(?P<up>\.\.)"
    r"|(?P<own>\.)|(?P<name>[A-Za-z_][\w.:-]*)|(?P<sign>!=|<=|>=|[=<>+\-*(),]))"
)
ORDER = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
"""Operators from the loosest to the tightest, as XPath 1.0 binds them."""


class ExpressionFault(ValueError):
    """An expression cannot be read, or uses more than the subset. Told in words; the reader of the form adds the place."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One part of an expression.

    Args:
        kind: "value", "answer" (of the question `name`), "own" (the answer being given), "position", "column", "call" or "operation".
        name: of the question, column, function or operator.
        value: of a value.
        inside: what a call or operation works on.
    """

    kind: str
    name: str = ""
    value: str | float = ""
    inside: tuple["Node", ...] = ()


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """Read an expression.

    Raises:
        ExpressionFault: it cannot be read, or uses what is not understood.

    Example:
        >>> parse("${age} >= 18").name
        '>='
    """
    if len(text) > LONGEST:
        raise ExpressionFault(f"it has {len(text):,} characters; at most {LONGEST:,} are read")
    reader = _Reader(_tokens(text))
    node = reader.operation(0)
    if reader.word():
        raise ExpressionFault(f"{reader.word()!r} stands where nothing more is expected")
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and everything inside it."""
    yield node
    for part in node.inside:
        yield from walk(part)


def names_in(text: str) -> frozenset[str]:
    """The questions that an expression names; none for an empty one."""
    return frozenset(node.name for node in walk(parse(text)) if node.kind == "answer") if text.strip() else frozenset()


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that could keep the site busy for minutes on a short answer.

    Nothing in brackets may be repeated, at most three parts may be of open length, and at most six may be there or not: then a search
    on the longest answer that is matched (100 characters) tries ten million ways at worst, which takes about a second.

    Raises:
        ExpressionFault: it is no regular expression, or one that is refused.

    Example:
        >>> check_pattern("[A-Z]{1,2}[0-9]+")
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ExpressionFault(f"the pattern has {len(pattern)} characters; at most {LONGEST_PATTERN} are read")
    try:
        re.compile(pattern)
    except re.error as cause:
        raise ExpressionFault(f"{pattern!r} is no regular expression: {cause}") from cause
    plain = re.sub(r"\[\^?\]?(?:\\.|[^\]\\])*\]", "x", re.sub(r"\\.", "x", pattern)).replace("(?:", "(")
    if re.search(r"\)[*+{]", plain):
        raise ExpressionFault(f"the pattern {pattern!r} repeats something in brackets, which can take minutes")
    open_ends = re.findall(r"[*+]|\{\d*,\d*\}", plain)
    if (
        len(open_ends) > MOST_OPEN_ENDS
        or len(re.findall(r"[?|]", plain)) > MOST_BRANCHES
        or re.search(r"\(\?|\\[1-9]", plain + pattern.replace("(?:", "("))
    ):
        raise ExpressionFault(f"the pattern {pattern!r} has more open ends, or stranger ones, than are checked safely")


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise ExpressionFault(f"{text[at:].strip()[:20]!r} is not understood")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


class _Reader:
    """Goes along the words once; what is left is its state."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def word(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise ExpressionFault("it ends in the middle")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, sign: str) -> None:
        if self.word() != sign:
            raise ExpressionFault(f"{sign!r} is missing" + (f" before {self.word()!r}" if self.word() else " at the end"))
        self._at += 1

    def operation(self, level: int) -> Node:
        if level == len(ORDER):
            return self._signed()
        left = self.operation(level + 1)
        while self.word() in ORDER[level]:
            operator = self._take()[1]
            left = Node(kind="operation", name=operator, inside=(left, self.operation(level + 1)))
        return left

    def _signed(self) -> Node:
        if self.word() == "-":
            self._at += 1
            return Node(kind="operation", name="negative", inside=(self._signed(),))
        return self._one()

    def _one(self) -> Node:
        kind, word = self._take()
        match kind:
            case "number":
                return Node(kind="value", value=float(word))
            case "text":
                return Node(kind="value", value=word[1:-1])
            case "answer":
                return Node(kind="answer", name=word[2:-1].strip())
            case "above":
                return Node(kind="answer", name=word.removeprefix("../"))
            case "own":
                return Node(kind="own")
            case "name":
                return self._named(word)
        if word == "(":
            return self._bracketed()
        raise ExpressionFault(f"{word!r} stands where a value is expected")

    def _bracketed(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionFault(f"its brackets go deeper than {DEEPEST}")
        node = self.operation(0)
        self._expect(")")
        self._depth -= 1
        return node

    def _named(self, word: str) -> Node:
        if self.word() != "(":
            return Node(kind="column", name=word)
        self._at += 1
        if word == "position":
            if self._take()[0] != "up":
                raise ExpressionFault("position() is understood as position(..) only")
            self._expect(")")
            return Node(kind="position")
        if word not in FUNCTIONS:
            raise ExpressionFault(f"the function {word}() is not understood here")
        return self._call(word)

    def _call(self, word: str) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionFault(f"its brackets go deeper than {DEEPEST}")
        inside: list[Node] = []
        while self.word() != ")":
            if inside:
                self._expect(",")
            inside.append(self.operation(0))
        self._expect(")")
        self._depth -= 1
        fewest, most = FUNCTIONS[word]
        if not fewest <= len(inside) <= most:
            raise ExpressionFault(f"{word}() takes {fewest if fewest == most else f'{fewest} to {most}'} arguments, not {len(inside)}")
        if word == "regex":
            if inside[1].kind != "value":
                raise ExpressionFault("the pattern of regex() has to stand in quotes")
            check_pattern(str(inside[1].value))
        return Node(kind="call", name=word, inside=tuple(inside))
