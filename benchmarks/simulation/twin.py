"""The C++ twin, built when a compiler is there, and called with the arrays that the compiled Python gets."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from bestvalue.analysis.challenge import resources_kernel as kernel
from bestvalue.analysis.challenge.resources_engine import counters, incidents, outcome_of
from bestvalue.analysis.challenge.resources_kernel_parts import UNIT_FIELDS
from bestvalue.analysis.challenge.resources_model import Demand, Outcome
from bestvalue.analysis.challenge.resources_prepare import Prepared

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
        unit, pool = ready.unit.reshape(-1, int(UNIT_FIELDS)).T, ready.pool.reshape(-1, int(kernel.POOL_FIELDS)).T
        known, on_duty = ready.arrays, np.flatnonzero(unit[kernel.ON_SHIFT])
        arrays = [
            *(unit[field].astype(np.int32) for field in (kernel.POOL, kernel.BASE_X, kernel.BASE_Y, kernel.BASE_ZONE)),
            unit[kernel.RETURNS].astype(np.int8),
            np.ascontiguousarray(unit[kernel.SKILLS]),
            *(np.ascontiguousarray(pool[field]) for field in (kernel.FIRST_UNIT, kernel.KEEPS)),
            *(known[name] for name in ("borrow_words", "lend_words")),
            on_duty.astype(np.int32),
            unit[kernel.SHIFT_UNTIL][on_duty],
            *(known[name] for name in list(known)[list(known).index("week_time") :]),
            *incidents(demand),
        ]
        given = (_Array * len(arrays))(*(_Array(array.ctypes.data, len(array)) for array in arrays))
        words, has_root = (ready.areas + 63) // 64, len(known["root_pace"]) > 0
        scalars = np.array(
            [
                *(ready.areas, ready.grades, ready.skills, words, ready.zones, ready.diverts_for, ready.diverts_from),
                *(demand.count_from_us, demand.end_us, demand.stop_us, int(2 * ready.units).bit_length(), has_root, keep_rows),
            ],
            np.int64,
        )
        counts = counters(ready, demand, keep_rows=keep_rows)
        results = (ctypes.c_void_p * len(counts))(*(array.ctypes.data for array in counts.values()))
        self._play(given, ctypes.c_void_p(scalars.ctypes.data), results)
        return outcome_of(counts, keep_rows=keep_rows)


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
