"""Which question comes next? One person's way through a form: what is asked, in which order, for the answers given so far.

Answers are kept by place: "age", in a repeat "person/2/age". Whether there is another one of a repeat is an answer too: at "person/2/+".
A place that is there was visited; an empty answer was left out. What is not asked any more keeps its answer in case the person turns
back, and counts as empty everywhere.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bestvalue.dataset.questionnaires.answering import Checked, missing_words, plain_answer
from bestvalue.dataset.questionnaires.asked import AskedForm, Block, Entry, Option, in_language
from bestvalue.dataset.questionnaires.evaluation import Scope, as_number, as_text, evaluate, holds

MOST_TIMES = 50
"""How often a repeat is asked at most."""

ANOTHER, YES, NO = "+", "yes", "no"
ANSWER_IN_WORDS = re.compile(r"\$\{\s*([^}\s]+)\s*\}")


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One page of the way: a question, or whether there is another one of a repeat.

    Args:
        place: where its answer is kept.
        entry: what is asked; None where it is asked whether there is another.
        block: the repeat that it stands in or asks about; None outside.
        time: which time of the repeat, from 1; 0 for the question whether there is a first.
    """

    place: str
    entry: Entry | None = None
    block: Block | None = None
    time: int = 1


class Filling:
    """A form with the answers that were given so far. Values are worked out once and remembered: make a new one after an answer."""

    def __init__(self, form: AskedForm, answers: Mapping[str, str], *, today: date) -> None:
        self.form, self.answers, self.today = form, answers, today
        self._homes = {entry.name: (above, entry) for above, entry in _with_blocks(form.entries, ())}
        self._repeats = {block.name: block for block in form.every_block() if block.repeats}
        self._values: dict[tuple[str, int], str] = {}
        self._times: dict[str, int] = {}

    def stops(self) -> list[Stop]:
        """Every page that is asked, in order."""
        return list(self._stops(self.form.entries, None, 1))

    def stop_at(self, place: str) -> Stop | None:
        """The page of a place; None where it is not asked."""
        return next((stop for stop in self.stops() if stop.place == place), None)

    def first_open(self) -> Stop | None:
        """The first page that the person has not been to, or whose answer does not hold any more; None when all is answered."""
        return next((stop for stop in self.stops() if stop.place not in self.answers or self.fault_of(stop)), None)

    def fault_of(self, stop: Stop) -> str:
        """What is wrong with the answer that is kept for a page; "" where nothing is."""
        kept = self.answers.get(stop.place, "")
        if stop.entry is None:
            return "" if kept in (YES, NO) else "Select yes or no"
        if stop.entry.kind == "choose several":
            return self.check(stop, kept.split()).fault
        return self.check(stop, kept.split("-")[::-1] if stop.entry.kind == "date" else [kept]).fault

    def check(self, stop: Stop, given: Sequence[str], *, language: str = "") -> Checked:
        """Check what was typed or chosen on a page: its form, whether it is required, and its constraint."""
        entry = stop.entry
        if entry is None:
            said = given[0] if given else ""
            return Checked(value=said) if said in (YES, NO) else Checked(fault="Select yes if there is another, or no")
        checked = plain_answer(entry, given, options=self.options(stop))
        if checked.fault:
            return checked
        scope = replace(self._scope(stop.time), own=checked.value)
        if not checked.value:
            required = entry.required == "yes" or (entry.required != "" and holds(entry.required, scope))
            return Checked(fault=missing_words(entry, language=language)) if required and entry.is_answered else checked
        if not holds(entry.constraint, scope):
            said = in_language(entry.constraint_message, language)
            return Checked(value=checked.value, fault=said or "That answer does not fit here: check it")
        return checked

    def options(self, stop: Stop) -> tuple[Option, ...]:
        """The answers that are offered on a page."""
        entry = stop.entry
        if entry is None or not entry.choice_filter:
            return entry.options if entry else ()
        scope = self._scope(stop.time)
        return tuple(one for one in entry.options if holds(entry.choice_filter, replace(scope, columns={**one.columns, "name": one.name})))

    def words(self, words: Mapping[str, str], language: str, *, time: int = 1) -> str:
        """Words in a language, with the answers that they name."""
        return ANSWER_IN_WORDS.sub(lambda found: self.value(found[1], time), in_language(words, language))

    def final(self) -> dict[str, str]:
        """The answers that are handed in: what was asked and answered, and what was calculated."""
        kept = {stop.place: self.answers.get(stop.place, "") for stop in self.stops() if stop.entry is not None and stop.entry.is_answered}
        for name, (above, entry) in self._homes.items():
            repeat = next((block for block in above if block.repeats), None)
            if entry.kind == "calculation":
                times = self.times(repeat) if repeat else 1
                kept |= {_place(name, repeat, time): self.value(name, time) for time in range(1, times + 1)}
        return {place: value for place, value in kept.items() if value}

    def value(self, name: str, time: int = 1) -> str:
        """The answer to a question, or what a calculation comes to; "" where it is not asked."""
        if name not in self._homes:
            return ""
        above, entry = self._homes[name]
        repeat = next((block for block in above if block.repeats), None)
        key = (name, time if repeat else 1)
        if key not in self._values:
            conditions = [block.relevant for block in above] + [entry.relevant]
            asked = all(holds(condition, self._scope(key[1])) for condition in conditions)
            if asked and repeat is not None:
                asked = key[1] <= self.times(repeat)
            self._values[key] = self._found(entry, repeat, key[1]) if asked else ""
        return self._values[key]

    def times(self, repeat: Block) -> int:
        """How often a repeat is asked."""
        if repeat.name not in self._times:
            self._times[repeat.name] = self._counted(repeat)
        return self._times[repeat.name]

    def _counted(self, repeat: Block) -> int:
        above = next(blocks for blocks, block in _blocks_above(self.form.entries, ()) if block.name == repeat.name)
        if not all(holds(one.relevant, self._scope(1)) for one in (*above, repeat)):
            return 0
        if repeat.times:
            number = as_number(evaluate(repeat.times, self._scope(1)))
            return min(max(int(number), 0), MOST_TIMES) if math.isfinite(number) else 0
        time = 0
        while time < MOST_TIMES and self.answers.get(f"{repeat.name}/{time}/{ANOTHER}") == YES:
            time += 1
        return time

    def _found(self, entry: Entry, repeat: Block | None, time: int) -> str:
        if entry.kind != "calculation":
            return self.answers.get(_place(entry.name, repeat, time), "")
        if not entry.calculation:
            return entry.default
        text = as_text(evaluate(entry.calculation, self._scope(time)))
        return "" if text == "NaN" else text

    def _scope(self, time: int) -> Scope:
        return Scope(answer=lambda name: self.value(name, time), every=self._every, today=self.today, position=time)

    def _every(self, name: str) -> list[str]:
        if name in self._repeats:
            return [""] * self.times(self._repeats[name])
        above, _ = self._homes[name]
        repeat = next((block for block in above if block.repeats), None)
        return [self.value(name, time) for time in range(1, (self.times(repeat) if repeat else 1) + 1)]

    def _stops(self, entries: tuple[Entry | Block, ...], repeat: Block | None, time: int) -> Iterator[Stop]:
        for one in entries:
            if not holds(one.relevant, self._scope(time)):
                continue
            if isinstance(one, Entry):
                if one.is_shown:
                    yield Stop(place=_place(one.name, repeat, time), entry=one, block=repeat, time=time)
            elif one.repeats:
                yield from self._stops_of_repeat(one)
            else:
                yield from self._stops(one.entries, repeat, time)

    def _stops_of_repeat(self, repeat: Block) -> Iterator[Stop]:
        asks = not repeat.times
        if asks:
            yield Stop(place=f"{repeat.name}/0/{ANOTHER}", block=repeat, time=0)
        for time in range(1, self.times(repeat) + 1):
            yield from self._stops(repeat.entries, repeat, time)
            if asks and time < MOST_TIMES:
                yield Stop(place=f"{repeat.name}/{time}/{ANOTHER}", block=repeat, time=time)


def _place(name: str, repeat: Block | None, time: int) -> str:
    return f"{repeat.name}/{time}/{name}" if repeat else name


def _with_blocks(entries: tuple[Entry | Block, ...], above: tuple[Block, ...]) -> Iterator[tuple[tuple[Block, ...], Entry]]:
    for one in entries:
        if isinstance(one, Block):
            yield from _with_blocks(one.entries, (*above, one))
        else:
            yield above, one


def _blocks_above(entries: tuple[Entry | Block, ...], above: tuple[Block, ...]) -> Iterator[tuple[tuple[Block, ...], Block]]:
    for one in entries:
        if isinstance(one, Block):
            yield above, one
            yield from _blocks_above(one.entries, (*above, one))
