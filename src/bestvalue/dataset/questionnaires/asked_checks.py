"""Does a form hold together? Every condition can be read, names what is there, and no two questions wait for each other."""

from collections.abc import Iterator, Mapping

from bestvalue.dataset.questionnaires.asked import AskedForm, Block, Entry
from bestvalue.dataset.questionnaires.expressions import OVER_REPEATS, ExpressionFault, Node, parse, walk
from bestvalue.dataset.questionnaires.places import Places
from bestvalue.errors import Fault

NEXT_STEP = "Write it with what the site understands, or ask this question another way."
MOST_ENTRIES, LONGEST_CHAIN = 500, 40
"""Rows of a form, and conditions that hang on one another: a survey of either size is not answered by anybody."""


def faults_of(form: AskedForm, places: Places) -> list[Fault]:
    """Everything in a form that the site could not ask as it is meant."""
    home = dict(_homes(form.entries))
    known = set(home) | {block.name for block in form.every_block()}
    faults: list[Fault] = []
    for name, column, text in _expressions(form):
        faults += [
            places.fault(name, column, f"{name}: {what} ({text!r})", next_step=NEXT_STEP)
            for what in _wrong(name, column, text, home, known)
        ]
    for entry in form.every_entry():
        if entry.kind in ("choose one", "choose several") and not entry.options:
            faults.append(
                places.fault(entry.name, "type", f"{entry.name} has nothing to choose from", next_step="Add its list to choices.")
            )
        if entry.is_shown and not entry.words:
            faults.append(places.fault(entry.name, "label", f"{entry.name} has no words", next_step="Write its label."))
    if not faults:
        faults += _circles(form, places)
    if len(home) > MOST_ENTRIES:
        first = next(form.every_entry()).name
        faults.append(
            places.fault(first, "name", f"The form has {len(home):,} rows to ask; at most {MOST_ENTRIES} are", next_step="Ask less.")
        )
    if not any(entry.is_answered for entry in form.every_entry()):
        faults.append(Fault(what="The form asks nothing", file=places.file, next_step="Add a question."))
    return faults


def _homes(entries: tuple[Entry | Block, ...], repeat: str = "") -> Iterator[tuple[str, str]]:
    """Each entry's name with the repeat that it stands in; "" outside."""
    for one in entries:
        if isinstance(one, Block):
            yield from _homes(one.entries, one.name if one.repeats else repeat)
        else:
            yield one.name, repeat


def _expressions(form: AskedForm) -> Iterator[tuple[str, str, str]]:
    """(question or block, column, expression) of all there are."""
    for block in form.every_block():
        yield from ((block.name, column, text) for column, text in (("relevant", block.relevant), ("repeat_count", block.times)) if text)
    for entry in form.every_entry():
        required = entry.required if entry.required != "yes" else ""
        columns = (
            ("relevant", entry.relevant),
            ("constraint", entry.constraint),
            ("calculation", entry.calculation),
            ("required", required),
            ("choice_filter", entry.choice_filter),
        )
        yield from ((entry.name, column, text) for column, text in columns if text)


def _wrong(name: str, column: str, text: str, home: Mapping[str, str], known: set[str]) -> Iterator[str]:
    try:
        tree = parse(text)
    except ExpressionFault as cause:
        yield str(cause)
        return
    whole = {id(part) for node in walk(tree) if node.kind == "call" and node.name in OVER_REPEATS for part in node.inside}
    for node in walk(tree):
        yield from _wrong_node(node, name, column, home, known, over_all=id(node) in whole)


def _wrong_node(node: Node, name: str, column: str, home: Mapping[str, str], known: set[str], *, over_all: bool) -> Iterator[str]:
    if node.kind == "column" and column != "choice_filter":
        yield f"{node.name!r} is neither text in quotes nor a question in ${{}}"
    if node.kind == "own" and column != "constraint":
        yield "a dot for the own answer is understood in constraints only"
    if node.kind == "answer" and node.name not in known:
        yield f"there is no question {node.name!r}"
    if node.kind == "answer" and node.name in home and home[node.name] not in ("", home.get(name, name)) and not over_all:
        yield f"{node.name!r} is asked in a repeat; from outside only {', '.join(OVER_REPEATS)} can look at it"
    if node.kind == "answer" and node.name in known and node.name not in home and not over_all:
        yield f"{node.name!r} is a group or repeat and has no answer of its own; count() can look at a repeat"


def _circles(form: AskedForm, places: Places) -> list[Fault]:
    """Questions whose being asked, or whose calculation, depends on themselves, or on a chain longer than anybody can follow."""
    needs = dict(_needs(form.entries, frozenset()))
    depth: dict[str, int] = {}

    def circle(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return (*path[path.index(name) :], name)
        if name not in depth:
            others = sorted(needs.get(name, ()))
            for other in others:
                if found := circle(other, (*path, name)):
                    return found
            depth[name] = 1 + max((depth[other] for other in others), default=0)
        return ()

    for name in needs:
        if found := circle(name, ()):
            what = f"Questions wait for each other: {' needs '.join(found)}"
            return [places.fault(found[0], "relevant", what, next_step="Break the circle.")]
    too_long = next((name for name, long in depth.items() if long > LONGEST_CHAIN), None)
    if too_long is not None:
        what = f"{too_long} depends on a chain of more than {LONGEST_CHAIN} questions"
        return [places.fault(too_long, "relevant", what, next_step="Shorten the chain.")]
    return []


def _needs(entries: tuple[Entry | Block, ...], above: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """What has to be known to say whether an entry is asked and what it comes to; what is in a repeat needs its count."""
    for one in entries:
        if isinstance(one, Block):
            here = above | _named(one.relevant)
            if one.repeats:
                yield one.name, here | _named(one.times)
                here |= {one.name}
            yield from _needs(one.entries, here)
        else:
            yield one.name, above | _named(one.relevant) | _named(one.calculation)


def _named(text: str) -> frozenset[str]:
    return frozenset(node.name for node in walk(parse(text)) if node.kind == "answer") if text.strip() else frozenset()
