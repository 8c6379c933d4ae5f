"""What is finished is not played again: after a cancel, after a kill, and for a question with one scenario more."""

from pathlib import Path

import numpy as np
import pytest

from bestvalue.analysis.challenge import resources_sweep
from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_kept import Kept, read, write
from bestvalue.analysis.challenge.resources_scenarios import Scenario, scaled, today
from bestvalue.analysis.challenge.resources_sweep import Means, Sweep, play_replication, sweep
from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.dataset.engines.workers import Threads
from bestvalue.errors import Cancelled


class Counted:
    """Plays as usual and remembers which runs were played."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.played: list[tuple[int, tuple[int, ...]]] = []
        monkeypatch.setattr(resources_sweep, "play_replication", self)

    def __call__(self, play: object, item: tuple[int, tuple[int, ...]]) -> list[np.ndarray]:
        self.played.append(item)
        return play_replication(play, item)  # type: ignore[arg-type] # what the sweep gives it


def play(calibrated: Calibration, scenarios: list[Scenario], kept: Kept, progress: Progress = no_progress, most: int = 6) -> Sweep:
    return sweep(
        calibrated.force,
        scenarios,
        weeks=1,
        half_width=0.0,
        most_replications=most,
        first=most,
        confidence=0.95,
        seed=1,
        progress=progress,
        means=Means(workers=Threads(count=1), kept=kept),
    )


def test_a_stopped_sweep_goes_on_where_it_was(calibrated: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, scenarios = Counted(monkeypatch), [today(calibrated.force), scaled(calibrated.force, "all", 0.5)]

    def stop(share: float, doing: str) -> None:
        if share >= 0.5:
            raise Cancelled(doing)

    with pytest.raises(Cancelled, match="3 replications of 2 scenarios"):
        play(calibrated, scenarios, Kept(tmp_path, "a force"), stop)
    finished = len(counted.played)
    assert 3 <= finished < 6
    again = play(calibrated, scenarios, Kept(tmp_path, "a force"))
    assert len(counted.played) == 6
    assert sorted(number for number, _ in counted.played) == list(range(6))
    whole = play(calibrated, scenarios, Kept())
    assert np.array_equal(again.values, whole.values, equal_nan=True)
    assert np.array_equal(again.sent, whole.sent)
    assert again.incidents == whole.incidents


def test_one_scenario_more_is_played_alone(calibrated: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    force = calibrated.force
    play(calibrated, [today(force), scaled(force, "all", 0.5)], Kept(tmp_path, "a force"), most=2)
    counted = Counted(monkeypatch)
    play(calibrated, [today(force), scaled(force, "support", 2.0), scaled(force, "all", 0.5)], Kept(tmp_path, "a force"), most=2)
    assert sorted(counted.played) == [(0, (1,)), (1, (1,))]


def test_another_force_finds_nothing(calibrated: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(calibrated, [today(calibrated.force)], Kept(tmp_path, "a force"), most=2)
    counted = Counted(monkeypatch)
    play(calibrated, [today(calibrated.force)], Kept(tmp_path, "another"), most=2)
    assert len(counted.played) == 2


def test_a_broken_file_is_as_good_as_none(tmp_path: Path) -> None:
    counts = np.array([1.0, np.nan, np.inf])
    write(tmp_path, "run", 3, counts)
    assert np.array_equal(read(tmp_path, "run", 3), counts, equal_nan=True)  # type: ignore[arg-type] # it was written just now
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:50])
    assert read(tmp_path, "run", 3) is None
    assert read(tmp_path, "run", 4) is None
