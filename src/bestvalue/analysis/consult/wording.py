"""Is a question well put? What to look at again before it goes out: a person decides, the rules only point."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from bestvalue.dataset.questionnaires.handed_in import NO_ANSWER

Fault = Literal[
    "two questions in one",
    "leading",
    "two negatives",
    "always or never",
    "hard to read",
    "long",
    "unbalanced answers",
    "no way to say don't know",
    "overlapping answers",
]

LONGEST_WORDS = 25
"""Words of a question; the survey handbooks put the limit between 20 and 25."""

OLDEST_READER = 14
"""Reading age in years above which a question is named: GOV.UK asks for 9, official forms for 14 at most."""

PAIRS = (
    "black and white",
    "to and fro",
    "now and then",
    "and so on",
    "friends and family",
    "day and night",
    "terms and conditions",
    "health and safety",
)
LEADING = (
    r"\b(don'?t you|isn'?t (it|there|this)|wouldn'?t you|do you agree that)\b",
    r"\b(surely|obviously|of course|as you know|everyone (knows|agrees)|most people (think|believe|agree))\b",
    r"\bhow (good|excellent|bad|poor|great|well)\b",
    r"\b(terrible|wonderful|excellent|disgraceful|failing|shocking|world.class)\b",
)
NEGATIVE = re.compile(r"\b(not|never|no|nobody|none|neither|nor|without|hardly|un\w{4,}|\w+n['’]t)\b", re.IGNORECASE)
ABSOLUTE = re.compile(r"\b(always|never|all|every|everyone|nobody|completely|entirely|only)\b", re.IGNORECASE)
JOINED = re.compile(r"\b(and|or|as well as|and/or)\b", re.IGNORECASE)
NEUTRAL = re.compile(r"\b(neither|nor|neutral|mixed|in between|no difference)\b", re.IGNORECASE)
"""A middle answer names both sides ("neither agree nor disagree") and belongs to none."""
UP = re.compile(
    r"\b(agree|good|excellent|satisfied|safe|likely|always|often|confident|well|fair(ly)? good|better|positive|happy|high)\b", re.IGNORECASE
)
DOWN = re.compile(
    r"\b(disagree|bad|poor|dissatisfied|unsafe|unlikely|never|rarely|unconfident|badly|worse|negative|unhappy|low|not)\b", re.IGNORECASE
)
RANGE = re.compile(r"^\D*(\d+)\s*(?:-|–|to)\s*(\d+)\D*$")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One thing to look at: which question, what, and why or what to do."""

    question: str
    fault: Fault
    why: str


def check_wording(name: str, words: str) -> list[Remark]:
    """The words of one question.

    Example:
        >>> [remark.fault for remark in check_wording("Q1", "Are officers polite and quick?")]
        ['two questions in one']
    """
    found: list[Remark] = []

    def remark(fault: Fault, why: str) -> None:
        found.append(Remark(question=name, fault=fault, why=why))

    plain = words.lower()
    for pair in PAIRS:
        plain = plain.replace(pair, "")
    if joined := JOINED.search(plain):
        remark("two questions in one", f"“{joined.group(0)}” may join two things that one person sees differently: ask them apart.")
    for pattern in LEADING:
        if leading := re.search(pattern, plain):
            remark("leading", f"“{leading.group(0)}” tells people what to answer: put both sides, or neither.")
            break
    negatives = NEGATIVE.findall(plain)
    if len(negatives) > 1:
        remark("two negatives", f"“{negatives[0]}” and “{negatives[1]}”: people lose their way when they are to disagree with it.")
    if absolute := ABSOLUTE.search(plain):
        remark("always or never", f"“{absolute.group(0)}” can hardly be agreed with: say how often.")
    count = len(re.findall(r"[^\W\d_][\w'’-]*", words))
    if count > LONGEST_WORDS:
        remark("long", f"{count} words; up to {LONGEST_WORDS} are read to the end.")
    age = reading_age(words)
    if count >= 8 and age > OLDEST_READER:
        remark("hard to read", f"It reads like a text for people of {age:.0f}: use shorter words and sentences.")
    return found


def check_choices(name: str, labels: Sequence[str]) -> list[Remark]:
    """The answers to choose from."""
    found: list[Remark] = []
    opinions = [label for label in labels if not NO_ANSWER.search(label)]
    sided = [label for label in opinions if not NEUTRAL.search(label)]
    down = [label for label in sided if DOWN.search(label)]
    up = [label for label in sided if UP.search(label) and label not in down]
    if len(up) + len(down) >= 3 and abs(len(up) - len(down)) > 0:
        found.append(
            Remark(
                question=name,
                fault="unbalanced answers",
                why=f"{len(up)} answers are favourable and {len(down)} are not: give as many of each.",
            )
        )
    if len(labels) >= 3 and len(opinions) == len(labels):
        found.append(
            Remark(
                question=name,
                fault="no way to say don't know",
                why="People without an opinion have to make one up: add don't know or prefer not to say.",
            )
        )
    ends = [tuple(map(int, match.groups())) for label in labels if (match := RANGE.match(label))]
    if any(low <= before for (_, before), (low, _) in pairwise(ends)):
        found.append(
            Remark(
                question=name,
                fault="overlapping answers",
                why="One number fits two answers: begin each range after the end of the one before.",
            )
        )
    return found


def reading_age(words: str) -> float:
    """Age in years at which a text is read with ease: Flesch and Kincaid's school grade plus five.

    Source: Kincaid and others (1975), Research Branch Report 8-75. Syllables are counted by groups of vowels, right for nine words in ten.

    Example:
        >>> 5 <= reading_age("I feel safe at home at night.") <= 8
        True
    """
    found = re.findall(r"[^\W\d_][\w'’-]*", words)
    if not found:
        return 0.0
    sentences = max(len(re.findall(r"[.!?]+(?:\s|$)", words)), 1)
    grade = 0.39 * len(found) / sentences + 11.8 * sum(map(syllables, found)) / len(found) - 15.59
    return max(grade + 5, 5.0)


def syllables(word: str) -> int:
    """Syllables of an English word.

    Example:
        >>> syllables("police"), syllables("officers"), syllables("area"), syllables("home")
        (2, 3, 3, 1)
    """
    plain = re.sub(r"[^a-z]", "", word.lower())
    count = (
        len(re.findall(r"[aeiouy]+", plain))
        + len(re.findall(r"i[ao]|ea$|ea(?=[^dklmnprstv])", plain))
        - len(re.findall(r"[^aeiouyl]e$|[^aeiouy]es$", plain))
    )
    return max(count, 1)
