"""Where a report states its recommendations: sentences of its paragraphs, labelled boxes, and lists."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from string import ascii_lowercase

from bestvalue.documents.reading.boxes import letter_of, lists_recommendations
from bestvalue.documents.reading.language import DUTY, directs, recommends, sentences, urges
from bestvalue.documents.reading.outline import Box, Outline
from bestvalue.documents.reading.structure import Detail, Paragraph, Place, Section, Span

REFERENCE = re.compile(
    r"\s*[(\[]\s*(?:see\s+)?(?:(?:para(?:graph|s|graphs)?|section)\.?\s+(?=\d)|(?=\d+\.\d))"
    r"(?P<numbers>[\d.]+(?:\s*(?:,|and|to|-|–|&)\s*[\d.]+)*)\s*[)\]]\s*\.?\s*$",
    re.IGNORECASE,
)
_LEADING_REFERENCE = re.compile(
    r"^[(\[]\s*(?:see\s+)?para(?:graph|s|graphs)?\.?\s+(?P<numbers>[\d.]+(?:\s*(?:,|and|to|-|–|&)\s*[\d.]+)*)\s*[)\]]\s*[:.–-]?\s*",
    re.IGNORECASE,
)
_TRAILING_NUMBER = re.compile(r"\s*\((?:see )?(?:Recommendation|Rec\.?)\s+(?P<number>\d{1,3})\)\s*\.?\s*$", re.IGNORECASE)
_LEADING_NOTE = re.compile(r"^\d{1,3}\s+(?=[A-Z])")
_ADDRESSEE = re.compile(
    r"(?:[A-Z][\w’'-]*,? ){0,3}?(?:[Tt]he |[Ee]ach |[Ee]very |[Aa]ll |[Ii]ts? |[Tt]hey\b)?(?:[\w’'-]+ ){0,5}?(?:[Gg]overnment"
    r"|[Dd]epartments?|[Mm]inistry|[Mm]inisters?"
    r"|Office|Secretary|[Cc]ommissioners?|Commission|[Ff]orces?|[Cc]onstables?|[Pp]olice|College|[Cc]ouncils?|[Ss]ervices?"
    r"|[Aa]uthorit(?:y|ies)"
    r"|[Rr]egulator|[Bb]oards?|[Aa]gency|[Aa]gencies|Treasury|[Ii]nspectorate|[Ii]t|[Tt]hey|[A-Z]{3,8}s?)"
    r"(?: \([^)]*\))?(?: (?:of|for|and) [^,.;]{1,60}?)?,? (?:(?:therefore|also|now|urgently),? )?(?:should|must|ought to"
    r"|needs? to)\b(?! (?:not )?have\b| be noted)"
)
"""A sentence whose subject is an office and whose verb is a duty."""
_TO_DO = re.compile(
    r"(?:The |All |Each |Every )?(?:[\w’'&-]+ ){0,6}?(?:Government|Department|Ministry|Office|Commissioners?|Commission"
    r"|[Ff]orces?|Constables?|Police|College"
    r"|Council|Services?|Authority|Board|Agency|Inspectorate|Group|Partnership|Trust|Team|Panel|Committee|[Oo]fficers?|Lead"
    r"|Head of [\w ]{3,40}?)"
    r" to (?!the\b|an?\b|its?\b|their\b|th[ie]se?\b|that\b|our\b|which\b)[a-z]+\b"
)
"""An item of an action plan: "Westshire Police to audit 50 calls"."""
_APPENDIX = re.compile(r"(?i)^(?:appendix|annexe?)\b")
_LEAD_IN = re.compile(
    r"^[^.]{0,60}\brecommend(?:s|ed|ations?)?(?:(?: that| as follows| the following| are)?\s*:?|(?: that)? [^.:\n]{1,90}:)$", re.IGNORECASE
)
LONGEST_ITEM_WORDS = 260
LEAST_SHARE_REFERRED = 0.5
LEAST_SHARE_DIRECTING = 0.5
LEAST_SHARE_ALL_DIRECT = 0.9


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One statement of a recommendation as found: `number` is empty where none is given; `points_to` is "(paragraph 3.2.6)"."""

    place: Place
    number: str
    text: str
    paragraph: str
    points_to: str
    section: Section | None
    span: Span
    strength: float
    reason: str
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """All statements of recommendations, and the conclusions that stand among them in a list."""

    recommendations: tuple[Stated, ...]
    conclusions: tuple[Stated, ...]


def find_statements(outline: Outline) -> Found:
    """Collect every statement. Whether two of them are one recommendation is decided elsewhere."""
    listing = _listing_sections(outline)
    boxes = [_boxed(box) for box in outline.boxes if box.kind == "recommendation"]
    listed = _told_apart([stated for paragraph in outline.paragraphs if _is_in(paragraph, listing) for stated in _listed(paragraph)])
    asked = [stated for stated in listed if stated.strength > 0]
    conclusions = [stated for stated in listed if stated.strength == 0]
    said = [
        stated
        for paragraph in outline.paragraphs
        if not _is_in(paragraph, listing) and not _in_appendix(paragraph, outline)
        for stated in _said(paragraph)
    ]
    recommended = [stated for stated in boxes if stated.strength > 0]
    conclusions += [stated for stated in boxes if stated.strength == 0]
    conclusions += [_boxed(box) for box in outline.boxes if box.kind == "conclusion"]
    return Found(recommendations=(*recommended, *asked, *said), conclusions=tuple(conclusions))


def without_reference(text: str) -> str:
    """A listed recommendation without the reference at its end."""
    return _TRAILING_NUMBER.sub("", REFERENCE.sub("", _LEADING_REFERENCE.sub("", text))).strip()


def numbered_at_end(text: str) -> str:
    """The number that a recommendation has at its end, "(Recommendation 2)", or an empty text."""
    match = _TRAILING_NUMBER.search(text)
    return match["number"] if match else ""


def referred_paragraph(text: str) -> str:
    """The paragraph that a listed recommendation points to at its end, or an empty text.

    Example:
        >>> referred_paragraph("... within the BVR programme (paragraph 3.2.6).")
        '3.2.6'
    """
    match = REFERENCE.search(text) or _LEADING_REFERENCE.match(text)
    return re.split(r"\s*(?:,|and|to|-|–|&)\s*", match["numbers"])[0].strip(".") if match else ""


def _listing_sections(outline: Outline) -> frozenset[int]:
    """The sections (by order) whose paragraphs are a list of recommendations, not the text that argues them.

    A title with the word is not enough: chapters are called "conclusions and recommendations" too. Half of the items must point to a
    paragraph, or they must be short and most of them direct somebody.
    """
    listing: set[int] = set()
    for head in outline.sections:
        if not lists_recommendations(head.title):
            continue
        family = _family(head, outline.sections)
        if any(
            box.labelled and box.section is not None and box.section.order in family and box.kind == "recommendation"
            for box in outline.boxes
        ):
            continue  # where recommendations are labelled, the other words only speak about them
        items = [paragraph for paragraph in outline.paragraphs if paragraph.section is not None and paragraph.section.order in family]
        if not items:
            continue
        referred = sum(bool(REFERENCE.search(item.text)) for item in items) / len(items)
        directing = sum(directs(item.text) or bool(_TO_DO.match(item.text)) for item in items) / len(items)
        brief = sum(len(item.text.split()) <= LONGEST_ITEM_WORDS for item in items) == len(items)
        numbered_body = any(item.numbered for item in outline.paragraphs) and not any(item.numbered for item in items)
        bulleted = any(item.text[:2].strip() in {"-", "•", "*", "–"} for item in items)
        argued = len(items) > 1 and not numbered_body and not bulleted and family != {head.order} and directing < LEAST_SHARE_ALL_DIRECT
        if referred >= LEAST_SHARE_REFERRED or (brief and directing >= LEAST_SHARE_DIRECTING and not argued):
            listing |= family
    return frozenset(listing)


def _family(head: Section, sections: Sequence[Section]) -> set[int]:
    family = {head.order}
    for section in sections[head.order :]:
        if section.level <= head.level:
            break
        family.add(section.order)
    return family


def _is_in(paragraph: Paragraph, sections: frozenset[int]) -> bool:
    return paragraph.section is not None and paragraph.section.order in sections


def _in_appendix(paragraph: Paragraph, outline: Outline) -> bool:
    if paragraph.section is None:
        return False
    above = [each for each in outline.sections[: paragraph.section.order] if each.level == 1 or each is paragraph.section]
    return any(_APPENDIX.match(each.title) for each in above[-2:])


def _boxed(box: Box) -> Stated:
    strength, reason = (
        (0.98 if directs(box.text) else 0.7, "it is labelled as a recommendation") if box.labelled else _item_strength(box.text)
    )
    if box.lead and directs(box.lead):
        strength, reason = 0.95, f"it is listed after “{box.lead[-70:]}”"
    if not strength and "conclusion" not in box.list_title.casefold():
        strength, reason = 0.6, "it stands in a list of recommendations, though it does not read like one"
    return Stated(
        place="list" if box.listed else "box",
        number=box.number or numbered_at_end(box.text),
        text=without_reference(box.text),
        paragraph=box.after,
        points_to=referred_paragraph(box.text),
        section=box.section,
        span=box.span,
        strength=strength,
        reason=reason,
        details=box.details,
    )


def _told_apart(listed: Sequence[Stated]) -> list[Stated]:
    """Items of two lists, one of which points to the other ("5.1 ... (2.3)"): what is pointed to is the body's statement."""
    pointed = {each.points_to for each in listed if each.points_to}
    return [replace(each, place="body") if each.paragraph in pointed and not each.points_to else each for each in listed]


def _listed(paragraph: Paragraph) -> Iterator[Stated]:
    """The recommendations of an item of a list: one, or one a lettered sub-item where each of those is a sentence of its own."""
    whole = _whole_item(paragraph)
    letters = [(letter_of(item.marker), item) for item in paragraph.sub_items if item.depth == 1]
    in_order = len(letters) > 1 and [letter for letter, _ in letters] == list(ascii_lowercase[: len(letters)])
    sentences_each = sum(item.text[:1].isupper() and item.text.endswith(".") for _, item in letters) * 2 > len(letters)
    if not (in_order and sentences_each and paragraph.text.split("\n")[0].endswith(":")):
        yield whole
        return
    for letter, item in letters:
        yield replace(
            whole,
            number=f"{whole.number}{letter}",
            text=without_reference(item.text),
            points_to=referred_paragraph(item.text),
            span=item.span,
            strength=whole.strength and 0.85,
        )


def _whole_item(paragraph: Paragraph) -> Stated:
    """An item of a list: a recommendation if it recommends, urges or tells an addressee what to do; a conclusion otherwise."""
    text = re.sub(r"^[-•*–]\s+", "", paragraph.text)
    label = re.match(r"^(?:Recommendation\s+)(\d+)\s*[:.–-]\s*", text)
    words = text[label.end() :] if label else text
    strength, reason = _item_strength(words)
    return Stated(
        place="list",
        number=label[1] if label else (paragraph.number if paragraph.numbered else numbered_at_end(words)),
        text=without_reference(words),
        paragraph=paragraph.number,
        points_to=referred_paragraph(words),
        section=paragraph.section,
        span=paragraph.span,
        strength=strength,
        reason=reason,
    )


def _item_strength(text: str) -> tuple[float, str]:
    if _LEAD_IN.match(text):
        return 0.0, "it only leads in to what follows"
    said = [sentence for line in text.split("\n") for sentence in sentences(line)]
    if any(recommends(sentence) for sentence in said):
        return 0.97, "it stands in a list of recommendations and recommends"
    if any(urges(sentence) for sentence in said):
        return 0.85, "it stands in a list of recommendations and urges somebody to act"
    opening = said[0] if said else ""
    if _directs_somebody(opening):
        return 0.75, "it stands in a list of recommendations and says what somebody should do"
    if any(_ADDRESSEE.match(sentence) for sentence in said[1:]):
        return 0.7, "it stands in a list of recommendations and ends with what an office should do"
    return 0.0, "it stands in a list of conclusions and recommendations, and asks nobody to act"


def _directs_somebody(sentence: str) -> bool:
    """Whether a sentence's own main verb is a duty of an addressee, rather than something concluded, agreed or described."""
    if re.match(r"(?i)(?:we|i|there|it|this|in general|if|while|whilst|although|given)\b", sentence):
        return bool(re.match(r"(?i)(?:if|given|to|in order)\b", sentence) and DUTY.search(sentence))
    duty = re.search(r"\b(?:should|must|ought to)\b", sentence) or _TO_DO.match(sentence)
    return duty is not None or directs(sentence)


def _said(paragraph: Paragraph) -> Iterator[Stated]:
    """The recommendation that a paragraph makes: from its first recommending sentence to the last that still asks."""
    taken: list[str] = []
    number = ""
    for line in paragraph.text.split("\n"):
        if taken and taken[-1].endswith((":", ";", ",", "; and", "; or")):
            taken.append(line)
            continue
        for sentence in sentences(line):
            if recommends(sentence):
                taken.append(_LEADING_NOTE.sub("", sentence))
            elif taken and (DUTY.search(sentence) or urges(sentence)) and len(taken) < 8:
                taken.append(sentence)
            elif taken:
                break
            if (match := _TRAILING_NUMBER.search(sentence)) is not None:
                number = number or match["number"]
    if not taken or _LEAD_IN.match(" ".join(taken)):
        return
    yield Stated(
        place="body",
        number=number,
        text=_joined(taken),
        paragraph=paragraph.number,
        points_to=paragraph.number,
        section=paragraph.section,
        span=paragraph.span,
        strength=0.9,
        reason="its paragraph recommends in the report's own voice",
    )


def _joined(taken: Sequence[str]) -> str:
    text = taken[0]
    for before, after in pairwise(taken):
        text += ("\n" if before.endswith((":", ";", "; and", "; or", ",")) else " ") + after
    return text
