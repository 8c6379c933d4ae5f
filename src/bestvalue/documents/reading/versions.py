"""What changed between two versions of one report: a draft and its final text, or a first and a corrected edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bestvalue.documents.reading.differences import changed_words
from bestvalue.documents.reading.language import content_words, likeness, overlap
from bestvalue.documents.reading.structure import Change, PublishedReport

Kind = Literal["added", "removed", "changed", "renumbered"]
SAME_NUMBER_LEAST_LIKE = 0.3
"""Below this, the same number stands before other words: one paragraph went and another came."""
MOVED_LEAST_OVERLAP = 0.6


@dataclass(frozen=True, kw_only=True)
class VersionChange:
    """One change. A number is empty where that version has no such item; `changes` are the words that differ, case and stops aside."""

    item: Literal["paragraph", "recommendation", "judgement"]
    kind: Kind
    number_before: str
    number_after: str
    before: str
    after: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, kw_only=True)
class _Item:
    number: str
    text: str


def compare_versions(before: PublishedReport, after: PublishedReport) -> tuple[VersionChange, ...]:
    """Every judgement, recommendation and paragraph that was added, removed, reworded or renumbered, in that order of kinds of item.

    Items are the same by number if their words are alike, else by their words alone. What is the same in both is not listed.

    Example: `compare_versions(read_report(draft), read_report(final))`.
    """
    judgements = _compare("judgement", *([_Item(number=j.question, text=j.grade) for j in report.judgements] for report in (before, after)))
    recommendations = _compare(
        "recommendation", *([_Item(number=r.number, text=r.text) for r in report.recommendations] for report in (before, after))
    )
    paragraphs = _compare("paragraph", *([_Item(number=p.number, text=p.text) for p in report.paragraphs] for report in (before, after)))
    return (*judgements, *recommendations, *paragraphs)


def _compare(
    item: Literal["paragraph", "recommendation", "judgement"], before: Sequence[_Item], after: Sequence[_Item]
) -> list[VersionChange]:
    pairs = _pairs(before, after, by_number_alone=item == "judgement")
    left_over = set(pairs.values())
    found = []
    for at, one in enumerate(before):
        other = after[pairs[at]] if at in pairs else None
        changes = changed_words(one.text, other.text) if other is not None else ()
        if other is None:
            found.append(_change(item, "removed", one, None, ()))
        elif changes:
            found.append(_change(item, "changed", one, other, changes))
        elif one.number != other.number:
            found.append(_change(item, "renumbered", one, other, ()))
    return found + [_change(item, "added", None, one, ()) for at, one in enumerate(after) if at not in left_over]


def _pairs(before: Sequence[_Item], after: Sequence[_Item], *, by_number_alone: bool) -> dict[int, int]:
    """Which item of the later version each of the earlier one is. Words go before numbers: inserting a paragraph renumbers the rest."""
    numbers = {one.number: at for at, one in enumerate(after)}
    texts: dict[str, list[int]] = {}
    for at, one in enumerate(after):
        texts.setdefault(" ".join(one.text.split()), []).append(at)
    pairs: dict[int, int] = {}
    taken: set[int] = set()

    def pair(at: int, other: int | None) -> None:
        if other is not None and other not in taken:
            pairs[at] = other
            taken.add(other)

    if not by_number_alone:
        for at, one in enumerate(before):
            same = [other for other in texts.get(" ".join(one.text.split()), ()) if other not in taken]
            pair(at, min(same, key=lambda other, at=at: abs(other - at), default=None))  # type: ignore[misc]  # a bound default has no type
    for at, one in enumerate(before):
        if at not in pairs and (other := numbers.get(one.number)) is not None:
            pair(at, other if by_number_alone or likeness(one.text, after[other].text) >= SAME_NUMBER_LEAST_LIKE else None)
    for at, one in enumerate(before):
        if at not in pairs and not by_number_alone and content_words(one.text):
            free = [other for other in range(len(after)) if other not in taken]
            best = max(free, key=lambda other, one=one: overlap(one.text, after[other].text), default=None)  # type: ignore[misc]  # a bound default has no type
            pair(at, best if best is not None and overlap(one.text, after[best].text) >= MOVED_LEAST_OVERLAP else None)
    return pairs


def _change(item: Literal["paragraph", "recommendation", "judgement"], kind: Kind, before: _Item | None, after: _Item | None,
            changes: tuple[Change, ...]) -> VersionChange:  # fmt: skip
    return VersionChange(
        item=item,
        kind=kind,
        number_before=before.number if before is not None else "",
        number_after=after.number if after is not None else "",
        before=before.text if before is not None else "",
        after=after.text if after is not None else "",
        changes=changes,
    )
