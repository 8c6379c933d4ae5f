"""Where a recommendation is argued, when its list does not say: the paragraph with a sentence that says most of its words."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from bestvalue.documents.reading.language import content_words, sentences
from bestvalue.documents.reading.outline import Outline
from bestvalue.documents.reading.structure import Span

LEAST_SHARE = 0.6
"""Of the recommendation's own content words, in one sentence of the paragraph."""
FEWEST_WORDS = 4
COMMON_SHARE = 0.05
"""A word in more than one of twenty sentences tells no place."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A sentence of a paragraph."""

    paragraph: str
    text: str
    span: Span


def places_in(outline: Outline) -> Callable[[str], Place | None]:
    """A function that finds the place of a recommendation's words in this report, or None where no sentence says most of them."""
    places = [
        Place(paragraph=paragraph.number, text=sentence, span=paragraph.span)
        for paragraph in outline.paragraphs
        for line in paragraph.text.split("\n")
        for sentence in sentences(line)
    ]
    saying: dict[str, list[int]] = defaultdict(list)
    for at, place in enumerate(places):
        for word in content_words(place.text):
            saying[word].append(at)
    most = max(20, int(COMMON_SHARE * len(places)))

    def find(text: str) -> Place | None:
        words = content_words(text)
        shared = Counter(at for word in words if len(saying[word]) <= most for at in saying[word])
        if not shared:
            return None
        best = max(shared, key=lambda at: (len(words & content_words(places[at].text)), -at))
        common = len(words & content_words(places[best].text))
        return places[best] if common >= max(FEWEST_WORDS, LEAST_SHARE * len(words)) else None

    return find
