"""How do answers that were handed in on the site become tables? One wide table of everything, and the rows that analyses read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl

from bestvalue.dataset.questionnaires.asked import AskedForm, Block, Entry, Option, in_language

NO_ANSWER = re.compile(
    r"don['’]?t know|do not know|not sure|unsure|no opinion|can['’]?t say|prefer not|rather not|not applicable|n/a|does not apply",
    re.IGNORECASE,
)
"""Words of a choice that stands for no answer: it never enters a scale."""

REVERSED = "_reversed"
"""A question whose name ends so is put the other way round than its scale."""

MAY_BE_QUOTED = "may_be_quoted"
"""A question of this name says whether what the person wrote may be quoted: yes, 1 or a ticked box."""

FEWEST_IN_SCALE, MOST_STEPS = 3, 11


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """One person's answers: the number that stands for them, and the answers by place ("age", "person/2/age")."""

    respondent: str
    answers: Mapping[str, str]


def wide_table(form: AskedForm, people: Sequence[HandedIn]) -> pl.DataFrame:
    """One row a person, one column a place: every answer as it was given. A question that nobody was asked keeps its column.

    Example:
        >>> form = AskedForm(title="T", languages=("en",), entries=(Entry(name="age", kind="whole number"),))
        >>> wide_table(form, [HandedIn(respondent="R-00001", answers={"age": "20"})]).rows()
        [('R-00001', '20')]
    """
    order = {place: at for at, place in enumerate(_columns(form, people))}
    rows = [{"respondent_id": one.respondent, **{place: one.answers.get(place) for place in order}} for one in people]
    return pl.DataFrame(rows, schema={"respondent_id": pl.String, **dict.fromkeys(order, pl.String)})


def survey_tables(form: AskedForm, people: Sequence[HandedIn], *, answer_round: int = 1) -> dict[str, list[dict[str, Any]]]:
    """Rows of survey_items, survey_answers and open_answers.

    A question on a scale is one to choose from whose codes are whole numbers, or a whole number on a range; three or more
    questions of one group that offer the same choices are a scale, coded in the order of the choices where their codes are
    words. What stands for no answer ("Don't know") is none. Questions in repeats stay in the wide table: one person has many.

    Args:
        form: what was asked.
        people: who answered.
        answer_round: which asking this was.
    """
    once = [(entry, group) for entry, group, in_repeat in _placed(form) if not in_repeat]
    scales = _scales(once)
    items = [item for entry, group in once if (item := _item(entry, scales.get(entry.name, ""))) is not None]
    return {
        "survey_items": [item.row for item in items],
        "survey_answers": [
            {
                "respondent_id": one.respondent,
                "item_id": item.row["item_id"],
                "round": answer_round,
                "answer": item.codes.get(one.answers.get(item.row["item_id"], "")),
            }
            for one in people
            for item in items
        ],
        "open_answers": list(_open_answers(form, [entry for entry, _ in once], people)),
    }


@dataclass(frozen=True, kw_only=True)
class _Item:
    row: dict[str, Any]
    codes: Mapping[str, int]


def _item(entry: Entry, scale: str) -> _Item | None:
    codes = _codes(entry, in_scale=bool(scale))
    if len(codes) < 2 or len(codes) > MOST_STEPS:
        return None
    row = {
        "item_id": entry.name,
        "wording": in_language(entry.words, ""),
        "scale_name": scale or None,
        "lowest": min(codes.values()),
        "highest": max(codes.values()),
        "reversed": entry.name.endswith(REVERSED),
    }
    return _Item(row=row, codes=codes)


def _codes(entry: Entry, *, in_scale: bool) -> Mapping[str, int]:
    """What each answer of a question counts as; none where it is on no scale."""
    if entry.kind == "whole number" and entry.lowest is not None and entry.highest is not None:
        steps = range(int(entry.lowest), int(entry.highest) + 1, max(int(entry.step or 1), 1))
        return {str(step): step for step in steps} if len(steps) <= MOST_STEPS else {}
    if entry.kind != "choose one":
        return {}
    opinions = [option for option in entry.options if not _is_no_answer(option)]
    if all(re.fullmatch(r"-?\d{1,6}", option.name) for option in opinions):
        return {option.name: int(option.name) for option in opinions}
    return {option.name: at for at, option in enumerate(opinions, start=1)} if in_scale else {}


def _is_no_answer(option: Option) -> bool:
    return any(NO_ANSWER.search(words) for words in option.words.values())


def _scales(entries: Sequence[tuple[Entry, str]]) -> dict[str, str]:
    """The scale of each question: its group, where three or more of it offer the same choices."""
    scales: dict[str, str] = {}
    for group, members in groupby(entries, key=lambda pair: pair[1]):
        chosen = [entry for entry, _ in members if entry.kind == "choose one"]
        offers = {entry.name: tuple(option.name for option in entry.options) for entry in chosen}
        for name, offer in offers.items():
            if group and list(offers.values()).count(offer) >= FEWEST_IN_SCALE:
                scales[name] = group
    return scales


def _open_answers(form: AskedForm, entries: Sequence[Entry], people: Sequence[HandedIn]) -> Iterator[dict[str, Any]]:
    asked = any(entry.name == MAY_BE_QUOTED for entry in form.every_entry())
    for one in people:
        quoted = one.answers.get(MAY_BE_QUOTED, "").lower() in ("yes", "1", "true", "ok") if asked else None
        for entry in entries:
            if entry.kind == "text" and one.answers.get(entry.name):
                yield {
                    "open_answer_id": f"{one.respondent}-{entry.name}",
                    "respondent_id": one.respondent,
                    "question": in_language(entry.words, ""),
                    "words": one.answers[entry.name],
                    "may_be_quoted": quoted,
                }


def _placed(form: AskedForm) -> Iterator[tuple[Entry, str, bool]]:
    """Each entry with its innermost group, and whether it stands in a repeat."""

    def walk(entries: tuple[Entry | Block, ...], group: str, *, in_repeat: bool) -> Iterator[tuple[Entry, str, bool]]:
        for one in entries:
            if isinstance(one, Block):
                yield from walk(one.entries, one.name, in_repeat=in_repeat or one.repeats)
            else:
                yield one, group, in_repeat

    return walk(form.entries, "", in_repeat=False)


def _columns(form: AskedForm, people: Sequence[HandedIn]) -> list[str]:
    """Places in the order of the form; those of a repeat one time after the other."""
    position = {entry.name: at for at, entry in enumerate(form.every_entry())}
    places = {entry.name for entry, _, in_repeat in _placed(form) if not in_repeat and (entry.is_answered or entry.kind == "calculation")}
    places |= {place for one in people for place in one.answers}
    first = {block.name: min(position[entry.name] for entry in _inside(block)) for block in form.every_block() if block.repeats}

    def key(place: str) -> tuple[int, int, int]:
        repeat, _, rest = place.partition("/")
        if not rest:
            return position.get(place, len(position)), 0, 0
        time, _, name = rest.partition("/")
        return first.get(repeat, len(position)), int(time), position.get(name, len(position))

    return sorted(places, key=key)


def _inside(block: Block) -> Iterator[Entry]:
    for one in block.entries:
        if isinstance(one, Block):
            yield from _inside(one)
        else:
            yield one
