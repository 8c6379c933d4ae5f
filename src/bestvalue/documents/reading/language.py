"""The language of reports: sentences, and the words by which one recommends, asks, or tells what somebody else said."""

import re
from collections.abc import Iterable
from functools import lru_cache

_SENTENCE = re.compile(r"(?<=[.?!])(?:[”’\"')\]*]*)(?:\d{1,3})?\s+(?=[“‘\"'(\[*]*[A-Z0-9])")
_ABBREVIATION = re.compile(r"\b(?:eg|ie|e\.g|i\.e|Mr|Mrs|Ms|Dr|St|Sir|No|Nos|para|paras|vs|cf|etc|Rt|Hon|Prof|Supt|Insp|approx|[A-Z])\.$")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_STOP = frozenset(
    re.findall(
        r"\w+",
        "a an and any are as at be been being but by for from had has have he her his i if in into is it its may more most no not "
        "of on or our out should such than that the their them then there these they this those to was we were what when where "
        "which who will with would also hm inspector inspectors recommends recommend recommended recommendation recommendations "
        "therefore further ",
    )
)

VOICES = (
    r"(?:I|[Ww]e|[Hh]e|[Ss]he|HM Inspectors?|HM Chief Inspector|HMI|HMIC|HMICFRS|HMICS|[Tt]he Inspectorate|(?:[Tt]he )?[Ii]nspectors"
    r"|[Tt]h(?:e|is) (?:\w+ ){0,4}?(?:[Cc]ommittee|[Ii]nquiry|[Rr]eview|[Rr]eviewers?|[Pp]anel|[Bb]oard|[Cc]ommission"
    r"|[Rr]eport|[Tt]eam|[Oo]mbudsman|[Cc]oroner|[Oo]ffice"
    r"|[Tt]askforce"
    r"|[Tt]ask [Ff]orce|[Ww]orking [Gg]roup|[Aa]udit)|[Tt]he (?:IOPC|IPCC|NAO|CQC|OPCC)|IOPC|IPCC|NAO|Ofsted|CQC)"
)
_ADVERBS = r"(?:\s+(?:therefore|further|also|strongly|accordingly|thus|hereby|again|formally|now|would|do|must|,|and)){0,3},?"
RECOMMENDING = re.compile(
    rf"(?<![’'\w-]){VOICES}{_ADVERBS}\s+(?P<verb>recommends?)\b(?!ed\b)(?!\s+(?:any|no)\b)"
    r"|\b(?P<passive>(?:[Ii]t is|[Ii]s|are)\s+(?:\w+\s+)?recommended\s+that)\b"
    r"|\b(?P<noun>[Mm]y|[Oo]ur|[Tt]he)\s+(?:\w+\s+)?recommendations?\s+(?:is|are)\s+(?:that|as follows|to)\b"
    r"|^(?:It is )?[Rr]ecommended that\b|\b(?:and|or)\s+(?P<joined>recommends?)\s+that\b"
)
URGING = re.compile(
    rf"(?<![’'\w-])(?:{VOICES}){_ADVERBS}(?:\s+strongly)?\s+(?:urges?|calls? (?:up)?on|invites?|encourages?|asks?|requires?|expects?"
    rf"|requests?|proposes?)\s+"
    r"(?!attention|evidence|comments?|views|the reader)"
    r"|\b(?:and|we)\s+(?:urge|call on|strongly encourage)\s+(?:the|all|every|them|[A-Z])"
)
_DENIED = re.compile(
    r"(?i)\b(?:do|does|did|will|would|could|can|cannot|am|are|was|were|is)\s*(?:not|n[’']t)\b[^.;]{0,60}\brecommend"
    r"|\bno(?:t)? (?:individual |specific |formal |further )?recommendations?\b|\bneither\b[^.]{0,60}\brecommend"
    r"|\bnot\b[^.,;]{0,50}\bto recommend"
)
DUTY = re.compile(r"\b(?:should|must|needs? to|ought to|will need to|is to be|are to be|shall|has to|have to)\b")
QUOTATION = re.compile(r"[“\"][^”\"]{25,}[”\"]|‘[^’]{40,}’")
_IMPERATIVE = re.compile(
    r"^(?:Ensure|Develop|Review|Establish|Introduce|Improve|Provide|Consider|Implement|Publish|Create|Adopt|Agree|Produce|Set|Make"
    r"|Identify|Work"
    r"|Use|Take|Strengthen|Increase|Reduce|Undertake|Update|Clarify|Monitor|Continue|Amend|Appoint|Carry|Conduct|Define|Extend|Give"
    r"|Include|Invest"
    r"|Issue|Maintain|Put|Require|Revise|Seek|Share|Address|Assess|Build|Commission|Complete|Encourage|Explore|Prioritise|Promote|Report"
    r"|Support"
    r"|That|To)\b"
)
REPORTED = re.compile(
    r"\b(?:said|told|argued|suggested|according to|stated|commented|claimed|observed|noted that|wrote|thought|felt that|believed that"
    r"|explained"
    r"|recommended by|witness(?:es)?|submitted|asserted|expressed|one interviewee|respondents?|advised|agreed|cautioned|was clear that"
    r"|highlighted the|recommended that"
    r"|(?:Professor|Dr|Mr|Mrs|Ms|Sir|Lord|Baroness|Dame)\s+[A-Z])\b",
    re.IGNORECASE,
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, in order. An abbreviation before a capital ends none.

    Example:
        >>> sentences("The MPS (eg. TSG) helps. It should do more.")
        ('The MPS (eg. TSG) helps.', 'It should do more.')
    """
    found: list[str] = []
    start = 0
    for match in _SENTENCE.finditer(text):
        piece = text[start : match.start()]
        if _ABBREVIATION.search(piece):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    found.append(text[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def recommends(sentence: str) -> bool:
    """Whether a sentence recommends in the report's own voice, now: not what others recommended, and no denial.

    Example:
        >>> recommends("As such he recommends that BOCUs collaborate."), recommends("Mrs Filkin recommended that staff be told.")
        (True, False)
    """
    return bool(RECOMMENDING.search(unquoted(sentence))) and not _DENIED.search(sentence)


def urges(sentence: str) -> bool:
    """Whether a sentence urges, invites or calls on somebody to act, in the report's own voice."""
    return bool(URGING.search(unquoted(sentence)))


def directs(text: str) -> bool:
    """Whether a text tells somebody to act, as an item of a list of recommendations does: a duty, an order or a request."""
    return bool(DUTY.search(text) or _IMPERATIVE.match(text) or recommends(text) or urges(text) or re.search(r"\brecommends?\b", text))


def unquoted(text: str) -> str:
    """The text without what stands in quotation marks and is long enough to be somebody's words."""
    return QUOTATION.sub(" ", text)


@lru_cache(maxsize=20_000)
def content_words(text: str) -> frozenset[str]:
    """The words that carry a text's content, in small letters, cut to six letters so that endings do not part them."""
    return frozenset(word[:6] for word in (found.casefold() for found in _WORD.findall(text)) if word not in _STOP and len(word) > 1)


def likeness(first: str, second: str) -> float:
    """How alike two texts are, 0 to 1: the content words they share over those of the shorter one."""
    left, right = content_words(first), content_words(second)
    return len(left & right) / max(1, min(len(left), len(right)))


def overlap(first: str, second: str) -> float:
    """How far two texts are the same, 0 to 1: shared content words over all (Jaccard)."""
    left, right = content_words(first), content_words(second)
    return len(left & right) / max(1, len(left | right))


def first_match(patterns: Iterable[tuple[re.Pattern[str], float]], text: str) -> tuple[str, float] | None:
    """The words of the first pattern that a text matches, and that pattern's weight."""
    for pattern, weight in patterns:
        match = pattern.search(text)
        if match:
            return " ".join(match[0].split()), weight
    return None
