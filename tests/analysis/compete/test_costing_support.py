import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestvalue.analysis.compete.costing_support import Method, SupportNetwork, closed_loops, network_of, pass_on, step_down_order


def network(shares: dict[tuple[int, int], float], *, support: int, others: int) -> SupportNetwork:
    """A network from {(giver, taker): quantity}; takers from `support` on are no support centres."""
    givers, takers = (np.array([pair[place] for pair in shares]) for place in (0, 1))
    return network_of(givers, takers, np.array(list(shares.values())), support=support, others=others)


# Human resources, data processing and risk management serve machining and assembly (support 0 to 2, others 3 and 4).
# University of Regina, Intermediate Financial Accounting (open textbook, BUS 388), 10.4 The reciprocal method.
REGINA = {(0, 1): 20, (0, 2): 10, (0, 3): 40, (0, 4): 30, (1, 0): 8, (1, 2): 7, (1, 3): 30, (1, 4): 55, (2, 3): 50, (2, 4): 50}
REGINA_COSTS = np.array([80_000.0, 120_000.0, 40_000.0])


def test_the_reciprocal_method_gives_the_published_costs_of_the_regina_example() -> None:
    passed = pass_on(network(REGINA, support=3, others=2), REGINA_COSTS)
    assert passed.loaded[:, 0] == pytest.approx([91_057, 138_211, 58_781], abs=0.6)
    assert passed.received[:, 0] == pytest.approx([107_276, 132_724], abs=0.6)  # the book prints 132,723 and notes a rounding of 1
    assert passed.received.sum() == pytest.approx(240_000, rel=1e-14)


def test_the_reciprocal_method_gives_the_published_costs_of_two_departments() -> None:
    """Y = 7,260 + 0.3 Z and Z = 4,000 + 0.2 Y: 9,000 and 5,800 (Accounting for Management, reciprocal method)."""
    passed = pass_on(network({(0, 1): 20, (0, 2): 80, (1, 0): 30, (1, 2): 70}, support=2, others=1), np.array([7_260.0, 4_000.0]))
    assert passed.loaded[:, 0] == pytest.approx([9_000, 5_800], rel=1e-13)


def test_step_down_passes_nothing_back() -> None:
    """By hand: human resources first, 80,000 as 16,000, 8,000, 32,000 and 24,000; then data processing, 136,000 over 92 parts."""
    given = network(REGINA, support=3, others=2)
    assert step_down_order(given, REGINA_COSTS[:, None]) == [0, 1, 2]
    passed = pass_on(given, REGINA_COSTS, method="step-down")
    risk = 40_000 + 8_000 + 136_000 * 7 / 92
    assert passed.loaded[:, 0] == pytest.approx([80_000, 136_000, risk])
    assert passed.received[0, 0] == pytest.approx(32_000 + 136_000 * 30 / 92 + risk / 2)


def test_the_direct_method_leaves_support_to_support_out() -> None:
    """By hand: human resources 40:30, data processing 30:55, risk management 50:50."""
    passed = pass_on(network(REGINA, support=3, others=2), REGINA_COSTS, method="direct")
    assert passed.received[0, 0] == pytest.approx(80_000 * 4 / 7 + 120_000 * 30 / 85 + 20_000)


def random_network(chance: np.random.Generator, support: int, others: int, inside: float) -> SupportNetwork:
    links = {}
    for giver in range(support):
        for taker in chance.choice(support, size=min(3, support), replace=False):
            links[giver, int(taker)] = inside * float(chance.random())
        links[giver, support + int(chance.integers(others))] = 1 - inside + 0.01
    return network(links, support=support, others=others)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10_000), support=st.integers(1, 60), inside=st.floats(0.05, 0.999))
def test_sweeps_and_jumps_solve_what_a_dense_solver_solves(seed: int, support: int, inside: float) -> None:
    chance = np.random.default_rng(seed)
    given_network = random_network(chance, support, 4, inside)
    own = chance.lognormal(10, 1, support)
    passed = pass_on(given_network, own)
    exact = np.linalg.solve(np.eye(support) - given_network.among.toarray(), own)
    assert passed.loaded[:, 0] == pytest.approx(exact, rel=1e-10)
    assert passed.received.sum() == pytest.approx(own.sum(), rel=1e-12)


def test_a_money_go_round_that_leaks_little_is_solved_too() -> None:
    """A ring of 500 centres, 1% leaks: money turns round a hundred times before it leaves."""
    size = 500
    ring = {(centre, (centre + 1) % size): 0.99 for centre in range(size)} | {(centre, size): 0.01 for centre in range(size)}
    own = np.random.default_rng(1).lognormal(10, 1, size)
    given_network = network(ring, support=size, others=1)
    exact = np.linalg.solve(np.eye(size) - given_network.among.toarray(), own)
    assert pass_on(given_network, own).loaded[:, 0] == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("method", ["reciprocal", "step-down", "direct"])
def test_a_centre_without_links_keeps_what_it_has_and_receives(method: Method) -> None:
    passed = pass_on(network({(0, 1): 1, (0, 2): 1}, support=2, others=1), np.array([100.0, 50.0]), method=method)
    stuck = {"reciprocal": 100.0, "step-down": 100.0, "direct": 50.0}[method]
    assert passed.stuck[:, 0] == pytest.approx([0, stuck])
    assert passed.stuck.sum() + passed.received.sum() == pytest.approx(150)


def test_what_a_centre_does_for_itself_changes_nothing() -> None:
    own = np.array([100.0])
    assert pass_on(network({(0, 0): 7, (0, 1): 1}, support=1, others=1), own).received.tolist() == [[100.0]]


def test_closed_loops_are_found_however_the_money_came_there() -> None:
    """1, 2 and 3 pass on in a circle; 0 feeds them and has a way out; 4 only feeds them and so is in no loop itself."""
    found = closed_loops(network({(0, 1): 1, (0, 5): 1, (1, 2): 1, (2, 3): 1, (3, 1): 1, (4, 2): 1}, support=5, others=1))
    assert found == [[1, 2, 3]]


def test_a_circle_with_one_way_out_is_no_closed_loop() -> None:
    assert closed_loops(network({(0, 1): 1, (1, 0): 1, (1, 2): 0.001}, support=2, others=1)) == []
