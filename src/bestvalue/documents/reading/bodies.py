"""The bodies that a report names: full names with their abbreviations, and how often each is named."""

import re
from collections.abc import Sequence

from bestvalue.documents.reading.structure import MentionedBody, Paragraph

_ABBREVIATION = re.compile(r"\((?:the\s+)?[‘“'\"]?(?P<abbreviation>[A-Z][A-Za-z&0-9]{1,9})[’”'\"]?\)")
LONGEST_NAME = 110
_NOUN = (
    r"(?:Board|Authority|Service|Committee|Panel|Group|Inspectorate|Directorate|Office|Agency|Commission|Council|Department|College"
    r"|Constabulary|Police"
    r"|Association|Foundation|Unit|Team|Ministry|Treasury|Inquiry|Trust|Network|Federation|Institute)"
)
_CAPITALISED = re.compile(
    rf"\b(?:[A-Z][\w’'-]+\s+(?:(?:of|and|for|the)\s+)?){{1,5}}?{_NOUN}\b(?:\s+(?:of|for)\s+(?:[A-Z][\w’'-]+\s*){{1,3}})?"
)
_SMALL = {"of", "and", "for", "the", "in", "to", "on", "a", "&"}
_BODY_NOUN = re.compile(rf"(?i)\b{_NOUN}\b|\bboard\b|\bpanel\b|\bgroup\b|\bcommittee\b|\bpolice\b")
FEWEST_MENTIONS = 2


def find_bodies(paragraphs: Sequence[Paragraph]) -> tuple[MentionedBody, ...]:
    """Bodies in the order of their first mention: defined with an abbreviation, or capitalised and named twice or more."""
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    defined = _defined(paragraphs)
    known = {body.name.casefold() for body in defined}
    counts: dict[str, int] = {}
    for name in _CAPITALISED.findall(text):
        plain = re.sub(r"^(?:The|A|An|In|For|Each|Both|While|Without|Most|Some|All|Within|This|That)\s+", "", " ".join(name.split()))
        if _BODY_NOUN.search(plain) and len(plain.split()) > 1:
            counts[plain] = counts.get(plain, 0) + 1
    others = [
        MentionedBody(name=name, abbreviation="", mentions=count, paragraph=_first(name, paragraphs))
        for name, count in counts.items()
        if count >= FEWEST_MENTIONS and not any(name.casefold() in longer for longer in known)
    ]
    place = {paragraph.number: paragraph.order for paragraph in paragraphs}
    return tuple(sorted([*defined, *others], key=lambda body: place.get(body.paragraph, 0)))


def _defined(paragraphs: Sequence[Paragraph]) -> list[MentionedBody]:
    found: dict[str, MentionedBody] = {}
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    for paragraph in paragraphs:
        for match in _ABBREVIATION.finditer(paragraph.text):
            abbreviation = match["abbreviation"]
            before = paragraph.text[max(0, match.start() - LONGEST_NAME) : match.start()]
            name = _name_for(re.split(r"[.;:,()\n]", before)[-1].split(), abbreviation)
            if name and abbreviation not in found and _BODY_NOUN.search(name.split()[-1]):
                mentions = len(re.findall(rf"\b{re.escape(abbreviation)}\b", text)) + text.count(name) - 1
                found[abbreviation] = MentionedBody(name=name, abbreviation=abbreviation, mentions=mentions, paragraph=paragraph.number)
    return list(found.values())


def _name_for(words: Sequence[str], abbreviation: str) -> str:
    """The words before a bracket whose initials the abbreviation is; small words may be skipped.

    Example:
        >>> _name_for("by the planning performance and review committee".split(), "PPRC")
        'planning performance and review committee'
    """
    letters = [letter for letter in abbreviation.casefold() if letter.isalpha()]
    pieces = [(at, piece) for at, word in enumerate(words) for piece in re.split(r"[-’']", word) if piece]
    at = len(letters)
    start = len(words)
    for place, piece in reversed(pieces):
        if at and piece[0].casefold() == letters[at - 1]:
            at -= 1
            start = place
            if at == 0:
                break
        elif (piece.casefold() not in _SMALL and len(piece) > 1 and at != len(letters)) or (
            at == len(letters) and piece.casefold() not in _SMALL
        ):
            return ""
    return " ".join(words[start:]) if at == 0 else ""


def _first(name: str, paragraphs: Sequence[Paragraph]) -> str:
    return next((paragraph.number for paragraph in paragraphs if name in paragraph.text), "")
