"""What a published report holds once it is read: its words under its own numbers, and what follows from them.

Every item says where it stands in the file (`Span`) and how sure the reader is of it (`Confidence`), because a person
accepts or corrects each one before it enters a register. A text is kept word for word; only lines that a page broke are joined.
"""

from dataclasses import dataclass
from typing import Literal

Grain = Literal["day", "month", "year"]
Place = Literal["box", "body", "list"]
PointKind = Literal["strength", "area for development", "cause of concern"]


@dataclass(frozen=True, kw_only=True)
class Span:
    """Where an item stands in its file: lines count from 1 over the whole file; `page` is None where the file has no pages."""

    first_line: int
    last_line: int
    page: int | None = None


@dataclass(frozen=True, kw_only=True)
class Confidence:
    """How sure the reader is, from 0 to 1, and what made it so. It orders the work of a person; it is not a probability."""

    share: float
    reasons: tuple[str, ...]

    @property
    def words(self) -> str:
        """High (0.8 or more), medium (0.6 or more) or low."""
        if self.share >= 0.8:
            return "high"
        return "medium" if self.share >= 0.6 else "low"


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading of the report's body. `number` is empty where the heading has none; `level` counts from 1."""

    number: str
    title: str
    level: int
    order: int
    span: Span


@dataclass(frozen=True, kw_only=True)
class SubItem:
    """A bullet or a lettered sub-item of a paragraph; `depth` is 1 for the outermost, `marker` is what stood before it."""

    marker: str
    text: str
    depth: int
    span: Span


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph word for word, its sub-items in it, each on a line of its own.

    `number` is the report's own ("3.2.6"). Text that stands under no number is counted through the report ("¶1", "¶2"),
    and `numbered` is False. No two paragraphs have the same number: one that the report uses twice gets " (2)".
    """

    number: str
    numbered: bool
    text: str
    section: Section | None
    sub_items: tuple[SubItem, ...]
    order: int
    span: Span
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class ContentsDifference:
    """A heading that reads otherwise on the contents page than in the body. One side is empty where only the other has it."""

    in_contents: str
    in_body: str
    number: str


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """A graded answer: the question, the grade, its scale, best first (empty if not given), and every paragraph that states it."""

    question: str
    grade: str
    scale: tuple[str, ...]
    paragraphs: tuple[str, ...]
    text: str
    span: Span
    confidence: Confidence

    @property
    def paragraph(self) -> str:
        """The first paragraph that states it."""
        return self.paragraphs[0]


@dataclass(frozen=True, kw_only=True)
class Point:
    """A strength, an area for development or a cause of concern that the report lists, under the paragraph that lists it."""

    kind: PointKind
    text: str
    paragraph: str
    span: Span
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class GoodPractice:
    """Practice that the report holds up for others. `number` is its paragraph's, or counts within the paragraph ("2.1-2")."""

    number: str
    text: str
    paragraph: str
    span: Span
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Change:
    """Words that one statement of a recommendation has and another has not; one side may be empty."""

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How two statements of one recommendation differ, word by word.

    `stronger` names the place that asks for more ("all", no "where appropriate"), with `reasons`; None where that cannot be told.
    """

    first: Place
    second: Place
    changes: tuple[Change, ...]
    stronger: Place | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One place where a recommendation is stated: in its paragraph, in a box of its own, or in a list of recommendations."""

    place: Place
    text: str
    paragraph: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class Detail:
    """A line that the report prints beside a recommendation: its priority, the response to it, who is to act, by when."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """A recommendation of the report's issuer.

    `key` is issuer, report and number: a number alone may be another series'. Where the report gives no number, it is the
    paragraph's, or "u1", "u2" where that has none either (`numbered` is False). `text` is the formal statement: box before list
    before body. `body_text` is the sentence in its paragraph, empty if there is none. `paragraph` is where it is argued, empty
    if the report does not tell. `details` are the lines beside it, such as "Management response: Agreed."
    """

    key: str
    number: str
    numbered: bool
    paragraph: str
    text: str
    body_text: str
    statements: tuple[Statement, ...]
    differences: tuple[Difference, ...]
    details: tuple[Detail, ...]
    span: Span
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that asks for something although the report makes no recommendation of it; `phrase` is the asking words."""

    paragraph: str
    text: str
    phrase: str
    span: Span
    confidence: Confidence


@dataclass(frozen=True, kw_only=True)
class CrossReference:
    """A place that points to another of the same report. `target` is "Recommendation 4" or "4.1.11"; `forward` if it stands later."""

    paragraph: str
    text: str
    target: str
    forward: bool
    found: bool
    span: Span


@dataclass(frozen=True, kw_only=True)
class OtherSeries:
    """A recommendation of another series that the report mentions: the same number means another thing there."""

    number: str
    series: str
    text: str
    paragraph: str
    span: Span


@dataclass(frozen=True, kw_only=True)
class MentionedBody:
    """A body that the report names: its full name, its abbreviation if it has one, and where it is first named."""

    name: str
    abbreviation: str
    mentions: int
    paragraph: str


@dataclass(frozen=True, kw_only=True)
class PublishedReport:
    """A published report as structure.

    `published` is "2004-12-05", "2004-12" or "2004", as exactly as the report says, and empty if it does not say. `about` is the inspected
    body. `notes` are remarks of the reader to the person who checks it ("read as Windows-1252").
    """

    title: str
    subtitle: str
    issuer: str
    issuer_abbreviation: str
    about: str
    published: str
    slug: str
    source_name: str
    source_sha256: str
    text_length: int
    pages: int | None
    sections: tuple[Section, ...]
    contents_differences: tuple[ContentsDifference, ...]
    paragraphs: tuple[Paragraph, ...]
    judgements: tuple[Judgement, ...]
    strengths: tuple[Point, ...]
    areas_for_development: tuple[Point, ...]
    causes_of_concern: tuple[Point, ...]
    recommendations: tuple[Recommendation, ...]
    conclusions: tuple[Statement, ...]
    good_practice: tuple[GoodPractice, ...]
    candidates: tuple[Candidate, ...]
    cross_references: tuple[CrossReference, ...]
    other_series: tuple[OtherSeries, ...]
    bodies: tuple[MentionedBody, ...]
    notes: tuple[str, ...]

    @property
    def published_precision(self) -> Grain | None:
        """How exactly the date is known: day, month or year; None if the report does not say."""
        grains: tuple[Grain | None, ...] = (None, "year", "month", "day")
        return grains[len(self.published.split("-")) if self.published else 0]

    def paragraph(self, number: str) -> Paragraph | None:
        """The paragraph of that number, or None."""
        return next((each for each in self.paragraphs if each.number == number), None)
