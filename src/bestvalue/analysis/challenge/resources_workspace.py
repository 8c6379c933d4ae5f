"""Memory that one thread uses again from run to run.

A year's incidents and what a run keeps of them take about 190 MB. Asking the operating system for it afresh each time cost as much as half
a run: it hands out memory page by page, and clears each page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SPARE = 1.02
"""Replications differ by chance; a little room more saves most of the growing."""


class Workspace:
    """Arrays by name, each as large as the largest that was asked for; what is in them is left over from before."""

    def __init__(self) -> None:
        self._held: dict[str, NDArray[Any]] = {}

    def array(self, name: str, size: int, dtype: DTypeLike) -> NDArray[Any]:
        """An array of `size` entries, not cleared. It is the same memory as the last one of that name."""
        held = self._held.get(name)
        if held is None or len(held) < size or held.dtype != np.dtype(dtype):
            held = self._held[name] = np.empty(int(size * SPARE), dtype)
        return held[:size]


class Workspaces:
    """The workspaces of one analysis: one a thread that plays at the same time, kept for the threads that come later.

    Copied into another process they begin with none.
    """

    def __init__(self) -> None:
        self._free: list[Workspace] = []

    @contextmanager
    def one(self) -> Iterator[Workspace]:
        """A workspace that nobody else uses meanwhile."""
        try:
            workspace = self._free.pop()
        except IndexError:  # asked rather than looked up first, because another thread may take the last
            workspace = Workspace()
        try:
            yield workspace
        finally:
            self._free.append(workspace)

    def __reduce__(self) -> tuple[type["Workspaces"], tuple[()]]:
        return Workspaces, ()
