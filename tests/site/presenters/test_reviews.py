from bestvalue.site.presenters.reviews import CANNOT_START, DONE, MISSING, Balance, Gathered, StrandOf, balance, coverage, tasks

ALL = frozenset({"challenge", "compare", "consult", "compete"})
DEMAND = StrandOf(key=7, number=1, name="Demand", question="?")
SUPPLY = StrandOf(key=9, number=2, name="Supply", question="?")
NONE = {"recommendations": 0, "not_costed": 0}


def test_evidence_counts_in_every_cell_it_bears_on() -> None:
    gathered = [
        Gathered(strands=frozenset({1, 2}), four_cs=frozenset({"compare", "compete"})),
        Gathered(strands=frozenset({1}), four_cs=frozenset({"compare"})),
    ]
    first, second = coverage([DEMAND, SUPPLY], gathered)
    assert first.counts == (0, 2, 0, 1)
    assert second.counts == (0, 1, 0, 1)
    assert second.lacks == ("Challenge", "Consult")


def test_a_review_without_evidence_has_everything_to_do_but_what_cannot_start() -> None:
    rows = coverage([DEMAND], [])
    found = tasks(rows, strands_with_findings=set(), unanswered={}, **NONE, versions=0, links={"publish": "/publish"})
    assert [task.tag for task in found] == [MISSING, MISSING, CANNOT_START, CANNOT_START, CANNOT_START]
    assert found[2].hint == "There are no findings yet"
    assert found[4].address == ""


def test_a_finished_review_has_nothing_to_do() -> None:
    rows = coverage([DEMAND], [Gathered(strands=frozenset({1}), four_cs=ALL)])
    found = tasks(rows, strands_with_findings={1}, unanswered={}, recommendations=2, not_costed=0, versions=2, links={})
    assert [task.tag for task in found] == [DONE] * 5
    assert found[4].hint == "Published 2 times"


def test_pieces_that_are_alike_count_each_and_say_how_strong_they_are() -> None:
    of = {"strands": frozenset({1}), "four_cs": frozenset({"consult"})}
    (row,) = coverage([DEMAND], [Gathered(**of, pieces=3), Gathered(**of, strength="strong", pieces=2)])
    assert [(cell.four_c, cell.count, cell.strengths) for cell in row.cells if cell.count] == [("consult", 5, "2 strong, 3 not graded")]


def test_findings_without_a_recommendation_are_counted_by_strand_and_lead_to_exactly_them() -> None:
    found = tasks(
        coverage([DEMAND], []),
        strands_with_findings={1},
        unanswered={"Demand": 2, "Supply": 1},
        **NONE,
        versions=0,
        links={"unanswered": "/f?x"},
    )
    assert (found[2].hint, found[2].address) == ("None yet for 3 findings: Demand 2, Supply 1", "/f?x")


def test_recommendations_that_are_not_costed_are_counted_and_lead_to_exactly_them_and_to_the_financial_adviser() -> None:
    rows = coverage([DEMAND], [])
    asked = {"strands_with_findings": {1}, "unanswered": {}, "versions": 0, "links": {"not_costed": "/r?x"}}
    open_ones = tasks(rows, recommendations=5, not_costed=2, **asked)[3]
    assert (open_ones.tag, open_ones.address) == (MISSING, "/r?x")
    assert open_ones.hint == "2 not costed yet: the financial adviser is the one to look"
    costed = tasks(rows, recommendations=5, not_costed=0, **asked)[3]
    assert (costed.tag, costed.hint, costed.address) == (DONE, "", "")
    assert tasks(rows, recommendations=0, not_costed=0, **asked)[3].tag is CANNOT_START


def test_the_balance_of_findings_adds_up_over_the_strands() -> None:
    told = {(1, "positive", False): 2, (1, "negative", False): 1, (2, "negative", True): 4, (2, "positive", True): 1}
    found = {Balance(*which): rows for which, rows in told.items()}
    rows = balance([DEMAND, SUPPLY], found)
    assert [(row.strand, row.positive, row.negative, row.unanswered) for row in rows] == [(7, 2, 1, 1), (9, 1, 4, 0), (None, 3, 5, 1)]
