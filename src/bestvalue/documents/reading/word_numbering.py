"""The numbers that Word counts itself: `numbering.xml` says how each level looks, and the paragraphs are counted as they come."""

import re
from collections import defaultdict
from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"))
ROMAN_ONES = ((4, "iv"), (1, "i"))


class Numbering:
    """The counters of one document."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._list_of: dict[str, str] = {}
        for abstract in root.findall(f"{W}abstractNum") if root is not None else ():
            levels = {int(level.get(f"{W}ilvl", "0")): _level(level) for level in abstract.findall(f"{W}lvl")}
            self._levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for number in root.findall(f"{W}num") if root is not None else ():
            self._list_of[number.get(f"{W}numId", "")] = _value(number, "abstractNumId", "")

    def next_marker(self, properties: Element) -> str:
        """The number or bullet of the next paragraph with these numbering properties, with a space after it; empty if it has none."""
        list_id = self._list_of.get(_value(properties, "numId", "0"), "")
        depth = int(_value(properties, "ilvl", "0"))
        levels = self._levels.get(list_id)
        if levels is None or depth not in levels:
            return ""
        kind, pattern, start = levels[depth]
        counts = self._counts[list_id]
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        if kind == "bullet":
            return f"{'  ' * depth}- "
        if kind == "none":
            return ""
        written = re.sub(r"%(\d)", lambda match: self._count(list_id, int(match[1]) - 1), pattern)
        return f"{written} "

    def _count(self, list_id: str, depth: int) -> str:
        kind, _, start = self._levels[list_id].get(depth, ("decimal", "", 1))
        return _written(self._counts[list_id].get(depth, start), kind)


def _level(element: Element) -> tuple[str, str, int]:
    return _value(element, "numFmt", "decimal"), _value(element, "lvlText", ""), int(_value(element, "start", "1"))


def _written(count: int, kind: str) -> str:
    if kind in {"lowerLetter", "upperLetter"}:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"}:
        return _roman(count).upper() if kind == "upperRoman" else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    written = ""
    for value, letters in (*ROMAN, *ROMAN_ONES):
        while count >= value:
            written += letters
            count -= value
    return written


def _value(element: Element, tag: str, default: str) -> str:
    child = element.find(f"{W}{tag}")
    return child.get(f"{W}val", default) if child is not None else default
