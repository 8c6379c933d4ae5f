from bestvalue.site.presenters.reviews import CANNOT_START, DONE, MISSING, Gathered, coverage, tasks

ALL = frozenset({"challenge", "compare", "consult", "compete"})


def test_evidence_counts_in_every_cell_it_bears_on() -> None:
    gathered = [
        Gathered(strands=frozenset({1, 2}), four_cs=frozenset({"compare", "compete"})),
        Gathered(strands=frozenset({1}), four_cs=frozenset({"compare"})),
    ]
    first, second = coverage([(1, "Demand", "?"), (2, "Supply", "?")], gathered)
    assert first.counts == (0, 2, 0, 1)
    assert second.counts == (0, 1, 0, 1)
    assert second.lacks == ("Challenge", "Consult")


def test_a_review_without_evidence_has_everything_to_do_but_what_cannot_start() -> None:
    rows = coverage([(1, "Demand", "?")], [])
    found = tasks(rows, strands_with_findings=set(), unanswered=[], versions=0, links={"publish": "/publish"})
    assert [task.tag for task in found] == [MISSING, MISSING, CANNOT_START, CANNOT_START]
    assert found[2].hint == "There are no findings yet"
    assert found[3].address == ""


def test_a_finished_review_has_nothing_to_do() -> None:
    rows = coverage([(1, "Demand", "?")], [Gathered(strands=frozenset({1}), four_cs=ALL)])
    found = tasks(rows, strands_with_findings={1}, unanswered=[], versions=2, links={})
    assert [task.tag for task in found] == [DONE] * 4
    assert found[3].hint == "Published 2 times"


def test_findings_without_a_recommendation_are_named() -> None:
    rows = coverage([(1, "Demand", "?")], [])
    found = tasks(rows, strands_with_findings={1}, unanswered=["1.1", "1.3"], versions=0, links={})
    assert found[2].hint == "None yet for 1.1, 1.3"
