"""Statements become recommendations: body, box and list brought together under one key, with what differs between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bestvalue.documents.reading.differences import difference
from bestvalue.documents.reading.language import likeness, overlap, sentences
from bestvalue.documents.reading.outline import Outline
from bestvalue.documents.reading.places import places_in
from bestvalue.documents.reading.statements import Stated
from bestvalue.documents.reading.structure import Confidence, Difference, Paragraph, Place, Recommendation, Statement

SAME_NUMBER_LEAST_LIKE = 0.3
SAME_WORDS_LEAST_LIKE = 0.6
SAME_WORDS_LEAST_OVERLAP = 0.35
SAME_SENTENCE_LEAST_OVERLAP = 0.5
_RETOLD = re.compile(r"(?i)\b(?:previous|earlier|past|progress|response|follow-?up|appendix|annexe?|other (?:reports|reviews))\b")
"""Sections that tell again what others recommended."""
PLACES: tuple[Place, ...] = ("box", "list", "body")


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The issuer's recommendations, and labelled ones that must be another's: the same number with other words."""

    recommendations: tuple[Recommendation, ...]
    foreign: tuple[Stated, ...]


@dataclass(kw_only=True)
class _Group:
    stated: list[Stated] = field(default_factory=list)

    @property
    def number(self) -> str:
        return next((each.number for each in self.stated if each.number), "")

    @property
    def places(self) -> set[str]:
        """The paragraphs that it is known to belong to."""
        return {place for each in self.stated for place in (each.points_to, each.paragraph) if place}

    def points_elsewhere(self, other: Stated) -> bool:
        """Whether both point to a paragraph, and to different ones: then two series count from one."""
        pointed = {each.points_to for each in self.stated if each.points_to and each.place != "body"}
        return bool(pointed and other.points_to and other.points_to not in pointed)

    def alike(self, other: Stated) -> float:
        return max(likeness(each.text, other.text) for each in self.stated)

    def same_words(self, other: Stated) -> bool:
        return any(
            likeness(each.text, other.text) >= SAME_WORDS_LEAST_LIKE and overlap(each.text, other.text) >= SAME_WORDS_LEAST_OVERLAP
            for each in self.stated
        )


def merge(statements: Sequence[Stated], outline: Outline, *, key: str) -> Merged:
    """Bring the statements of one recommendation together: by number, by the paragraph they point to, by their words.

    Args:
        statements: what was found, in any order.
        outline: the report's paragraphs, for the sentence that a list only points to.
        key: issuer and report, "HMIC/operational-support-policing-2004"; the number makes it a recommendation's.
    """
    groups: list[_Group] = []
    foreign: list[Stated] = []
    for stated in sorted((each for each in statements if each.place != "body" and each.number), key=_referred_first):
        named = [each for each in groups if each.number == stated.number]
        fitting = [each for each in named if each.alike(stated) >= SAME_NUMBER_LEAST_LIKE and not each.points_elsewhere(stated)]
        if not named:
            groups.append(_Group(stated=[stated]))
        elif fitting:
            max(fitting, key=lambda each: each.alike(stated)).stated.append(stated)
        elif stated.section is not None and _RETOLD.search(stated.section.title):
            foreign.append(stated)
        else:
            groups.append(_Group(stated=[stated]))  # each chapter counts its own from one
    for stated in (each for each in statements if each.place != "body" and not each.number):
        _join(stated, groups)
    for stated in (each for each in statements if each.place == "body"):
        _join(stated, groups)
    paragraphs = {paragraph.number: paragraph for paragraph in outline.paragraphs}
    _place(groups, outline)
    groups.sort(key=lambda group: _formal(group).span.first_line)
    taken: dict[str, int] = {}
    made = tuple(_made(group, paragraphs, _number_of(group, at, taken, paragraphs), key) for at, group in enumerate(groups, start=1))
    return Merged(recommendations=made, foreign=tuple(foreign))


def _referred_first(stated: Stated) -> tuple[bool, int]:
    # Where two series use one number, ours is the one that is tied to a paragraph of this report.
    return not (stated.points_to or stated.paragraph), stated.span.first_line


def _join(stated: Stated, groups: list[_Group]) -> None:
    by_number = [group for group in groups if stated.number and group.number == stated.number]
    by_place = [group for group in groups if stated.place == "body" and stated.paragraph in group.places]
    by_words = [group for group in groups if group.same_words(stated) and stated.place not in {each.place for each in group.stated}]
    near = by_number or by_place or by_words
    if near:
        max(near, key=lambda group: group.alike(stated)).stated.append(stated)
    else:
        groups.append(_Group(stated=[stated]))


def _place(groups: Sequence[_Group], outline: Outline) -> None:
    """Where a listed recommendation refers to no paragraph, add the paragraph that says most of its words."""
    unplaced = [group for group in groups if not group.places]
    if not unplaced:
        return
    find = places_in(outline)
    for group in unplaced:
        formal = _formal(group)
        if (place := find(formal.text)) is not None:
            group.stated.append(replace(formal, place="body", text=place.text, paragraph=place.paragraph, points_to="", span=place.span,
                                        strength=0.0, reason=f"paragraph {place.paragraph} says most of its words"))  # fmt: skip


def _formal(group: _Group) -> Stated:
    return min(group.stated, key=lambda each: (PLACES.index(each.place), each.span.first_line))


def _number_of(group: _Group, at: int, taken: dict[str, int], paragraphs: dict[str, Paragraph]) -> str:
    place = _paragraph_of(group, paragraphs)
    own = paragraphs.get(place)
    number = group.number or (place if own is not None and own.numbered else f"u{at}")
    taken[number] = taken.get(number, 0) + 1
    return number if taken[number] == 1 else f"{number}-{taken[number]}"


def _paragraph_of(group: _Group, paragraphs: dict[str, Paragraph]) -> str:
    """Where it is argued: what a reference says, else the paragraph that states it, else the one before its box."""
    said = [each.points_to for each in group.stated if each.points_to and each.place != "body"]
    body = [each.paragraph for each in group.stated if each.place == "body"]
    before = [each.paragraph for each in group.stated if each.paragraph]
    return next((number for number in (*said, *body, *before) if number in paragraphs), next(iter((*said, *body, *before)), ""))


def _made(group: _Group, paragraphs: dict[str, Paragraph], number: str, key: str) -> Recommendation:
    formal = _formal(group)
    paragraph = _paragraph_of(group, paragraphs)
    statements = [_statement(each, paragraph) for each in sorted(group.stated, key=lambda each: each.span.first_line)]
    body = next((each for each in statements if each.place == "body"), None)
    if formal.place == "list" and (twin := _twin(formal, paragraphs.get(body.paragraph if body else paragraph))) is not None:
        # A list repeats whole paragraphs, so what it repeats is the body's statement, not the recommending sentence alone.
        body = twin
        statements = [twin, *(each for each in statements if each.place != "body")]
    return Recommendation(
        key=f"{key}/{number}",
        number=number,
        numbered=bool(group.number),
        paragraph=paragraph,
        text=formal.text,
        body_text=body.text if body is not None else "",
        statements=tuple(statements),
        differences=_differences(statements),
        details=next((each.details for each in group.stated if each.details), ()),
        span=formal.span,
        confidence=_confidence(group, paragraph, paragraphs),
    )


def _statement(stated: Stated, paragraph: str) -> Statement:
    return Statement(place=stated.place, text=stated.text, paragraph=stated.paragraph or paragraph, span=stated.span)


def _twin(listed: Stated, paragraph: Paragraph | None) -> Statement | None:
    """The sentences of a paragraph that a list repeats, whether or not they recommend outright."""
    if paragraph is None or paragraph.span == listed.span:
        return None
    wanted = [each for line in listed.text.split("\n") for each in sentences(line)]
    said = [each for line in paragraph.text.split("\n") for each in sentences(line)]
    same = [each for each in said if any(overlap(each, other) >= SAME_SENTENCE_LEAST_OVERLAP for other in wanted)]
    return Statement(place="body", text=" ".join(same), paragraph=paragraph.number, span=paragraph.span) if same else None


def _differences(statements: Sequence[Statement]) -> tuple[Difference, ...]:
    firsts = {place: next((each for each in statements if each.place == place), None) for place in PLACES}
    body, box, listed = firsts["body"], firsts["box"], firsts["list"]
    pairs = [(body, box or listed), (box, listed)]
    found = [
        difference(one.text, other.text, places=(one.place, other.place)) for one, other in pairs if one and other and one is not other
    ]
    return tuple(each for each in found if each is not None)


def _confidence(group: _Group, paragraph: str, paragraphs: dict[str, Paragraph]) -> Confidence:
    reasons = list(dict.fromkeys(each.reason for each in group.stated))
    share = max(each.strength for each in group.stated)
    if len({each.place for each in group.stated}) > 1:
        share = min(0.99, share + 0.02)
        reasons.append("it is stated in more than one place")
    said = [each.paragraph for each in group.stated if each.place == "body"]
    if said and paragraph not in said:
        share -= 0.1
        reasons.append(f"the list points to paragraph {paragraph}, but its words stand at {said[0]}")
    if paragraph not in paragraphs:
        share -= 0.1
        reasons.append("the paragraph that argues it was not found")
    return Confidence(share=round(share, 2), reasons=tuple(reasons))
