"""Is an answer one that its question takes? Its plain form, or what is wrong with it in words that say how to put it right."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from bestvalue.dataset.questionnaires.asked import Entry, Option, in_language

MOST_LETTERS = 4_000
MOST_DIGITS = 15


@dataclass(frozen=True, kw_only=True)
class Checked:
    """An answer in its plain form, as XLSForm keeps it; `fault` says what is wrong, and is empty where nothing is."""

    value: str = ""
    fault: str = ""


def plain_answer(entry: Entry, given: Sequence[str], *, options: Sequence[Option]) -> Checked:
    """Bring what was typed or chosen into its plain form; an empty one stays empty.

    Args:
        entry: the question.
        given: what came from the page: one text, several codes, or day, month and year.
        options: those that were offered.
    """
    match entry.kind:
        case "choose one":
            return _chosen(given[:1], options)
        case "choose several":
            return _chosen(given, options)
        case "whole number" | "number":
            return _number(entry, (given or ("",))[0])
        case "date":
            return _date([*given, "", "", ""][:3])
        case "time":
            return _time((given or ("",))[0])
        case "acknowledge":
            return Checked(value="OK" if given and given[0] else "")
        case "text":
            text = (given or ("",))[0].replace("\r\n", "\n").strip()
            if len(text) > MOST_LETTERS:
                return Checked(value=text[:MOST_LETTERS], fault=f"The answer must be {MOST_LETTERS:,} characters or fewer")
            return Checked(value="".join(letter for letter in text if letter == "\n" or letter.isprintable()))
        case _:
            return Checked()


def missing_words(entry: Entry, *, language: str) -> str:
    """What is said where an answer is missing that is required."""
    if said := in_language(entry.required_message, language):
        return said
    return {
        "choose one": "Select an answer",
        "choose several": "Select at least one answer",
        "date": "Enter a date",
        "time": "Enter a time",
        "acknowledge": "Tick the box to go on",
        "whole number": "Enter a number",
        "number": "Enter a number",
    }.get(entry.kind, "Enter an answer")


def in_words(entry: Entry, value: str, *, language: str) -> str:
    """An answer as a person reads it."""
    if not value:
        return ""
    if entry.kind in ("choose one", "choose several"):
        labels: Mapping[str, str] = {option.name: in_language(option.words, language) for option in entry.options}
        return "; ".join(labels.get(code, code) for code in value.split())
    if entry.kind == "date":
        day = date.fromisoformat(value)
        return f"{day.day} {day:%B %Y}"
    return "Yes" if entry.kind == "acknowledge" else value


def _chosen(given: Sequence[str], options: Sequence[Option]) -> Checked:
    names = [option.name for option in options]
    if any(one and one not in names for one in given):
        return Checked(fault="Select from the answers that are listed")
    return Checked(value=" ".join(name for name in names if name in given))


def _number(entry: Entry, typed: str) -> Checked:
    text = typed.strip().replace(",", "").replace("\N{MINUS SIGN}", "-").replace(" ", "")
    if not text:
        return Checked()
    whole = entry.kind == "whole number"
    if not re.fullmatch(rf"-?\d{{1,{MOST_DIGITS}}}" if whole else rf"-?\d{{1,{MOST_DIGITS}}}(\.\d{{1,10}})?", text):
        return Checked(value=typed.strip()[:40], fault="Enter a whole number, such as 12" if whole else "Enter a number, such as 12.5")
    plain = str(int(text)) if whole else text
    low, high = entry.lowest, entry.highest
    if (low is not None and float(plain) < low) or (high is not None and float(plain) > high):
        return Checked(
            value=plain, fault=f"The number must be from {low:g} to {high:g}" if None not in (low, high) else "Enter another number"
        )
    return Checked(value=plain)


def _date(parts: Sequence[str]) -> Checked:
    day, month, year = (part.strip() for part in parts)
    if not (day or month or year):
        return Checked()
    typed = "-".join((year, month, day))
    for text, name in ((day, "day"), (month, "month"), (year, "year")):
        if not text:
            return Checked(value=typed, fault=f"The date must include a {name}")
    try:
        return Checked(value=date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return Checked(value=typed, fault="The date must be a real date, such as 27 3 2026")


def _time(typed: str) -> Checked:
    text = typed.strip()
    if not text:
        return Checked()
    match = re.fullmatch(r"(\d{1,2})[:.](\d{2})", text)
    try:
        return Checked(value=time(int(match[1]), int(match[2])).strftime("%H:%M")) if match else Checked(value=text[:20], fault=_A_TIME)
    except ValueError:
        return Checked(value=text[:20], fault=_A_TIME)


_A_TIME = "Enter a time, such as 17:30"
