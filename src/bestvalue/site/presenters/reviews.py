"""A review as a page: which strand has evidence of which of the 4Cs, how its findings balance, and what is missing."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bestvalue.site.presenters.tags import Tag

FOUR_CS = (("challenge", "Challenge"), ("compare", "Compare"), ("consult", "Consult"), ("compete", "Compete"))
STRENGTHS = (("strong", "strong"), ("fair", "fair"), ("weak", "weak"), ("ungraded", "not graded"))
DONE = Tag(words="Done", colour="green")
MISSING = Tag(words="To do", colour="yellow")
CANNOT_START = Tag(words="Cannot start yet", colour="grey")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Evidence, as far as coverage asks: the numbers of its strands, its 4Cs, what its grade is worth, and how many pieces are alike."""

    strands: frozenset[int]
    four_cs: frozenset[str]
    strength: str = "ungraded"
    pieces: int = 1


@dataclass(frozen=True, kw_only=True)
class StrandOf:
    """A strand: its key, its number, its name and its question."""

    key: int
    number: int
    name: str
    question: str


@dataclass(frozen=True, kw_only=True)
class CoverageCell:
    """How many pieces of evidence a strand has of one of the 4Cs, and how many of them are of each strength."""

    four_c: str
    count: int
    by_strength: tuple[tuple[str, int], ...]

    @property
    def strengths(self) -> str:
        """In words, the strongest first: "1 strong, 2 not graded"."""
        return ", ".join(f"{number} {words}" for words, number in self.by_strength)


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """A strand with how many pieces of evidence it has of each of the 4Cs, in their order."""

    key: int
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


def coverage(strands: Sequence[StrandOf], evidence: Collection[Gathered]) -> tuple[CoverageRow, ...]:
    """How much evidence each strand has of each of the 4Cs.

    Args:
        strands: of the review, in order.
        evidence: all of it; one piece may count in several cells.

    Example:
        >>> demand = StrandOf(key=7, number=1, name="Demand", question="When?")
        >>> coverage([demand], [Gathered(strands=frozenset({1}), four_cs=frozenset({"compare"}), pieces=3)])[0].counts
        (0, 3, 0, 0)
    """
    return tuple(
        CoverageRow(
            key=strand.key,
            number=strand.number,
            name=strand.name,
            question=strand.question,
            cells=tuple(
                _cell(four_c, [item for item in evidence if strand.number in item.strands and four_c in item.four_cs])
                for four_c, _ in FOUR_CS
            ),
        )
        for strand in strands
    )


def _cell(four_c: str, gathered: Sequence[Gathered]) -> CoverageCell:
    found = Counter[str]()
    for item in gathered:
        found[item.strength] += item.pieces
    strengths = tuple((words, found[name]) for name, words in STRENGTHS if found[name])
    return CoverageCell(four_c=four_c, count=found.total(), by_strength=strengths)


class Balance(NamedTuple):
    """Findings that are told apart: of which strand, by its number, of which tone, and whether a recommendation answers them."""

    strand: int
    tone: str
    is_answered: bool


@dataclass(frozen=True, kw_only=True)
class BalanceRow:
    """The findings of a strand: strengths, things to improve, and how many of these no recommendation answers.

    Args:
        strand: its key; None for all strands together.
        name: the strand as a reader names it.
    """

    strand: int | None
    name: str
    positive: int
    negative: int
    unanswered: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.positive + self.negative


def balance(strands: Sequence[StrandOf], findings: Mapping[Balance, int]) -> tuple[BalanceRow, ...]:
    """How the findings of each strand balance, and last those of the whole review where it has more than one strand.

    Args:
        strands: of the review, in order.
        findings: how many there are of each balance.

    Example:
        >>> demand = StrandOf(key=7, number=1, name="Demand", question="When?")
        >>> found = {Balance(1, "positive", False): 2, Balance(1, "negative", True): 3, Balance(1, "negative", False): 1}
        >>> row, = balance([demand], found)
        >>> row.positive, row.negative, row.unanswered
        (2, 4, 1)
    """
    rows = tuple(_balance_row(strand.key, f"{strand.number}. {strand.name}", findings, {strand.number}) for strand in strands)
    if len(rows) < 2:
        return rows
    return (*rows, _balance_row(None, "All strands", findings, {strand.number for strand in strands}))


def _balance_row(key: int | None, name: str, findings: Mapping[Balance, int], numbers: Collection[int]) -> BalanceRow:
    here = {(tone, is_answered, strand): rows for (strand, tone, is_answered), rows in findings.items() if strand in numbers}

    def count(tone: str, *, answered: Collection[bool]) -> int:
        return sum(rows for (said, is_answered, _), rows in here.items() if said == tone and is_answered in answered)

    return BalanceRow(
        strand=key,
        name=name,
        positive=count("positive", answered=(True, False)),
        negative=count("negative", answered=(True, False)),
        unanswered=count("negative", answered=(False,)),
    )
