"""What do people say in their own words, and what do two coders make of it? Invented answers with their true codes."""

from pathlib import Path

import numpy as np
import polars as pl

from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.synthetic.survey import Sample, respondent_ids
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import survey

QUESTION = "What would make you feel safer?"
CODES = {
    "visibility": "Wants to see officers more often, or at other times.",
    "response": "Wants officers to come sooner, or to come at all.",
    "young people": "Wants something done for or about young people.",
    "streets": "Speaks of lighting, litter, traffic or empty buildings.",
    "contact": "Wants to be told more, or to reach somebody more easily.",
    "nothing": "Feels safe enough, or has no wish.",
}
PHRASES = {
    "visibility": (
        "More officers on foot in the evening",
        "I never see a patrol on our estate",
        "Officers who walk about and talk to people",
    ),
    "response": ("Somebody who comes when you call", "We waited two hours last time", "Quicker help at night"),
    "young people": ("Something for the young ones to do", "The youth club should open again", "Groups of youngsters at the bus stop"),
    "streets": ("Better lights in the underpass", "Cars race down our road", "The empty shop on the corner"),
    "contact": ("A number that someone answers", "Tell us what came of it", "I do not know who our local officer is"),
    "nothing": ("Nothing really, it is fine here", "I feel safe", "No idea"),
}
CODE_SHARES = (0.30, 0.18, 0.14, 0.16, 0.14, 0.08)
ANSWERS, SECOND_CODE_SHARE = 400, 0.25
CONSENT_SHARE = 0.6
CODERS = {"coder 1": 0.92, "coder 2": 0.84}
"""Chance that a coder gives a true code; otherwise another one."""


def write_words(folder: Path, truth: Truth, sample: Sample, *, seed: int) -> list[TableWriter]:
    """Write open_answers, codebook and coded_segments."""
    chance = stream(seed, "words")
    answered = np.flatnonzero(sample.responded)
    people = np.sort(chance.choice(answered, size=min(ANSWERS, len(answered)), replace=False))
    ids = [f"W-{number:04d}" for number in range(1, len(people) + 1)]
    true_codes = [_codes(chance) for _ in people]
    words = [". ".join(str(chance.choice(PHRASES[code])) for code in codes) + "." for codes in true_codes]
    coded = [
        (answer, coder, code)
        for answer, codes in zip(ids, true_codes, strict=True)
        for coder in CODERS
        for code in _given(chance, coder, codes)
    ]
    planted = pl.DataFrame(
        [(answer, code) for answer, codes in zip(ids, true_codes, strict=True) for code in codes],
        schema=["open_answer_id", "code"],
        orient="row",
    )
    truth.table("codes", planted, means=f"The true codes of each answer in words; the coders give one with chances {CODERS}.")
    return [
        write_table(
            survey.OPEN_ANSWERS,
            folder,
            {
                "open_answer_id": ids,
                "respondent_id": respondent_ids(people),
                "question": [QUESTION] * len(ids),
                "words": words,
                "may_be_quoted": stream(seed, "consent to be quoted").random(len(ids)) < CONSENT_SHARE,
            },
        ),
        write_table(survey.CODEBOOK, folder, {"code": list(CODES), "definition": list(CODES.values())}),
        write_table(
            survey.CODED_SEGMENTS,
            folder,
            {
                "open_answer_id": [answer for answer, _, _ in coded],
                "coder": [coder for _, coder, _ in coded],
                "code": [code for _, _, code in coded],
            },
        ),
    ]


def _codes(chance: np.random.Generator) -> list[str]:
    size = 2 if chance.random() < SECOND_CODE_SHARE else 1
    return [str(code) for code in chance.choice(list(CODES), size=size, replace=False, p=CODE_SHARES)]


def _given(chance: np.random.Generator, coder: str, codes: list[str]) -> list[str]:
    """The codes that a coder gives: each true one with the coder's chance, else some other."""
    given = [code if chance.random() < CODERS[coder] else str(chance.choice([other for other in CODES if other != code])) for code in codes]
    return list(dict.fromkeys(given))
