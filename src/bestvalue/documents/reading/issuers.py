"""Who publishes reports on policing: names, abbreviations, and the words by which a report shows that it is theirs."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """One who publishes reports. `abbreviation` is empty where none is usual."""

    name: str
    abbreviation: str
    pattern: str = ""


KNOWN = (
    Issuer(
        name="His Majesty's Inspectorate of Constabulary and Fire & Rescue Services",
        abbreviation="HMICFRS",
        pattern=r"HMICFRS|Inspectorate of Constabulary and Fire",
    ),
    Issuer(
        name="HM Inspectorate of Constabulary in Scotland", abbreviation="HMICS", pattern=r"HMICS|Inspectorate of Constabulary in Scotland"
    ),
    Issuer(
        name="Her Majesty's Inspectorate of Constabulary",
        abbreviation="HMIC",
        pattern=r"HMIC(?!FRS|S)|HM Inspector(?! of Prisons)|Inspectorate of Constabulary(?! and Fire| in Scotland)",
    ),
    Issuer(
        name="HM Inspectorate of Prisons",
        abbreviation="HMI Prisons",
        pattern=r"HMI Prisons|Inspectorate of Prisons|Chief Inspector of Prisons|HMIP",
    ),
    Issuer(name="HM Inspectorate of Probation", abbreviation="HMI Probation", pattern=r"HMI Probation|Inspectorate of Probation"),
    Issuer(
        name="HM Crown Prosecution Service Inspectorate", abbreviation="HMCPSI", pattern=r"HMCPSI|Crown Prosecution Service Inspectorate"
    ),
    Issuer(name="Criminal Justice Inspection Northern Ireland", abbreviation="CJINI", pattern=r"CJI(?:NI)?|Criminal Justice Inspection"),
    Issuer(name="Independent Office for Police Conduct", abbreviation="IOPC", pattern=r"IOPC|Independent Office for Police Conduct"),
    Issuer(name="Independent Police Complaints Commission", abbreviation="IPCC", pattern=r"IPCC|Independent Police Complaints Commission"),
    Issuer(name="National Audit Office", abbreviation="NAO", pattern=r"NAO|National Audit Office"),
    Issuer(name="Audit Commission", abbreviation="", pattern=r"Audit Commission"),
    Issuer(name="Audit Scotland", abbreviation="", pattern=r"Audit Scotland"),
    Issuer(name="Audit Wales", abbreviation="", pattern=r"Audit Wales|Wales Audit Office"),
    Issuer(name="Care Quality Commission", abbreviation="CQC", pattern=r"CQC|Care Quality Commission"),
    Issuer(name="Ofsted", abbreviation="", pattern=r"Ofsted|OFSTED"),
    Issuer(name="Law Commission", abbreviation="", pattern=r"Law Commission"),
    Issuer(name="Leveson Inquiry", abbreviation="", pattern=r"Leveson Inquiry"),
    Issuer(name="Home Office", abbreviation="", pattern=r"Home Office"),
    Issuer(name="College of Policing", abbreviation="", pattern=r"College of Policing"),
    Issuer(name="Information Commissioner's Office", abbreviation="ICO", pattern=r"ICO|Information Commissioner"),
    Issuer(name="Metropolitan Police Authority", abbreviation="MPA", pattern=r"Metropolitan Police Authority"),
    Issuer(name="US Government Accountability Office", abbreviation="GAO", pattern=r"GAO|Government Accountability Office"),
)

_INQUIRY = re.compile(
    r"^(?:(?:the )?(?:\w+ )?report (?:of|by|from) (?:the )?|the )?(?P<name>(?:[a-z][\w’'-]*,? ){0,5}?(?:inquiry"
    r"|commission)(?: (?:into|on) .{3,80})?)(?: report)?$",
    re.IGNORECASE,
)
_PUBLISHING = re.compile(
    r"(?i)\b(?:inquiry|commission|commissioner|inspectorate|committee|panel|taskforce|ombudsman|audit office|authority)$"
)
_OWN_VOICE = (
    r"(?:therefore |further |also )?(?:recommends?|judged|concludes?|graded?s?|wishes to thank|inspected"
    r"|has been given the statutory responsibility"
    r"|is charged with|also examined)\b"
)


def known_issuer(name: str) -> Issuer:
    """The known issuer of that name or abbreviation; else one of that very name, abbreviated if the name itself is."""
    wanted = name.strip().casefold().replace("’", "'")
    for issuer in KNOWN:
        if wanted in {issuer.name.casefold(), issuer.abbreviation.casefold()} - {""}:
            return issuer
    short = name.strip() if re.fullmatch(r"[A-Z]{2,10}", name.strip()) else ""
    return Issuer(name=name.strip(), abbreviation=short)


def find_issuer(*, front: str, text: str) -> Issuer | None:
    """Who published a report: named on its front, or speaking in its text ("HMIC wishes to thank"). Being mentioned is not enough.

    Args:
        front: the words before the contents page, with a remark on the source if the file has one.
        text: all the words of the report.
    """
    if (committee := _committee(front)) is not None:
        return committee
    front = re.sub(r"(?i)\bnot an? \w+ report\b", " ", front)
    scores: dict[str, tuple[int, Issuer]] = {}
    for issuer in KNOWN:
        on_front = max(len(re.findall(rf"\b(?:{issuer.pattern})\b", front)), front.casefold().count(issuer.name.casefold()))
        speaking = len(re.findall(rf"\b(?:{issuer.pattern})\s+{_OWN_VOICE}", text))
        score = 5 * min(on_front, 2) + 3 * min(speaking, 5)
        if score:
            scores[issuer.name] = (score, issuer)
    if scores:
        return max(scores.values(), key=lambda each: each[0])[1]
    return _named_on_a_line_of_its_own(front)


def _named_on_a_line_of_its_own(front: str) -> Issuer | None:
    for line in front.splitlines():
        if (inquiry := _INQUIRY.match(" ".join(line.split()))) is not None and len(inquiry["name"].split()) > 1:
            name = inquiry["name"]
            return Issuer(name=name.title() if name.isupper() else name, abbreviation="")
    for line in front.splitlines():
        words = line.strip()
        if _PUBLISHING.search(words) and len(words.split()) <= 8:
            plain = re.sub(r"(?i)^the\s+", "", words)
            return Issuer(name=plain.title() if plain.isupper() else plain, abbreviation="")
    return None


def _committee(front: str) -> Issuer | None:
    house = re.search(r"(?i)\bhouse of (lords|commons)\b", front)
    if house is not None and (named := re.search(r"(?m)^\s*((?:Select )?Committee (?:of|on) [A-Z][^\n]{2,60})$", front)) is not None:
        name = re.sub(r"\s+\w+ Report$", "", " ".join(named[1].split()))
        return Issuer(name=f"House of {house[1].capitalize()} {name}", abbreviation="")
    committee = re.search(r"(?m)^.{0,40}?\b((?:[A-Z][\w’'-]+,?\s+(?:and\s+|of\s+)?){1,6}?)(?:Select\s+)?Committee\b", front)
    if house is None or committee is None:
        return None
    words = re.sub(r"(?i)^\s*(?:house of (?:lords|commons)|the)\s+", "", " ".join(committee[1].split()))
    return Issuer(name=f"House of {house[1].capitalize()} {words} Committee", abbreviation="")
