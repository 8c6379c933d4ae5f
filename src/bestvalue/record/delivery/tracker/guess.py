"""What does a tracker mean? Proposals, that somebody looks at: which column is what, what its words mean, how its days are written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status
from bestvalue.record.delivery.tracker.fields import FIELD, FIELDS, NEW, NOTHING, DayOrder
from bestvalue.record.delivery.tracker.grid import Grid

STATUS_WORDS: Sequence[tuple[str, Status]] = (
    ("not accepted", Status.NOT_ACCEPTED),
    ("reject", Status.NOT_ACCEPTED),
    ("declined", Status.NOT_ACCEPTED),
    ("part", Status.PARTLY_ACCEPTED),
    ("not implemented", Status.CLOSED),
    ("no further action", Status.CLOSED),
    ("not started", Status.ACCEPTED),
    ("unallocated", Status.MADE),
    ("incomplete", Status.IN_PROGRESS),
    ("awaiting review", Status.REQUESTED),
    ("awaiting sign", Status.REQUESTED),
    ("requested", Status.REQUESTED),
    ("withdrawn", Status.WITHDRAWN),
    ("superseded", Status.WITHDRAWN),
    ("embed", Status.EMBEDDING),
    ("complete", Status.COMPLETE),
    ("closed", Status.COMPLETE),
    ("discharged", Status.COMPLETE),
    ("implemented", Status.COMPLETE),
    ("done", Status.COMPLETE),
    ("progress", Status.IN_PROGRESS),
    ("ongoing", Status.IN_PROGRESS),
    ("on track", Status.IN_PROGRESS),
    ("open", Status.IN_PROGRESS),
    ("accepted", Status.ACCEPTED),
    ("agreed", Status.ACCEPTED),
    ("new", Status.MADE),
    ("draft", Status.MADE),
)
"""What a tracker's word for a status seems to mean: the first that is in it. Colours mean nothing here: ours come from rules."""
KIND_WORDS: Sequence[tuple[str, Kind]] = (
    ("concern", Kind.CAUSE_OF_CONCERN),
    ("coc", Kind.CAUSE_OF_CONCERN),
    ("area", Kind.AREA_FOR_IMPROVEMENT),
    ("afi", Kind.AREA_FOR_IMPROVEMENT),
    ("rec", Kind.RECOMMENDATION),
)
CLOSE = 0.85
"""How like two names must be to be taken for one: a letter or two apart."""
_NUMERIC = re.compile(r"^\s*(\d{1,2})[/.\-](\d{1,2})[/.\-]\d{4}")


def guess_columns(grid: Grid) -> dict[str, str]:
    """The column of each field, where a heading looks like it; each column once, the likeliest first.

    Example:
        >>> rows = [(2, {"Ref": "1", "Recommendation": "Do it.", "Lead officer": "A", "Status": "Open"})]
        >>> guess_columns(Grid(name="t.csv", sheet="", sheets=(), headings=list(rows[0][1]), rows=rows))
        {'number': 'Ref', 'text': 'Recommendation', 'status': 'Status', 'lead': 'Lead officer'}
    """
    found: dict[str, str] = {}
    plain = {heading: " ".join(re.split(r"[\s_\-/]+", heading.casefold())) for heading in grid.headings}
    # A heading that is the very word goes before one that only holds it: "Report" before "Report date".
    for fits in (_is, _holds):
        for field in FIELDS:
            if field.key in found:
                continue
            free = [heading for heading in grid.headings if heading not in found.values()]
            match = next((heading for word in field.looks_like for heading in free if fits(plain[heading], word)), None)
            if match is not None:
                found[field.key] = match
    return {field.key: found[field.key] for field in FIELDS if field.key in found}


def _is(heading: str, word: str) -> bool:
    return heading == word


def _holds(heading: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}", heading) is not None


def guess_days(grid: Grid, columns: Mapping[str, str]) -> DayOrder:
    """The order in which days are written: a first part over 12 can only be a day, a second one too."""
    for key, heading in columns.items():
        if FIELD[key].is_date:
            for word in grid.words(heading):
                found = _NUMERIC.match(word)
                if found and (int(found[1]) > 12) != (int(found[2]) > 12):
                    return DayOrder.DAY_FIRST if int(found[1]) > 12 else DayOrder.MONTH_FIRST
    return DayOrder.DAY_FIRST


def guess_values(key: str, words: Iterable[str], *, bodies: Sequence[Body], people: Sequence[Person]) -> dict[str, str]:
    """What each word of a column means: the value of a choice, the key of a body or person, `NEW`, or nothing where it cannot be told."""
    means = FIELD[key].means
    if means == "status":
        return {word: _first(word, STATUS_WORDS) for word in words}
    if means == "kind":
        return {word: _first(word, KIND_WORDS) for word in words}
    named = [(body.name, body.pk) for body in bodies] if means == "body" else [(person.name, person.pk) for person in people]
    known = {name.casefold(): str(pk) for name, pk in reversed(named)}
    if means == "body":
        known |= {body.short_name.casefold(): str(body.pk) for body in reversed(bodies) if body.short_name}
    return {word: _named(word, known) for word in words}


def _first(word: str, meanings: Sequence[tuple[str, Status]] | Sequence[tuple[str, Kind]]) -> str:
    plain = " ".join(re.split(r"[\s_\-]+", word.casefold()))
    return next((meaning.value for part, meaning in meanings if part in plain), NOTHING)


def _named(word: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(word.casefold(), known, n=1, cutoff=CLOSE)
    return known[near[0]] if near else NEW
