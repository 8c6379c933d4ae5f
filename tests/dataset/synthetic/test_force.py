"""Making a force: deterministic, all or nothing, and sized as promised."""

import hashlib
from pathlib import Path

import pytest

from bestvalue.dataset.synthetic import SyntheticForce, make_force
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.errors import Cancelled, SpecError, WorkspaceError


def test_the_same_seed_and_scale_give_the_same_bytes_in_every_file(force: SyntheticForce, tmp_path: Path) -> None:
    again = make_force(tmp_path / "again", scale=force.scale, seed=force.seed)
    assert _digests(again.folder) == _digests(force.folder)


def test_another_seed_gives_other_numbers_and_so_does_another_purpose() -> None:
    drawn = [stream(seed, *purpose).random() for seed, purpose in [(1, ("a",)), (2, ("a",)), (1, ("b",)), (1, ("a", "b"))]]
    assert len(set(drawn)) == 4
    assert stream(1, "a").random() == drawn[0]


def test_scale_one_hundredth_is_twenty_five_thousand_incidents_a_year(force: SyntheticForce) -> None:
    expected = 0.01 * 2_500_000 * (force.ends.year - force.starts.year)
    # Events add about 0.2 percent to the plain rates; Poisson's own spread is 0.3 percent.
    assert force.rows["incidents"] == pytest.approx(expected, rel=0.015)


def test_a_force_that_is_stopped_half_way_leaves_nothing(tmp_path: Path) -> None:
    def stop(share: float, doing: str) -> None:
        if share > 0.3:
            raise Cancelled("stopped by the user", where=doing)

    with pytest.raises(Cancelled):
        make_force(tmp_path / "data", scale=0.01, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_files_in_it_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("kept")
    with pytest.raises(WorkspaceError, match="has files in it already"):
        make_force(tmp_path, scale=0.01)
    assert (tmp_path / "mine.csv").read_text() == "kept"


@pytest.mark.parametrize("scale", [0.0, -1.0, 5.0, float("nan")])
def test_a_scale_out_of_bounds_is_refused(tmp_path: Path, scale: float) -> None:
    with pytest.raises(SpecError, match="is not above 0"):
        make_force(tmp_path / "data", scale=scale)


def test_the_truth_folder_says_what_each_of_its_files_holds(force: SyntheticForce) -> None:
    readme = (force.truth / "README.md").read_text()
    files = {path.name for path in force.truth.iterdir()} - {"README.md"}
    assert files
    assert [name for name in files if f"`{name}`" not in readme] == []


def _digests(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}
