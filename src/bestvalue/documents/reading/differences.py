"""Does the body say more than the box? Two statements of one recommendation, word by word, and which of them asks for more."""

import re
from difflib import SequenceMatcher

from bestvalue.documents.reading.structure import Change, Difference, Place

FIRMER = (
    r"all|every|each|must|shall|will|full(?:y)?|further|more|ensure|immediate(?:ly)?|urgent(?:ly)?|always|any|mandatory"
    r"|as part of|at least|without delay"
)
SOFTER = (
    r"where (?:appropriate|possible|practicable|necessary)|(?:as|if) (?:appropriate|possible|necessary)|consider(?:s|ation)?"
    r"|opportunit(?:y|ies)|may|might"
    r"|could|seeks?|explores?|takes? advantage|encourages?|when resources allow|generally|normally|subject to|aims? to|works? towards"
)
_FORMULA = re.compile(
    r"^(?:[^.]*?\b(?:recommend|urge)s?(?:\s+(?:further|therefore|strongly|again))?,?(?:\s+(?:that|to))?\s+"
    r"|[^.]*?\brecommendation is that\s+)"
)


def difference(first: str, second: str, *, places: tuple[Place, Place]) -> Difference | None:
    """How two statements differ, or None where their words are the same after "recommends that", whatever the capitals and stops.

    Example:
        >>> said, boxed = "We recommend that all reviews act.", "We recommend that reviews act where possible."
        >>> found = difference(said, boxed, places=("body", "box"))
        >>> found.stronger
        'body'
    """
    changes = _changes(_words(first), _words(second))
    if not changes:
        return None
    stronger, reasons = _stronger(changes, places)
    return Difference(first=places[0], second=places[1], changes=changes, stronger=stronger, reasons=reasons)


def changed_words(first: str, second: str) -> tuple[Change, ...]:
    """The words that two texts do not share, in order; capitals and stops alone are no change.

    Example:
        >>> changed_words("The force has 12 cells.", "The force has 14 cells")
        (Change(before='12', after='14'),)
    """
    return _changes(first.split(), second.split())


def _changes(left: list[str], right: list[str]) -> tuple[Change, ...]:
    matcher = SequenceMatcher(None, [_bare(word) for word in left], [_bare(word) for word in right], autojunk=False)
    return tuple(
        Change(before=" ".join(left[start:end]), after=" ".join(right[begin:stop]))
        for kind, start, end, begin, stop in matcher.get_opcodes()
        if kind != "equal" and any(_bare(word) for word in (*left[start:end], *right[begin:stop]))
    )


def _words(text: str) -> list[str]:
    flat = " ".join(text.split())
    return _FORMULA.sub("", flat, count=1).rstrip(".;").split()


def _bare(word: str) -> str:
    return re.sub(r"[^\w'’-]", "", word).replace("’", "'").casefold()


def _stronger(changes: tuple[Change, ...], places: tuple[Place, Place]) -> tuple[Place | None, tuple[str, ...]]:
    weights = [0, 0]
    reasons: list[str] = []
    for side, text in enumerate((" … ".join(change.before for change in changes), " … ".join(change.after for change in changes))):
        for word in re.findall(rf"\b(?:{FIRMER})\b", text.casefold()):
            weights[side] += 1
            reasons.append(f"the {places[side]} says “{word}”")
        for word in re.findall(rf"\b(?:{SOFTER})\b", text.casefold()):
            weights[side] -= 1
            reasons.append(f"the {places[side]} says only “{word}”")
    if weights[0] == weights[1]:
        return None, ()
    return places[0] if weights[0] > weights[1] else places[1], tuple(dict.fromkeys(reasons))
