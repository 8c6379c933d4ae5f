"""Do the questions mean the same to different groups? Four models, each with more held equal, and where comparison has to stop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import special

from bestvalue.analysis.consult.confirmatory import Fitted, Moments, fit
from bestvalue.analysis.consult.confirmatory_model import STEPS, Step, make_model
from bestvalue.analysis.consult.fit_indices import FitIndices, fit_indices

MOST_LOSS_OF_CFI, MOST_RISE_OF_RMSEA = 0.01, 0.015
"""A step that costs more is not held (Chen 2007; Cheung and Rensvold 2002): chi-square alone finds trifles in large samples."""

MEANS: Mapping[Step, str] = {
    "configural": "the same questions belong together",
    "metric": "a question counts as much in each group",
    "scalar": "people who feel the same answer the same, so means can be compared",
    "strict": "answers are as noisy in each group",
}


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One step: its fit, what it cost against the step before (chi-square, freedom, p, CFI, RMSEA), and whether it holds."""

    step: Step
    fitted: Fitted
    indices: FitIndices
    chi_square_more: float
    freedom_more: int
    p: float
    cfi_lost: float
    rmsea_risen: float
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Invariance:
    """All four steps, and the last that holds together with all before it; None where even the form differs."""

    groups: tuple[str, ...]
    rungs: tuple[Rung, ...]

    @property
    def reached(self) -> Step | None:
        """The last step that holds with all before it."""
        last: Step | None = None
        for rung in self.rungs:
            if not rung.holds:
                break
            last = rung.step
        return last

    @property
    def means_comparable(self) -> bool:
        """Means of the scales may be compared between the groups."""
        return self.reached in ("scalar", "strict")


def measure_invariance(groups: Mapping[str, Moments], belongs: Sequence[int], *, least_cfi: float = 0.9) -> Invariance:
    """Fit the four steps.

    Args:
        groups: moments of each group, two or more.
        belongs: scale of each question, from 0.
        least_cfi: below it the configural model does not hold.

    Source: Meredith (1993), Psychometrika 58.
    """
    rungs: list[Rung] = []
    for step in STEPS:
        fitted = fit(make_model(belongs, groups=len(groups), step=step, has_means=True), list(groups.values()))
        indices = fit_indices(fitted)
        before = rungs[-1] if rungs else None
        more = fitted.chi_square - before.fitted.chi_square if before else 0.0
        freedom = fitted.freedom - before.fitted.freedom if before else 0
        lost = before.indices.cfi - indices.cfi if before else 0.0
        risen = indices.rmsea - before.indices.rmsea if before else 0.0
        rungs.append(
            Rung(
                step=step,
                fitted=fitted,
                indices=indices,
                chi_square_more=more,
                freedom_more=freedom,
                p=float(special.chdtrc(freedom, max(more, 0.0))) if freedom else 1.0,
                cfi_lost=lost,
                rmsea_risen=risen,
                holds=indices.cfi >= least_cfi if before is None else lost <= MOST_LOSS_OF_CFI and risen <= MOST_RISE_OF_RMSEA,
            )
        )
    return Invariance(groups=tuple(groups), rungs=tuple(rungs))
