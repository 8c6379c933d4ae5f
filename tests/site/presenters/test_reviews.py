from bestvalue.site.presenters.reviews import Balance, Gathered, StrandOf, balance, coverage

DEMAND = StrandOf(key=7, number=1, name="Demand", question="?")
SUPPLY = StrandOf(key=9, number=2, name="Supply", question="?")


def test_evidence_counts_in_every_cell_it_bears_on() -> None:
    gathered = [
        Gathered(strands=frozenset({1, 2}), four_cs=frozenset({"compare", "compete"})),
        Gathered(strands=frozenset({1}), four_cs=frozenset({"compare"})),
    ]
    first, second = coverage([DEMAND, SUPPLY], gathered)
    assert first.counts == (0, 2, 0, 1)
    assert second.counts == (0, 1, 0, 1)
    assert second.lacks == ("Challenge", "Consult")


def test_pieces_that_are_alike_count_each_and_say_how_strong_they_are() -> None:
    of = {"strands": frozenset({1}), "four_cs": frozenset({"consult"})}
    (row,) = coverage([DEMAND], [Gathered(**of, pieces=3), Gathered(**of, strength="strong", pieces=2)])
    assert [(cell.four_c, cell.count, cell.strengths) for cell in row.cells if cell.count] == [("consult", 5, "2 strong, 3 not graded")]


def test_the_balance_of_findings_adds_up_over_the_strands() -> None:
    told = {(1, "positive", False): 2, (1, "negative", False): 1, (2, "negative", True): 4, (2, "positive", True): 1}
    found = {Balance(*which): rows for which, rows in told.items()}
    rows = balance([DEMAND, SUPPLY], found)
    assert [(row.strand, row.positive, row.negative, row.unanswered) for row in rows] == [(7, 2, 1, 1), (9, 1, 4, 0), (None, 3, 5, 1)]
