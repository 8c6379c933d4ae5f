"""A review as a page: which strand has evidence of which of the 4Cs, and what is missing."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bestvalue.site.presenters.tags import Tag

FOUR_CS = (("challenge", "Challenge"), ("compare", "Compare"), ("consult", "Consult"), ("compete", "Compete"))
STRENGTHS = (("strong", "strong"), ("fair", "fair"), ("weak", "weak"), ("ungraded", "not graded"))
DONE = Tag(words="Done", colour="green")
MISSING = Tag(words="To do", colour="yellow")
CANNOT_START = Tag(words="Cannot start yet", colour="grey")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """One piece of evidence, as far as coverage asks: the numbers of its strands, its 4Cs, and what its grade is worth."""

    strands: frozenset[int]
    four_cs: frozenset[str]
    strength: str = "ungraded"


@dataclass(frozen=True, kw_only=True)
class CoverageCell:
    """How many pieces of evidence a strand has of one of the 4Cs, and how many of them are of each strength."""

    count: int
    by_strength: tuple[tuple[str, int], ...]

    @property
    def strengths(self) -> str:
        """In words, the strongest first: "1 strong, 2 not graded"."""
        return ", ".join(f"{number} {words}" for words, number in self.by_strength)


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """A strand with how many pieces of evidence it has of each of the 4Cs, in their order."""

    number: int
    name: str
    question: str
    cells: tuple[CoverageCell, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        """How many pieces there are of each of the 4Cs."""
        return tuple(cell.count for cell in self.cells)

    @property
    def lacks(self) -> tuple[str, ...]:
        """The 4Cs without any evidence."""
        return tuple(label for (_, label), count in zip(FOUR_CS, self.counts, strict=True) if count == 0)


@dataclass(frozen=True, kw_only=True)
class Task:
    """A step of the review: what it is, where to do it, how it stands, and why it cannot start."""

    words: str
    tag: Tag
    hint: str = ""
    address: str = ""


def coverage(strands: Sequence[tuple[int, str, str]], evidence: Collection[Gathered]) -> tuple[CoverageRow, ...]:
    """How much evidence each strand has of each of the 4Cs.

    Args:
        strands: number, name and question of each, in order.
        evidence: every piece; one piece may count in several cells.

    Example:
        >>> coverage([(1, "Demand", "")], [Gathered(strands=frozenset({1}), four_cs=frozenset({"compare"}))])[0].counts
        (0, 1, 0, 0)
    """
    return tuple(
        CoverageRow(
            number=number,
            name=name,
            question=question,
            cells=tuple(_cell([item for item in evidence if number in item.strands and four_c in item.four_cs]) for four_c, _ in FOUR_CS),
        )
        for number, name, question in strands
    )


def _cell(gathered: Sequence[Gathered]) -> CoverageCell:
    found = Counter(item.strength for item in gathered)
    return CoverageCell(count=len(gathered), by_strength=tuple((words, found[name]) for name, words in STRENGTHS if found[name]))


def tasks(
    rows: Sequence[CoverageRow],
    *,
    strands_with_findings: Collection[int],
    unanswered: Collection[str],
    versions: int,
    links: dict[str, str],
) -> tuple[Task, ...]:
    """What the review still needs, in the order of the work.

    Args:
        rows: coverage by strand.
        strands_with_findings: numbers of the strands that have a finding.
        unanswered: references of the findings that ask for improvement and have no recommendation.
        versions: how many times the report was published.
        links: where to add evidence and findings and to publish, by "evidence", "finding", "publish"; missing for those
            who may not.
    """
    thin = [f"{row.name} lacks {', '.join(row.lacks).lower()}" for row in rows if row.lacks]
    silent = [row.name for row in rows if row.number not in strands_with_findings]
    any_finding = bool(strands_with_findings)
    return (
        Task(
            words="Evidence of all 4Cs for every strand",
            tag=MISSING if thin or not rows else DONE,
            hint="; ".join(thin),
            address=links.get("evidence", ""),
        ),
        Task(
            words="A finding for every strand",
            tag=MISSING if silent or not rows else DONE,
            hint=f"None yet: {', '.join(silent)}" if silent else "",
            address=links.get("finding", ""),
        ),
        Task(
            words="A recommendation for every finding to improve",
            tag=(MISSING if unanswered else DONE) if any_finding else CANNOT_START,
            hint=f"None yet for {', '.join(unanswered)}" if unanswered else ("" if any_finding else "There are no findings yet"),
        ),
        Task(
            words="Publish the report",
            tag=(DONE if versions else MISSING) if any_finding else CANNOT_START,
            hint=(f"Published {versions} time{'s' if versions > 1 else ''}" if versions else "")
            if any_finding
            else "There are no findings yet",
            address=links.get("publish", "") if any_finding else "",
        ),
    )
