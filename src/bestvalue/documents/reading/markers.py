"""How a line starts: with a paragraph's number, a bullet, the label of a box. Each habit is one pattern here, and nowhere else."""

import re
from dataclasses import dataclass
from typing import Literal

LabelKind = Literal["recommendation", "area for development", "cause of concern", "good practice", "conclusion", "finding"]

NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = rf"(?P<number>\d{{1,3}}(?:\.\d{{1,3}})*[a-z]?|[A-Z]\d{{0,2}}|[IVX]{{1,5}}|(?i:{'|'.join(NUMBER_WORDS)}))"
_LABELS = (
    r"(?P<what>(?i:(?:key |hmic(?:frs)? )?recommendations?|rec|areas? for (?:improvement|development)|improvement actions?|afi"
    r"|(?:accelerated )?causes? of concern"
    r"|(?:good|innovative|promising|notable|effective|positive) practice|conclusion|finding))"
)
_LABEL = re.compile(rf"^{_LABELS}\.?\s*(?:(?i:no\.?|number)\s*)?(?:{_COUNT}(?![\w]))?\s*(?P<separator>[:.|–—)-]|$|\s)\s*(?P<rest>.*)$")
_SHORT_LABEL = re.compile(r"^R(?P<number>\d{1,3})\s*(?P<separator>[:.|–—)-]|\s)\s*(?P<rest>[A-Z].*)?$")
_DOTTED = re.compile(r"^(?P<number>(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){1,4})(?:\.|\))?(?:\s+(?P<rest>\S.*))?$")
_WHOLE = re.compile(r"^(?P<number>(?:E?S)?\d{1,3})(?:(?P<end>[.)])\s*|\s+)(?P<rest>[^\W\d_a-z][^\n]*|[“‘\"'(\[].*)$")
_BULLET = re.compile(r"^(?P<marker>[-•*·▪●◦■–—‣➢►✓]|o(?=\s{2,}))\s+(?P<rest>\S.*)$")
_LETTERED = re.compile(r"^(?P<marker>\((?:[a-z]|[ivx]{1,5}|\d{1,2})\)|(?:[a-z]|[ivx]{2,5})[).])\s+(?P<rest>\S.*)$")
_LOW = re.compile(r"^(?P<number>\d{1,3})[.)]\s+(?P<rest>[a-z].*)$")
_FIELD = re.compile(
    r"^(?P<name>(?:priority|grade|rating|risk(?: rating| level)?|category|agreed(?: management)? actions?|(?:action )?owner|status"
    r"|(?:(?:management|government|force|service|agency|departmental|council|trust)(?:’s|'s)? )?(?:response|comments?)"
    r"|responsible (?:officer|owner|person|manager|body)|responsibility|(?:implementation|target|due|completion|agreed) date|timescales?"
    r"|deadline|by when))\s*[:|]\s*(?P<value>\S.*)?$",
    re.IGNORECASE,
)
_MONTH = re.compile(r"^(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
_HEADINGS_WITHOUT_NUMBER = frozenset(
    {"conclusion", "finding", "good practice", "notable practice", "effective practice", "positive practice", "rec"}
)
"""Without a number these are headings of what follows, not labels of a box."""
_KINDS: tuple[tuple[str, LabelKind], ...] = (
    ("rec", "recommendation"),
    ("area", "area for development"),
    ("afi", "area for development"),
    ("action", "area for development"),
    ("concern", "cause of concern"),
    ("practice", "good practice"),
    ("conclusion", "conclusion"),
    ("finding", "finding"),
)


@dataclass(frozen=True, kw_only=True)
class Label:
    """The label of a box or of a list's item: "Recommendation 3: …". `number` is empty where it has none."""

    kind: LabelKind
    number: str
    rest: str
    plural: bool


@dataclass(frozen=True, kw_only=True)
class Start:
    """How a line starts: `number` of a paragraph or `marker` of a sub-item (one of them empty), and the words after it."""

    number: str
    marker: str
    rest: str
    dotted: bool = False
    ended: bool = False


def label_of(text: str) -> Label | None:
    """The label that a line starts with, or None. A sentence that only begins with the word is no label.

    Example:
        >>> label_of("Recommendation 2: By March 2025, the chief constable should ...").number
        '2'
        >>> label_of("Recommendation 11 was transferred to another committee.") is None
        True
    """
    plain = text.replace("**", "").replace("__", "").strip().lstrip("#|").strip()
    if short := _SHORT_LABEL.match(plain):
        return Label(kind="recommendation", number=short["number"], rest=(short["rest"] or "").strip(), plural=False)
    match = _LABEL.match(plain)
    if match is None or plain[0].islower():
        return None  # "recommendation 11) are followed up" is the middle of a sentence
    rest = match["rest"].strip(" |")
    parted = match["separator"].strip() != ""
    number = (match["number"] or "").rstrip(".")
    if not number and rest:
        if not parted or match["separator"] not in ":–—|" or not rest[0].isupper():
            return None
    elif rest and not parted and not (rest[0].isupper() or rest[0] in "“‘\"'("):
        return None
    what = match["what"].casefold()
    if not number and what in _HEADINGS_WITHOUT_NUMBER:
        return None
    kind = next(kind for word, kind in _KINDS if word in what)
    plural = what.endswith("s") or what.startswith(("areas", "causes"))
    return Label(kind=kind, number=_figure(number), rest=rest, plural=plural and not number)


def field_of(text: str) -> tuple[str, str] | None:
    """The name and the value of a line such as "Priority: High", or None.

    Example:
        >>> field_of("Management response: Agreed.")
        ('Management response', 'Agreed.')
    """
    match = _FIELD.match(text.strip())
    return (match["name"], (match["value"] or "").strip()) if match else None


def low_start_of(text: str) -> Start | None:
    """The number of a list's item that goes on with the sentence above it: "1. improves its forecasts"."""
    match = _LOW.match(text.strip())
    return Start(number=match["number"], marker="", rest=match["rest"], ended=True) if match else None


def start_of(text: str) -> Start | None:
    """The number or bullet that a line starts with, or None. A bullet before a number is no more than a mark of the number.

    Example:
        >>> start_of("- 3.2.6 HM Inspector therefore recommends ...").number
        '3.2.6'
        >>> start_of("30 September 2023 is the date.") is None
        True
    """
    stripped = text.strip()
    bullet = _BULLET.match(stripped)
    plain = bullet["rest"] if bullet else stripped
    bare = plain.lstrip("*#_ ") if plain.startswith(("*", "#", "_")) else plain
    if dotted := _DOTTED.match(bare):
        return Start(number=dotted["number"], marker="", rest=(dotted["rest"] or "").strip(), dotted=True, ended=True)
    if bullet:
        return Start(number="", marker=bullet["marker"], rest=bullet["rest"])
    if (whole := _WHOLE.match(bare)) and not (_MONTH.match(whole["rest"]) and not whole["end"]):
        return Start(number=whole["number"], marker="", rest=whole["rest"].strip(), ended=bool(whole["end"]))
    if lettered := _LETTERED.match(stripped):
        return Start(number="", marker=lettered["marker"], rest=lettered["rest"])
    return None


def _figure(number: str) -> str:
    word = number.casefold()
    return str(NUMBER_WORDS.index(word) + 1) if word in NUMBER_WORDS else number
