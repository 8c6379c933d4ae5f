"""The life of a review as a list of tasks: in order, done or not, and what cannot start says why."""

from dataclasses import replace

from bestvalue.record.reviews.life_cycle import Need, Stage, way_to
from bestvalue.site.presenters.review_life import Phase, Standing, later_gate, phases
from bestvalue.site.presenters.reviews import CANNOT_START, DONE, MISSING, Gathered, StrandOf, Task, coverage

ALL = frozenset({"challenge", "compare", "consult", "compete"})
DEMAND = StrandOf(key=7, number=1, name="Demand", question="?")
SUPPLY = StrandOf(key=9, number=2, name="Supply", question="?")
EMPTY = Standing(met=frozenset(), has_adviser=False, rows=(), findings={}, unanswered={})
GATES = {gate: later_gate(what=gate.label, reasons=["it is too early"]) for gate in way_to(Stage.CLOSED)}
NAMES = ("evidence", "consultation", "challenges", "findings", "options", "unanswered", "not_costed", "versions", "register", "aims")
LINKS = {name: f"/{name}" for name in (*NAMES, "strands", "terms", "parts", "board", "publish")}
FULL = Standing(
    met=frozenset(Need),
    has_adviser=True,
    rows=coverage([DEMAND], [Gathered(strands=frozenset({1}), four_cs=ALL)]),
    findings={1: 3},
    unanswered={},
    questions=2,
    heard=1,
    challenges=4,
    recommendations=2,
    versions=2,
)


def told(standing: Standing) -> tuple[Phase, ...]:
    return phases(standing, gates=GATES, links=LINKS)


def task(standing: Standing, begins: str) -> Task:
    (found,) = [one for phase in told(standing) for one in phase.tasks if one.words.startswith(begins)]
    return found


def test_every_gate_from_selection_to_close_stands_in_the_list_once_and_in_its_order() -> None:
    words = [one.words for phase in told(EMPTY) for one in phase.tasks]
    gates = [GATES[gate].words for gate in way_to(Stage.CLOSED)]
    assert [said for said in words if said in gates] == gates


def test_what_cannot_start_says_why_and_leads_nowhere() -> None:
    stopped = [one for phase in told(EMPTY) for one in phase.tasks if one.tag == CANNOT_START]
    assert all(one.hint and not one.address for one in stopped)
    assert task(EMPTY, "Evidence").hint == "The review has no strands"
    assert task(EMPTY, "A financial adviser").hint == "No project board takes part"
    assert task(EMPTY, "Challenges").hint == "No challenge panel takes part"
    assert task(EMPTY, "A recommendation for").hint == "There are no findings yet"
    assert task(EMPTY, "A cost").hint == task(EMPTY, "A plan").hint == "There are no recommendations yet"


def test_a_review_that_has_everything_has_nothing_to_do_but_its_gates() -> None:
    left = [one.words for phase in told(FULL) for one in phase.tasks if one.tag != DONE]
    assert left == [GATES[gate].words for gate in way_to(Stage.CLOSED)]
    assert task(FULL, "Publish").hint == "Published 2 times"


def test_each_strand_says_what_evidence_it_lacks_and_has_no_findings_before_it_has_evidence() -> None:
    rows = coverage([DEMAND, SUPPLY], [Gathered(strands=frozenset({1}), four_cs=frozenset({"compare", "consult"}))])
    two = replace(FULL, rows=rows, findings={1: 1})
    demand, supply = task(two, "Evidence of all 4Cs: Demand"), task(two, "Findings: Supply")
    assert (demand.tag, demand.hint, demand.address) == (MISSING, "Lacks challenge, compete", "/evidence?strand=7")
    assert (supply.tag, supply.hint) == (CANNOT_START, "The strand has no evidence to rest them on")
    assert task(two, "Findings: Demand").tag == DONE


def test_what_waits_is_counted_and_leads_to_exactly_it() -> None:
    waits = replace(FULL, waiting=1, open_questions=1, unanswered={"Demand": 2, "Supply": 1}, not_costed=2)
    assert task(waits, "Challenges").hint == "1 waits for an answer"
    assert task(waits, "Options").hint == "1 of 2 questions has no option chosen"
    asked, cost = task(waits, "A recommendation for"), task(waits, "A cost")
    assert (asked.hint, asked.address) == ("None yet for 3 findings: Demand 2, Supply 1", "/unanswered")
    assert (cost.hint, cost.address) == ("2 not costed yet: the financial adviser is the one to look", "/not_costed")


def test_a_phase_knows_whether_it_is_done_or_ahead() -> None:
    scope = told(EMPTY)[1]
    assert (scope.done, scope.is_done, scope.is_ahead) == (0, False, False)
    assert told(EMPTY)[5].is_ahead
    assert told(FULL)[2].is_done
