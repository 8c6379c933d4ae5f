"""The C++ twin, built when a compiler is there, and called with the arrays that the compiled Python gets."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from bestvalue.analysis.challenge.resources_engine import Prepared, _incidents, _outcome, _zeros
from bestvalue.analysis.challenge.resources_model import Demand, Outcome

SOURCE = Path(__file__).with_name("twin.cpp")
FLAGS = ("-std=c++17", "-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC")


class _Array(ctypes.Structure):
    _fields_ = (("data", ctypes.c_void_p), ("size", ctypes.c_int64))


class Twin:
    """Plays a demand against a prepared world in C++; the same counts to the last bit."""

    def __init__(self, library: Path) -> None:
        self._play = ctypes.CDLL(str(library)).play
        self._play.restype = ctypes.c_int64

    def run(self, ready: Prepared, demand: Demand, *, keep_rows: bool = False) -> Outcome:
        """See `resources_engine.run`."""
        *world, diverts_for, diverts_from = ready.arguments
        arrays = [*world, *_incidents(demand)]
        sizes = [len(array.ravel()) for array in arrays]
        given = (_Array * len(arrays))(*(_Array(array.ctypes.data, size) for array, size in zip(arrays, sizes, strict=True)))
        root, zones, words = ready.arguments[20], len(ready.arguments[21]), ready.arguments[8].shape[1]
        scalars = np.array(
            [
                *(ready.areas, ready.grades, ready.skills, words, zones, diverts_for, diverts_from),
                *(demand.count_from_us, demand.end_us, demand.stop_us, int(2 * ready.units).bit_length(), root.max() > 0, keep_rows),
            ],
            np.int64,
        )
        counts = _zeros(ready, demand, keep_rows=keep_rows)
        results = (ctypes.c_void_p * len(counts))(*(array.ctypes.data for array in counts.values()))
        self._play(given, ctypes.c_void_p(scalars.ctypes.data), results)
        return _outcome(counts, keep_rows=keep_rows)


def built(folder: Path | None = None) -> Twin | None:
    """Build the twin; None where there is no C++ compiler."""
    compiler = shutil.which("g++") or shutil.which("c++")
    if compiler is None:
        return None
    library = (folder or Path(tempfile.mkdtemp())) / "libtwin.so"
    subprocess.run([compiler, *FLAGS, "-o", str(library), str(SOURCE)], check=True)
    return Twin(library)


def same(one: Outcome, other: Outcome) -> bool:
    """Do two outcomes agree in every count?"""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in one.__dataclass_fields__ if name != "rows")
