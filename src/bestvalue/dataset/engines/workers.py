"""Who does many pieces of work of one kind? Threads of this process, or the executors of the cluster that answers the queries."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Protocol, TypeVar

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Done = TypeVar("Done")

LOOK_SECONDS = 0.2
"""How often whoever waits for pieces of work looks up, to see whether it is to stop."""


class Workers(Protocol):
    """Does pieces of work that do not depend on each other."""

    def each(
        self, work: Callable[[Shared, Item], Done], shared: Shared, items: Sequence[Item], *, look: Callable[[], None]
    ) -> Iterator[tuple[Item, Done]]:
        """Each item with what `work` made of it, as they are finished: in no fixed order.

        Args:
            work: a function of a module, so that it can be sent elsewhere; it must depend on nothing but what it is given.
            shared: given to every piece of work; sent only once to each place.
            items: one a piece of work.
            look: called a few times a second while there is nothing to give; may raise `Cancelled`. Then, and when the caller stops
                asking, what has not begun is not begun.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Threads:
    """Threads of this process: for compiled work that lets other threads run.

    Args:
        count: how many; None for one a core.
    """

    count: int | None = None

    def each(
        self, work: Callable[[Shared, Item], Done], shared: Shared, items: Sequence[Item], *, look: Callable[[], None]
    ) -> Iterator[tuple[Item, Done]]:
        """See `Workers.each`.

        Example:
            >>> sorted(Threads(count=2).each(pow, 2, [1, 2, 3], look=lambda: None))
            [(1, 2), (2, 4), (3, 8)]
        """
        pool = ThreadPoolExecutor(max_workers=self.count or os.cpu_count() or 1)
        jobs: dict[Future[Done], Item] = {pool.submit(work, shared, item): item for item in items}
        waiting = set(jobs)
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
                look()
                for job in done:
                    yield jobs[job], job.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
