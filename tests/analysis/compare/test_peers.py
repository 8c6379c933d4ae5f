from datetime import date

import numpy as np
import pytest
from tests.analysis.compare.conftest import Make

from bestvalue.analysis.compare import peers
from bestvalue.analysis.compare.likeness import distances, likeness, shrinkage_of, standardise
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


def like(values: np.ndarray, **options: object) -> object:
    settings: dict = {"peers": 3, "resamples": 0, "weight_spread": 0.0, "weights": np.ones(values.shape[1])} | options
    return likeness(values, chance=np.random.default_rng(1), **settings)


def test_without_correlation_the_distance_is_that_of_standard_scores() -> None:
    values = np.array([[0.0, 0], [2, 0], [0, 4], [2, 4]])  # standardised: -1 and 1 in each column
    found = distances(standardise(values), weights=np.ones(2), shrinkage=0.0)
    assert found[0] == pytest.approx([0, 2, 2, np.sqrt(8)])


def test_a_weight_of_nothing_takes_a_characteristic_out() -> None:
    values = np.random.default_rng(2).normal(size=(20, 3))
    whole = distances(standardise(values), weights=np.array([1.0, 1.0, 0.0]), shrinkage=1.0)
    part = distances(standardise(values[:, :2]), weights=np.ones(2), shrinkage=1.0)
    assert whole == pytest.approx(part * np.sqrt(3 / 2))  # weights are scaled to mean 1


def test_a_characteristic_measured_twice_does_not_count_twice() -> None:
    chance = np.random.default_rng(3)
    values = chance.normal(size=(200, 2))
    twice = np.column_stack([values, values[:, 0] + 1e-3 * chance.normal(size=200)])
    aware, blind = (distances(standardise(twice), weights=np.ones(3), shrinkage=shrinkage) for shrinkage in (0.05, 1.0))
    plain = distances(standardise(values), weights=np.ones(2), shrinkage=0.0)
    off = ~np.eye(200, dtype=bool)
    assert np.corrcoef(aware[off], plain[off])[0, 1] > 0.99
    assert np.corrcoef(blind[off], plain[off])[0, 1] < 0.98


def test_units_of_the_characteristics_do_not_matter() -> None:
    values = np.random.default_rng(4).normal(size=(30, 4))
    assert like(values * [1e-3, 1, 10, 1e6] + [5, 0, -3, 1e7]).distance == pytest.approx(like(values).distance, rel=1e-6)  # type: ignore[attr-defined]


def test_shares_that_add_up_to_a_whole_do_not_break_the_distance() -> None:
    shares = np.random.default_rng(8).dirichlet(np.ones(4), 30)
    found = like(shares, resamples=200, weight_spread=0.3)
    assert np.isfinite(found.distance).all()  # type: ignore[attr-defined]
    assert found.distance.max() < 100  # type: ignore[attr-defined]


def test_independent_characteristics_are_shrunk_further_than_correlated_ones() -> None:
    chance = np.random.default_rng(5)
    alone = standardise(chance.normal(size=(40, 4)))
    common = standardise(chance.normal(size=(40, 1)) + 0.3 * chance.normal(size=(40, 4)))
    assert shrinkage_of(common) < 0.1 < shrinkage_of(alone)


def test_every_place_has_its_number_of_nearest_in_every_resample() -> None:
    found = like(np.random.default_rng(6).normal(size=(15, 3)), resamples=400, weight_spread=0.3)
    assert found.stability.sum(axis=1) == pytest.approx(np.full(15, 3.0))  # type: ignore[attr-defined]
    assert np.diag(found.stability) == pytest.approx(np.zeros(15))  # type: ignore[attr-defined]


def test_two_clear_groups_are_sure_and_stay_apart() -> None:
    chance = np.random.default_rng(7)
    values = np.vstack([chance.normal(0, 0.2, (8, 3)), chance.normal(5, 0.2, (8, 3))])
    found = like(values, resamples=300, weight_spread=0.3)
    assert found.stability[:8, 8:].max() < 0.05  # type: ignore[attr-defined]
    assert set(found.nearest[0]) <= set(range(8))  # type: ignore[attr-defined]


def test_most_peers_of_the_synthetic_forces_are_of_their_family(comparison: Dataset) -> None:
    result = peers.ANALYSIS.run(comparison, peers.Spec(peers=3, resamples=100))
    names = dict(comparison.query("SELECT force_id, force_name FROM forces").iter_rows())
    listed = {(names[a], names[b]) for a, b in comparison.query("SELECT force_id, peer_force_id FROM peer_lists").iter_rows()}
    pairs = list(result.tables["all_peers"].rows.select("force", "peer").iter_rows())
    share = np.mean([pair in listed for pair in pairs])
    assert share > 0.7  # drawn blindly it would be about a fifth


def test_groups_belong_to_one_force_and_one_sided_pairs_are_marked(comparison: Dataset) -> None:
    rows = peers.ANALYSIS.run(comparison, peers.Spec(resamples=100)).tables["all_peers"].rows
    pairs = set(rows.select("force", "peer").iter_rows())
    assert all(((peer, force) in pairs) == mutual for force, peer, mutual in rows.select("force", "peer", "mutual").iter_rows())
    assert not rows["mutual"].all()


def rows_of(values: dict[str, list[float]]) -> list[dict]:
    return [
        {"force_id": force, "characteristic": f"c{number}", "year": 2024, "value": number_value}
        for force, numbers in values.items()
        for number, number_value in enumerate(numbers)
    ]


def test_a_place_unlike_all_others_is_nobodys_peer_and_told_so(make: Make) -> None:
    chance = np.random.default_rng(1)
    values = {f"F{n}": [*chance.uniform(1, 2, 3)] for n in range(12)} | {"ODD": [90.0, 80.0, 95.0]}
    spec = peers.Spec(own_force="ODD", peers=2, resamples=100)
    statements = peers.ANALYSIS.run(make(force_characteristics=rows_of(values)), spec).statements
    assert any("ODD is nobody's peer" in statement.text for statement in statements)


def test_weights_that_do_not_match_the_characteristics_are_refused(make: Make) -> None:
    values = {f"F{n}": [float(n), n + 1.0] for n in range(8)}
    with pytest.raises(SpecError, match="3 weights for 2 characteristics"):
        peers.ANALYSIS.run(make(force_characteristics=rows_of(values)), peers.Spec(own_force="F1", weights=(1, 1, 1)))


def test_a_loaded_list_is_named_with_its_date_and_source(make: Make) -> None:
    chance = np.random.default_rng(1)
    values = {f"F{n}": [*chance.uniform(1, 2, 2)] for n in range(9)}
    listed = [
        {
            "list_name": "inspection 2004",
            "force_id": "F0",
            "peer_force_id": f"F{n}",
            "listed_on": date(2004, 12, 1),
            "source": "the inspection",
        }
        for n in (1, 2, 3)
    ]
    spec = peers.Spec(own_force="F0", peers=3, resamples=100)
    texts = [s.text for s in peers.ANALYSIS.run(make(force_characteristics=rows_of(values), peer_lists=listed), spec).statements]
    assert any("inspection 2004, the inspection, 1 December 2004" in text for text in texts)
