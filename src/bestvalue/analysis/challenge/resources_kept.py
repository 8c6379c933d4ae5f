"""Which runs are finished already? Counts by scenario and replication, kept in memory, and on disk where there is a folder for them.

A run's counts depend on the force, the scenario, the weeks, the seed and the number of the replication alone. So a sweep that was
stopped, or killed, goes on where it was, and a question with one scenario more plays that scenario alone.
"""

import hashlib
import os
import shutil
import threading
from functools import cache
from pathlib import Path

import numpy as np

from bestvalue.analysis.challenge.resources_model import Floats
from bestvalue.analysis.challenge.resources_scenarios import Scenario

FORCES = 12
"""So many are kept on disk: an answer has two, of the past for its test and of today."""


class Kept:
    """The finished runs of one force.

    Args:
        folder: where they are kept on disk; it may be deleted at any time. None to keep them in memory alone.
        force: what the force was made of, as words; another text is another force.
    """

    def __init__(self, folder: Path | None = None, force: str = "") -> None:
        self.folder = None if folder is None else folder / hashlib.sha256(f"{_code()} {force}".encode()).hexdigest()[:32]
        if folder is not None and self.folder is not None:
            _make_room(folder, self.folder)
        self._in_memory: dict[tuple[str, int], Floats] = {}

    def find(self, run: str, replication: int) -> Floats | None:
        """The counts of a run, as one row of numbers; None where it is not finished."""
        found = self._in_memory.get((run, replication))
        if found is None and self.folder is not None:
            found = read(self.folder, run, replication)
            if found is not None:
                self._in_memory[run, replication] = found
        return found

    def add(self, run: str, replication: int, counts: Floats) -> None:
        """Remember the counts of a run; on disk they are already, see `write`."""
        self._in_memory[run, replication] = counts


@cache
def _code() -> str:
    """The simulation as it is written: another version of it would give other counts."""
    digest = hashlib.sha256()
    for module in sorted(Path(__file__).parent.glob("resources*.py")):
        digest.update(module.read_bytes())
    return digest.hexdigest()


def _make_room(folder: Path, own: Path) -> None:
    """Forget the forces that were asked about longest ago."""
    own.mkdir(parents=True, exist_ok=True)
    own.touch()
    for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[FORCES:]:
        shutil.rmtree(old, ignore_errors=True)


def run_of(scenario: Scenario, *, weeks: int, seed: int) -> str:
    """What is played, whatever its name: 32 characters.

    Example:
        >>> from dataclasses import replace
        >>> one = Scenario(name="a", kind="today", copies=np.ones(3, np.int64))
        >>> run_of(one, weeks=4, seed=1) == run_of(replace(one, name="b", kind="scaled"), weeks=4, seed=1)
        True
        >>> run_of(one, weeks=4, seed=1) == run_of(replace(one, diverts=(0, 2)), weeks=4, seed=1)
        False
    """
    digest = hashlib.sha256(f"{weeks} {seed}".encode())
    for name, value in sorted(vars(scenario).items()):
        if name not in ("name", "kind", "pools", "factor"):
            digest.update(f"{name} {value.dtype} {value.shape}".encode() if isinstance(value, np.ndarray) else f"{name} {value!r}".encode())
            digest.update(value.tobytes() if isinstance(value, np.ndarray) else b"")
    return digest.hexdigest()[:32]


def write(folder: Path, run: str, replication: int, counts: Floats) -> None:
    """Keep the counts of one run on disk: whole or not at all, whoever else writes it."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{run}-{replication}.{os.getpid()}-{threading.get_ident()}"
    with unfinished.open("wb") as file:
        np.save(file, counts)
    unfinished.replace(_file(folder, run, replication))


def read(folder: Path, run: str, replication: int) -> Floats | None:
    """What `write` kept; None where there is nothing that can be read."""
    try:
        found: Floats = np.load(_file(folder, run, replication), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return found


def _file(folder: Path, run: str, replication: int) -> Path:
    return folder / f"{run}-{replication}.npy"
