"""Findings that ask for something although no recommendation was made of them. A register that loads only "recommendations" loses them.

A finding asks by a duty ("should", "needs to"), by naming what would help ("would benefit from"), or by naming a fault that stands
("remains unresolved", "lack of", "slippage"). Words of witnesses, of the law, and of the report's own arrangements ask for nothing.
Each is offered with its asking words and a confidence; a person decides.
"""

import re
from collections.abc import Iterator, Sequence

from bestvalue.documents.reading.language import (
    QUOTATION,
    REPORTED,
    content_words,
    first_match,
    likeness,
    overlap,
    recommends,
    sentences,
    unquoted,
)
from bestvalue.documents.reading.outline import LISTING, Outline
from bestvalue.documents.reading.structure import Candidate, Confidence, Paragraph, Point, Recommendation, Section

LEAST_CONFIDENCE = 0.5
COVERED_LEAST_LIKE = 0.6
REPEATED_LEAST_OVERLAP = 0.75

_ASKING: tuple[tuple[re.Pattern[str], float], ...] = (
    (
        re.compile(
            r"\b(?:need|needs) to be (?:sure|clear|able|more|better|addressed|improved|resolved|progressed|done|strengthened"
            r"|given)\b"
        ),
        0.9,
    ),
    (re.compile(r"\bshould(?: (?:therefore|also|now|however|not))* (?:be )?(?!be noted|note\b|record\b|not be (?:under|over))\w+"), 0.85),
    (
        re.compile(
            r"\bmust(?: (?:therefore|also|now))? raise the question\b|\brais(?:es?|ing) (?:the |a |some |\w+ )?(?:question"
            r"|issue|concern)s?\b"
        ),
        0.75,
    ),
    (re.compile(r"\bmust(?: (?:therefore|also|now))? (?!have\b)\w+"), 0.8),
    (re.compile(r"\bneeds? to (?!know\b|say\b)\w+|\bought to\b|\bhas to be\b|\bhave to be\b"), 0.8),
    (re.compile(r"\b(?:would|could|might) (?:\w+ )?benefit from\b"), 0.85),
    (
        re.compile(
            r"\b(?:further|more|additional) (?:\w+ )?(?:work|attention|action|effort|progress) (?:is|are|will be|needs?"
            r"|required|needed)\b"
        ),
        0.8,
    ),
    (
        re.compile(
            r"\b(?:un(?:resolved|addressed|clear who)|not (?:been )?(?:yet )?(?:resolved|addressed|mainstreamed"
            r"|implemented))\b"
        ),
        0.8,
    ),
    (re.compile(r"\b(?:lack of|lacks?|lacked|absence of|no data|insufficient|inadequate|failure to)\b"), 0.7),
    (
        re.compile(
            r"\b(?:significant|serious|real|continuing) (?:potential for|risks?|gaps?|weakness(?:es)?|concerns?"
            r"|shortcomings?)\b"
        ),
        0.7,
    ),
    (
        re.compile(
            r"\b(?:slippage|gap in|gaps in|little (?:or no )?(?:evidence|\w+ )?\w* ?(?:taking place|progress|collaboration)"
            r"|(?:not|un)(?: always| yet)? ?aware|(?:was|were|is|are) unable to)\b"
        ),
        0.65,
    ),
    (re.compile(r"\b(?:could|may) be (?:further |more |better |\w+ )?(?:enhanced|improved|strengthened|needed|developed)\b"), 0.6),
    (
        re.compile(
            r"\bis a need (?:for|to)\b|\bneed for (?:greater|more|better|further|a)\b|\bis(?: (?!not\b)\w+)? (?:necessary"
            r"|required|needed|essential|vital) (?:to|that|for)\b"
        ),
        0.6,
    ),
    (re.compile(r"\b(?:is|was|were|are) (?:\w+ )?(?:weak|poor|limited|inconsistent|fragmented|disappointing)\b|\bfew resources\b"), 0.55),
)
_PAST_FACT = re.compile(
    r"\b(?:should|could|must|might) (?:\w+ )?have (?:been|\w+ed|\w+en)\b|\bshould (?:this|any|that|the \w+) \w+ (?:be|arise|wish)\b"
)
_ASIDE = re.compile(
    r"\bnot (?:believe|think|consider|suggest|say|see)\b[^.]*\b(?:should|must|needs?)\b"
    r"|\b(?:how|whether|what|which|who|when|why|where)\b[^.;,]{0,80}\b(?:should|must|needs? to)\b"
    r"|\bshould (?:also |thus |then |now )?(?:overcome|impact|help|enable|lead to|result|mean|allow|make it|bring|deliver"
    r"|provide a basis|have the effect)\b"
)
_LAW = re.compile(
    r"\b(?:Act \d{4}|\d{4} Act|statutor(?:y|ily)|legislation requires?|by virtue of|regulations \d{4}|in accordance with orders"
    r"|under the Act)\b",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"(?i)^(?:\W*(?:the )?(?:introduction|acknowledge?ments?|context\w*|contextual background|background|foreword|preface|about (?:this"
    r"|us|the)|methodology"
    r"|(?:review|inspection|our) methodology|scope|terms of reference|structure of (?:the|this) report|glossary|declarations?|how we\b"
    r"|force structure"
    r"|service under review|legal framework)\b)"
)
_ANNEX = re.compile(r"(?i)^(?:appendix|annexe?|glossary|bibliography|references|acronyms|endnotes|notes)\b")
_STANDARD = re.compile(
    r"^(?:BVRs|Reviews|Reviewing authorities|[Pp]olice authorities|Authorities|[Bb]est [Vv]alue|The plan|The judgement|The purpose)\b"
)
_PURPOSE = re.compile(
    r"\b(?:examples? of|contributed|impressed|commend|welcome|ensured|was evident|demonstrated|wealth of evidence|ample evidence)\b"
)


def find_candidates(outline: Outline, recommendations: Sequence[Recommendation], points: Sequence[Point]) -> tuple[Candidate, ...]:
    """Findings that ask and have no recommendation, in order of the report.

    At most one is made of a paragraph's own words, and one of each sub-item.
    """
    stated = {(each.paragraph, each.place) for recommendation in recommendations for each in recommendation.statements}
    argued = {paragraph for paragraph, place in stated if place == "body"}
    listed = {recommendation.number for recommendation in recommendations}
    pointed = {(point.paragraph, point.text) for point in points if point.kind != "strength"}
    praised = {(point.paragraph, point.text) for point in points if point.kind == "strength"}
    spans = {each.span.first_line for recommendation in recommendations for each in recommendation.statements}
    found: list[Candidate] = []
    for paragraph in outline.paragraphs:
        whole = paragraph.span.first_line in spans or any(item.span.first_line in spans for item in paragraph.sub_items)
        if paragraph.number in argued | listed or whole or _is_annex(paragraph, outline.sections):
            continue
        for text, is_point in _passages(paragraph, pointed, praised):
            candidate = _candidate(paragraph, text, recommendations, is_point=is_point, sections=outline.sections)
            if candidate is None:
                continue
            same = next((each for each in found if overlap(each.text, candidate.text) >= REPEATED_LEAST_OVERLAP), None)
            if same is None:
                found.append(candidate)
            elif (same.paragraph, same.text) in pointed and not is_point:
                # The paragraph argues what a summary only lists; the list is among the areas for development in any case.
                found[found.index(same)] = candidate
    order = {paragraph.number: paragraph.order for paragraph in outline.paragraphs}
    return tuple(sorted(found, key=lambda each: order[each.paragraph]))


def _passages(paragraph: Paragraph, pointed: set[tuple[str, str]], praised: set[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    """The paragraph's own words, then each sub-item; whether it is a listed area for development."""
    items = {f"{item.marker} {item.text}": item.text for item in paragraph.sub_items}
    own = [line for line in paragraph.text.split("\n") if line not in items]
    if own and not (items and own[-1].endswith(":") and len(own) == 1 and len(sentences(own[0])) == 1):
        yield " ".join(own), False
    for text in items.values():
        if (paragraph.number, text) not in praised:
            yield text, (paragraph.number, text) in pointed


def _candidate(
    paragraph: Paragraph, text: str, recommendations: Sequence[Recommendation], *, is_point: bool, sections: Sequence[Section]
) -> Candidate | None:
    said = sentences(text)
    if said and _STANDARD.match(said[0]):
        return None  # what every review, plan or authority must do; not what this one was found wanting in
    asking = [(each, *match) for each in said if not _is_quoted(each, text) and (match := _asks(each)) is not None]
    if not asking and not is_point:
        return None
    phrase, weight = max(
        ((words, share) for _, words, share in asking), key=lambda each: each[1], default=("listed as an area for development", 0.8)
    )
    asked = " ".join(sentence for sentence, _, _ in asking) if asking else text
    share = max(weight, 0.85) if is_point else weight
    reasons = ["the report lists it as an area for development"] if is_point else [f"it says “{phrase}”"]
    near = max(recommendations, key=lambda each: likeness(asked, each.text), default=None)
    if near is not None and len(content_words(asked)) > 2 and likeness(asked, near.text) >= COVERED_LEAST_LIKE:
        share -= 0.2
        reasons.append(f"recommendation {near.number} says much the same")
    if not is_point and _is_setting(paragraph.section, sections):
        share -= 0.4
        reasons.append("it stands where the report tells how it came about")
    if len(asking) > 1:
        share = min(0.95, share + 0.05)
        reasons.append(f"{len(asking)} of its sentences ask")
    if share < LEAST_CONFIDENCE:
        return None
    return Candidate(
        paragraph=paragraph.number,
        text=asked,
        phrase=phrase,
        span=paragraph.span,
        confidence=Confidence(share=round(share, 2), reasons=tuple(reasons)),
    )


def _asks(sentence: str) -> tuple[str, float] | None:
    """The asking words of a sentence and their weight, or None where it asks nothing, or somebody else asks."""
    own = unquoted(sentence)
    match = first_match(_ASKING, own)
    if match is None or sentence.endswith("?") or recommends(sentence) or _PAST_FACT.search(own):
        return None
    phrase, weight = match
    if _ASIDE.search(own):
        # A question that somebody weighs ("how it should be defined"), or what is expected to come of itself ("should also help").
        weight -= 0.4
    if REPORTED.search(own):
        weight -= 0.4
    if _LAW.search(own):
        weight -= 0.4
    if _PURPOSE.search(own) and weight < 0.8:
        weight -= 0.3
    return (phrase, round(weight, 2)) if weight >= LEAST_CONFIDENCE else None


def _is_quoted(sentence: str, text: str) -> bool:
    """Whether a sentence stands inside a quotation of several: those are somebody else's words."""
    start = text.find(sentence)
    return any(quoted.start() <= start and start + len(sentence) <= quoted.end() + 1 for quoted in QUOTATION.finditer(text))


def _is_setting(section: Section | None, sections: Sequence[Section]) -> bool:
    return any(_SETTING.match(each.title) for each in _above(section, sections))


def _is_annex(paragraph: Paragraph, sections: Sequence[Section]) -> bool:
    titles = [each.title for each in _above(paragraph.section, sections)]
    return any(_ANNEX.match(title) or (LISTING.fullmatch(title.strip()) is not None) for title in titles)


def _above(section: Section | None, sections: Sequence[Section]) -> list[Section]:
    """The section and those that it stands in, innermost first."""
    above: list[Section] = []
    if section is None:
        return above
    for each in reversed(sections[: section.order]):
        if not above or each.level < above[-1].level:
            above.append(each)
    return above
