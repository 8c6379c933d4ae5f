"""The whole life of a review as one list: what is done, what is still to do, and what cannot start yet and why.

Each phase ends with the gates that close it. The gates come ready, by the life cycle's table; the rest is told here, in the order of
the work.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bestvalue.record.reviews.life_cycle import Gate, Need
from bestvalue.site.presenters.reviews import CANNOT_START, DONE, MISSING, CoverageRow, Task


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of a review, as far as its list of tasks asks; only what the reader sees counts.

    Args:
        met: what of the things that gates need exists.
        has_adviser: a financial adviser sits on the project board.
        rows: how much evidence of each of the 4Cs its strands have.
        findings: how many findings a strand has, by its number.
        unanswered: how many findings ask for improvement and have no recommendation, by the name of their strand.
        questions: how many questions had options.
        open_questions: how many of them have none chosen.
        heard: how many consultations are on record.
        challenges: how many challenges were raised.
        waiting: how many of them wait for an answer.
        recommendations: how many there are.
        not_costed: how many of them have no cost in figures or no benefit, and nobody has answered them.
        versions: how many times the report was published.
    """

    met: Collection[Need]
    has_adviser: bool
    rows: Sequence[CoverageRow]
    findings: Mapping[int, int]
    unanswered: Mapping[str, int]
    questions: int = 0
    open_questions: int = 0
    heard: int = 0
    challenges: int = 0
    waiting: int = 0
    recommendations: int = 0
    not_costed: int = 0
    versions: int = 0


@dataclass(frozen=True, kw_only=True)
class Phase:
    """A part of the life of a review, with its tasks in order."""

    name: str
    tasks: tuple[Task, ...]

    @property
    def done(self) -> int:
        """How many of its tasks are done."""
        return sum(task.tag == DONE for task in self.tasks)

    @property
    def is_done(self) -> bool:
        """Whether all of them are."""
        return self.done == len(self.tasks)

    @property
    def is_ahead(self) -> bool:
        """Whether none of them can start yet."""
        return all(task.tag == CANNOT_START for task in self.tasks)


def phases(standing: Standing, *, gates: Mapping[Gate, Task], links: Mapping[str, str]) -> tuple[Phase, ...]:
    """The phases of a review, from its selection to its close.

    Args:
        standing: what is known of it.
        gates: each gate on the straight way, as a task.
        links: where each thing is done or read, by its name; missing where the reader can do nothing.
    """
    met = standing.met
    found = any(standing.findings.values())
    return (
        Phase(
            name="Selection",
            tasks=(
                gates[Gate.SELECT],
                _exists("A review team", Need.TEAM, met, links.get("parts", "")),
                _exists("A project board", Need.PROJECT_BOARD, met, links.get("parts", "")),
                _adviser(standing, links.get("board", "")),
                gates[Gate.SANCTION],
            ),
        ),
        Phase(
            name="Scope",
            tasks=(
                _exists("Terms of reference", Need.TERMS, met, links.get("terms", "")),
                _exists("Aims", Need.AIMS, met, links.get("aims", "")),
                _exists("Strands, each with its question", Need.STRANDS, met, links.get("strands", "")),
                gates[Gate.SCOPE],
                _exists("A challenge panel", Need.PANEL, met, links.get("parts", "")),
                gates[Gate.BEGIN],
            ),
        ),
        Phase(name="Evidence", tasks=(*_evidence(standing, links), _heard(standing, links), _challenged(standing, links))),
        Phase(name="Findings and options", tasks=(*_findings(standing, links), _options(standing, links))),
        Phase(
            name="Recommendations and report",
            tasks=(
                _recommended(standing, links, found=found),
                _costed(standing, links),
                _published(standing, links, found=found),
                gates[Gate.REPORT],
                gates[Gate.ENDORSE],
                gates[Gate.APPROVE],
            ),
        ),
        Phase(
            name="Delivery",
            tasks=(
                _of_recommendations("A plan with an action for every recommendation", Need.PLAN, standing, links.get("register", "")),
                gates[Gate.DELIVER],
                _of_recommendations("Every recommendation carried out or ended", Need.ENDED, standing, links.get("register", "")),
                gates[Gate.CLOSE],
            ),
        ),
    )


def _said(words: str, *, is_done: bool, lacks: str, address: str, cannot_start: str = "") -> Task:
    """A task that is done, waits, or cannot start; what is done and what waits leads to its page."""
    if is_done:
        return Task(words=words, tag=DONE, address=address)
    if cannot_start:
        return Task(words=words, tag=CANNOT_START, hint=cannot_start)
    return Task(words=words, tag=MISSING, hint=lacks, address=address)


def _exists(words: str, need: Need, met: Collection[Need], address: str) -> Task:
    return _said(words, is_done=need in met, lacks=_sentence(need.label), address=address)


def _adviser(standing: Standing, address: str) -> Task:
    no_board = "" if Need.PROJECT_BOARD in standing.met else _sentence(Need.PROJECT_BOARD.label)
    words, lacks = "A financial adviser on the project board", "Costs and savings need one from the start"
    return _said(words, is_done=standing.has_adviser, lacks=lacks, address=address, cannot_start=no_board)


def _evidence(standing: Standing, links: Mapping[str, str]) -> tuple[Task, ...]:
    if not standing.rows:
        return (Task(words="Evidence of all 4Cs for every strand", tag=CANNOT_START, hint=_sentence(Need.STRANDS.label)),)
    return tuple(
        _said(
            f"Evidence of all 4Cs: {row.name}",
            is_done=not row.lacks,
            lacks=f"Lacks {', '.join(row.lacks).lower()}",
            address=f"{links['evidence']}?strand={row.key}",
        )
        for row in standing.rows
    )


def _heard(standing: Standing, links: Mapping[str, str]) -> Task:
    lacks = "Nobody was consulted yet"
    return _said("Consultation", is_done=bool(standing.heard), lacks=lacks, address=links["consultation"])


def _challenged(standing: Standing, links: Mapping[str, str]) -> Task:
    waiting = standing.waiting
    lacks = f"{waiting} wait{'s' if waiting == 1 else ''} for an answer" if waiting else "Nobody has challenged the review yet"
    no_panel = "" if standing.challenges or Need.PANEL in standing.met else _sentence(Need.PANEL.label)
    is_done = bool(standing.challenges) and not waiting
    return _said("Challenges raised and answered", is_done=is_done, lacks=lacks, address=links["challenges"], cannot_start=no_panel)


def _findings(standing: Standing, links: Mapping[str, str]) -> tuple[Task, ...]:
    if not standing.rows:
        return (Task(words="Findings for every strand", tag=CANNOT_START, hint=_sentence(Need.STRANDS.label)),)
    return tuple(
        _said(
            f"Findings: {row.name}",
            is_done=bool(standing.findings.get(row.number)),
            lacks="None yet",
            address=f"{links['findings']}?strand={row.key}",
            cannot_start="" if any(row.counts) else "The strand has no evidence to rest them on",
        )
        for row in standing.rows
    )


def _options(standing: Standing, links: Mapping[str, str]) -> Task:
    still = standing.open_questions
    lacks = f"{still} of {standing.questions} questions ha{'s' if still == 1 else 've'} no option chosen" if still else "None on record yet"
    is_done = bool(standing.questions) and not still
    return _said("Options considered, and one chosen for each problem", is_done=is_done, lacks=lacks, address=links["options"])


def _recommended(standing: Standing, links: Mapping[str, str], *, found: bool) -> Task:
    return _said(
        "A recommendation for every finding to improve",
        is_done=found and not standing.unanswered,
        lacks=_unanswered_words(standing.unanswered),
        address=links["unanswered"],
        cannot_start="" if found else "There are no findings yet",
    )


def _costed(standing: Standing, links: Mapping[str, str]) -> Task:
    return _said(
        "A cost and a benefit for every recommendation",
        is_done=bool(standing.recommendations) and not standing.not_costed,
        lacks=f"{standing.not_costed} not costed yet: the financial adviser is the one to look",
        address=links["not_costed"],
        cannot_start="" if standing.recommendations else "There are no recommendations yet",
    )


def _published(standing: Standing, links: Mapping[str, str], *, found: bool) -> Task:
    times = standing.versions
    if times:
        return Task(
            words="Publish the report", tag=DONE, hint=f"Published {times} time{'' if times == 1 else 's'}", address=links["versions"]
        )
    nothing = "" if found else "There are no findings yet"
    return _said("Publish the report", is_done=False, lacks="", address=links.get("publish", ""), cannot_start=nothing)


def _of_recommendations(words: str, need: Need, standing: Standing, address: str) -> Task:
    none = "" if standing.recommendations else "There are no recommendations yet"
    is_done = bool(standing.recommendations) and need in standing.met
    return _said(words, is_done=is_done, lacks=_sentence(need.label), address=address, cannot_start=none)


def _unanswered_words(unanswered: Mapping[str, int]) -> str:
    """How many findings no recommendation answers: "None yet for 3 findings: Demand 2, Supply 1"."""
    count = sum(unanswered.values())
    return f"None yet for {count} finding{'' if count == 1 else 's'}: {', '.join(f'{name} {rows}' for name, rows in unanswered.items())}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def passed_gate(*, what: str, words: str, address: str) -> Task:
    """A gate that the review is through; `words`: who agreed, and when."""
    return Task(words=_sentence(what), tag=DONE, hint=words, address=address)


def later_gate(*, what: str, reasons: Collection[str]) -> Task:
    """A gate that nobody can decide yet, and why."""
    return Task(words=_sentence(what), tag=CANNOT_START, hint=_sentence(" and ".join(reasons)))
