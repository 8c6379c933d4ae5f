"""Did productivity grow from year to year: did the force catch up with the frontier, and did the frontier move?

Source: Färe, Grosskopf, Norris and Zhang (1994), American Economic Review 84, 66-83: constant returns, geometric mean of two frontiers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.compare.dea_simplex import CONSTANT, SOLVED, fast_scores

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Malmquist:
    """Change from one year to the next; above 1 is better, for either orientation.

    Args:
        change: productivity: catching up times shift; nan where a programme has no solution.
        catching_up: efficiency in the later year over that in the earlier.
        shift: how far the frontier moved, where the unit works.
        undetermined: units without a solution, array of bool.
    """

    change: Floats
    catching_up: Floats
    shift: Floats
    undetermined: NDArray[np.bool_]


def malmquist(*, before: tuple[Floats, Floats], after: tuple[Floats, Floats], output_oriented: bool) -> Malmquist:
    """Change of every unit between two years.

    Args:
        before: inputs (n, m) and outputs (n, s) of the units in the earlier year.
        after: the same of the same units in the later year.
        output_oriented: measure by outputs; with constant returns the answer is the same.
    """

    def efficiency(reference: tuple[Floats, Floats], units: tuple[Floats, Floats]) -> Floats:
        own = np.arange(len(units[0])) if reference is units else None
        found = fast_scores(
            reference_inputs=reference[0],
            reference_outputs=reference[1],
            inputs=units[0],
            outputs=units[1],
            own=own,
            output_oriented=output_oriented,
            returns=CONSTANT,
        )
        score = np.where(found.status == SOLVED, found.score, np.nan)
        return 1 / score if output_oriented else score

    then, now = efficiency(before, before), efficiency(after, after)
    # the later units held against the earlier frontier, and the earlier units against the later
    later_on_earlier, earlier_on_later = efficiency(before, after), efficiency(after, before)
    catching_up = now / then
    shift = np.sqrt((later_on_earlier / now) * (then / earlier_on_later))
    change = catching_up * shift
    return Malmquist(change=change, catching_up=catching_up, shift=shift, undetermined=~np.isfinite(change))
