"""The front of a report: its title, who it is about, and when it was published."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bestvalue.documents.reading.issuers import KNOWN

LONGEST_SLUG = 70
FRONT_LINES = 60
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")

_MONTH = f"(?P<month>{'|'.join(MONTHS)})"
_DAY_DATE = re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_US_DATE = re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}}),\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_MONTH_DATE = re.compile(rf"\b{_MONTH}\s+(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE)
_YEAR_DATE = re.compile(r"\b(?P<year>(?:19[5-9]|20[0-4])\d)\b")
_PUBLISHED = re.compile(
    r"(?i)\b(?:published|publication date|date of publication|issued)\b[^.\n]{0,30}?(?=\d|january|february|march|april|may|june|july"
    r"|august|sept|oct|nov|dec)"
)
_NOT_TITLE = re.compile(
    r"(?i)^(?:house of (?:lords|commons)|(?:final )?report|contents|\W*|.{0,3}|investor in people"
    r"|(?:(?:\w+ )?report of session|ordered|published|presented to|©|crown copyright|isbn|h[cl] (?:paper )?\d|hmso|london\b|£|https?:"
    r"|www\.|by authority"
    r"|session \d|part (?:\d|[ivx]+\b)|date:|version\b|official|page \d|chapter\b|volume\b|report by\b|by the comptroller"
    r"|(?:select )?committee (?:of|on)|prepared (?:for|by)|presented (?:to|by)|report to).*)$"
)
_OPEN_END = re.compile(r"(?i)\b(?:the|of|a|an|and|or|to|in|into|for|on|at|by|with|from|that|their|its)$")
_BODY = re.compile(
    r"(?i)\b(?:police|police service|constabulary|police authority|fire and rescue(?: service| authority)?|council|(?:select )?committee"
    r"|inspectorate|commission|inquiry|trust"
    r"|office|department|ministry|authority)$"
)
_GENERIC = frozenset(
    [
        "best",
        "internal",
        "audit",
        "thematic",
        "value",
        "review",
        "inspection",
        "report",
        "reports",
        "final",
        "annual",
        "full",
        "summary",
        "of",
        "the",
        "a",
        "an",
        "and",
        "on",
        "follow-up",
        "unannounced",
        "announced",
    ]
)
_KIND = re.compile(
    r"(?i)^(?:an? |the )?(?:[\w’'-]+ ){0,4}?(?:reviews?|inspections?|inquiry|investigations?|reports?|audits?|study|evaluation) (?:of"
    r"|into|on) (?:the )?"
)


@dataclass(frozen=True, kw_only=True)
class FrontMatter:
    """What the front says. Texts are empty where it does not say; `published` is "2004-12-05", "2004-12" or "2004"."""

    title: str
    subtitle: str
    about: str
    published: str


def read_front(
    lines: Sequence[str], *, provenance: str, file_title: str, headings: Sequence[str], closing: Sequence[str] = ()
) -> FrontMatter:
    """Title, subject and date of a report.

    Args:
        lines: the lines before the contents page or the body.
        provenance: a line that somebody put before the report to say where the file comes from; empty if there is none.
        file_title: the title in the file's properties; often a template's, so it is used last, unless the cover bears it too.
        headings: the first headings of the body, for a report without a front.
        closing: the last lines of the report: a letter has its date there.
    """
    written = _whole_lines([" ".join(line.split()).strip("*_# ") for line in lines if line.strip()][:FRONT_LINES])
    quoted = re.search(r"[“\"]([^”\"]{3,150})[”\"]", provenance)
    about = next((found for line in written if (found := _subject(line))), "")
    titles = [line for line in written if _may_be_title(line) and line != about]
    named = [line for line in titles if not _is_generic(line)]
    generic = [line for line in titles if _is_generic(line)]
    on_cover = [file_title.strip()] if _stands_over_lines(file_title, written) else []
    title = next(
        iter(
            ([quoted[1]] if quoted else [])
            + on_cover
            + named
            + generic
            + written[:1]
            + [head for head in headings if head][:1]
            + [file_title.strip()]
        ),
        "",
    )
    return FrontMatter(
        title=title or file_title.strip(),
        subtitle=next((line for line in generic if line != title), ""),
        about=about,
        published=_published(written, provenance) or next((found for line in closing if _whole_date(line) and (found := _date(line))), ""),
    )


def _stands_over_lines(file_title: str, written: Sequence[str]) -> bool:
    """Whether the front bears the file's title broken over several lines, as a cover in large letters does."""
    words = " ".join(file_title.casefold().split())
    return len(words.split()) > 1 and words in " ".join(written).casefold() and not any(words in line.casefold() for line in written)


def _whole_lines(lines: Sequence[str]) -> list[str]:
    """Lines of which one ends in the middle of a title ("The Review of", "how the police manage") are one with the next."""
    whole: list[str] = []
    for line in lines:
        broken = (
            whole and (_OPEN_END.search(whole[-1]) or (line[:1].islower() and not re.match(r"by\b", line))) and not whole[-1].endswith(".")
        )
        if broken:
            whole[-1] = f"{whole[-1]} {line}"
        else:
            whole.append(line)
    return whole


def slug_of(text: str, *, year: str = "") -> str:
    """A name for keys and addresses: no kind of report before "of", small letters, hyphens, the year of publication at the end.

    Example:
        >>> slug_of("Service Improvement Review of Operational Support Policing", year="2004")
        'operational-support-policing-2004'
    """
    subject = _KIND.sub("", _KIND.sub("", text)) or text
    plain = unicodedata.normalize("NFKD", subject.replace("’", "").replace("'", "")).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.casefold())
    slug = ""
    for word in words:
        if len(slug) + len(word) >= LONGEST_SLUG:
            break
        slug = f"{slug}-{word}" if slug else word
    slug = slug or "report"
    return slug if not year or slug.endswith(year) else f"{slug}-{year}"


def _subject(line: str) -> str:
    """The force or service that a line of the front names: alone, or as "An inspection of ..."."""
    words = re.sub(r"(?i)^(?:[^:]{1,40}:\s*)?(?:an? )?(?:\w+ )?(?:inspection|review|audit|investigation) (?:of|into) (?:the )?", "", line)
    fits = _BODY.search(words) and re.search(r"(?i)polic|constab|fire", words) and len(words.split()) <= 7
    return words if fits and not re.search(r"(?i)\b(?:inquiry|committee|commission|inspectorate)$", words) and not _is_issuer(words) else ""


def _is_issuer(line: str) -> bool:
    plain = line.replace("’", "'").casefold()
    return any(plain in {issuer.name.casefold(), issuer.abbreviation.casefold()} for issuer in KNOWN)


def _may_be_title(line: str) -> bool:
    if _is_issuer(line) or _NOT_TITLE.match(line) or len(line.split()) > 25 or line.endswith((".", ",")) or _whole_date(line):
        return False
    return sum(map(str.isalpha, line)) > 0.5 * len(line) and not (_BODY.search(line) and len(line.split()) <= 8 and not _KIND.match(line))


def _is_generic(line: str) -> bool:
    return all(word in _GENERIC for word in re.findall(r"[a-z-]+", line.casefold()))


def _whole_date(line: str) -> bool:
    return any(pattern.sub("", line).strip(" .,:()") == "" for pattern in (_DAY_DATE, _US_DATE, _MONTH_DATE, _YEAR_DATE))


def _published(written: Sequence[str], provenance: str) -> str:
    """The date beside "published", else a line that is a date, else the first date of the front, else the year of the provenance."""
    for line in written:
        if (match := _PUBLISHED.search(line)) is not None and (found := _date(line[match.end() :])):
            return found
    dated = [line for line in written if _whole_date(line)]
    for text in (*dated, *(line for line in written if not _YEAR_DATE.fullmatch(line))):
        if (found := _date(text)) and len(found) > 4:
            return found
    return next((found for text in (*dated, provenance, *written) if (found := _date(text))), "")


def _date(text: str) -> str:
    for pattern in (_DAY_DATE, _US_DATE, _MONTH_DATE, _YEAR_DATE):
        match = pattern.search(text)
        if match is None:
            continue
        parts = match.groupdict()
        month = f"-{MONTHS.index(parts['month'].casefold()) + 1:02}" if "month" in parts else ""
        day = f"-{int(parts['day']):02}" if "day" in parts and 1 <= int(parts["day"]) <= 31 else ""
        return f"{parts['year']}{month}{day}"
    return ""
