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


def tasks(
    rows: Sequence[CoverageRow],
    *,
    strands_with_findings: Collection[int],
    unanswered: Mapping[str, int],
    recommendations: int,
    not_costed: int,
    versions: int,
    links: dict[str, str],
) -> tuple[Task, ...]:
    """What the review still needs, in the order of the work.

    Args:
        rows: coverage by strand.
        strands_with_findings: numbers of the strands that have a finding.
        unanswered: how many findings ask for improvement and have no recommendation, by the name of their strand.
        recommendations: how many there are.
        not_costed: how many of them have no cost in figures or no benefit, and nobody has answered them.
        versions: how many times the report was published.
        links: where to add evidence and findings and to publish, by "evidence", "finding", "publish"; missing for those
            who may not. And where the findings without a recommendation are, by "unanswered", and the recommendations
            without a cost, by "not_costed".
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
            hint=_unanswered_words(unanswered) if any_finding else "There are no findings yet",
            address=links.get("unanswered", "") if unanswered else "",
        ),
        Task(
            words="A cost and a benefit for every recommendation",
            tag=(MISSING if not_costed else DONE) if recommendations else CANNOT_START,
            hint=_not_costed_words(not_costed) if recommendations else "There are no recommendations yet",
            address=links.get("not_costed", "") if not_costed else "",
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


def _not_costed_words(count: int) -> str:
    """Who is to look at what is not costed; nothing when all is."""
    return f"{count} not costed yet: the financial adviser is the one to look" if count else ""


def _unanswered_words(unanswered: Mapping[str, int]) -> str:
    """How many findings no recommendation answers: "None yet for 3 findings: Demand 2, Supply 1"."""
    if not unanswered:
        return ""
    count = sum(unanswered.values())
    return f"None yet for {count} finding{'' if count == 1 else 's'}: {', '.join(f'{name} {rows}' for name, rows in unanswered.items())}"
