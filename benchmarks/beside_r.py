"""How does our time compare with R's in one run? Raking, alpha and omega with resamples, and four invariance fits.

Usage: python benchmarks/beside_r.py [people to rake]

R's packages psych, survey and lavaan are GPL: they are run as another program, and nothing of theirs is imported. Without Rscript this
says so and ends. R runs on one thread; ours is given the same data from a file, and the clock runs around the work alone in both. R's
rake stops at a millionth of the people, ours at 1e-10; it also makes the table of all margins crossed, twenty million cells here, for
which it needs six gigabytes and some minutes. Krippendorff's alpha is not compared: irr is not packaged with Debian's R.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from bestvalue.analysis.consult.confirmatory import moments_of
from bestvalue.analysis.consult.invariance import measure_invariance
from bestvalue.analysis.consult.one_factor import fit_one_factor
from bestvalue.analysis.consult.raking import Margin, rake
from bestvalue.analysis.consult.reliability_scale import mcdonald_omega

PEOPLE, CATEGORIES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, (2, 4, 6, 8, 10, 12, 20, 22)
ASKED, QUESTIONS, RESAMPLES, R_RESAMPLES, R_FITS = 5_000, 20, 1_000, 20, 5
BELONGS, GROUPED, ROUNDS, R_ROUNDS = (0, 0, 0, 1, 1, 1, 2, 2, 2), 301, 5, 1

SCRIPT = """
suppressPackageStartupMessages({ library(survey); library(psych); library(lavaan); library(jsonlite) })
folder <- commandArgs(trailingOnly = TRUE)[1]; rounds <- as.integer(commandArgs(trailingOnly = TRUE)[2])
took <- function(work) median(sapply(seq_len(rounds), function(i) system.time(work())[["elapsed"]]))
d <- read.csv(file.path(folder, "people.csv")); t <- fromJSON(file.path(folder, "totals.json"))
names <- names(t); for (n in names) d[[n]] <- factor(d[[n]])
design <- svydesign(ids = ~1, weights = ~w, data = d)
margins <- lapply(names, function(n) as.formula(paste0("~", n)))
pop <- lapply(names, function(n) setNames(data.frame(levels(d[[n]]), t[[n]]), c(n, "Freq")))
rake_s <- system.time(raked <- rake(design, margins, pop, control = list(maxit = 500, epsilon = 1e-6, verbose = FALSE)))[["elapsed"]]
cat("R has raked\n"); first <- head(weights(raked), 50); rm(raked, design, d); invisible(gc())
x <- read.csv(file.path(folder, "scores.csv"))
alpha_s <- system.time(suppressWarnings(psych::alpha(x, n.iter = %(alpha)d, warnings = FALSE)))[["elapsed"]]
r <- cor(x)
omega_s <- system.time(for (i in seq_len(%(fits)d)) psych::fa(r, nfactors = 1, fm = "ml", n.obs = nrow(x)))[["elapsed"]] / %(fits)d
h <- read.csv(file.path(folder, "grouped.csv"))
model <- "f1 =~ q1 + q2 + q3\\nf2 =~ q4 + q5 + q6\\nf3 =~ q7 + q8 + q9"
held <- list("", "loadings", c("loadings", "intercepts"), c("loadings", "intercepts", "residuals"))
chi <- NULL
fits_s <- took(function() chi <<- sapply(held, function(e) fitMeasures(cfa(model, data = h, group = "g", group.equal = e), "chisq")))
out <- list(rake = rake_s, alpha = alpha_s, omega = omega_s, fits = fits_s, weights = first, chi = unname(chi))
write(toJSON(out, digits = NA, auto_unbox = TRUE), file.path(folder, "r.json"))
"""


def main() -> None:
    """Time both and print seconds and ratios."""
    if shutil.which("Rscript") is None:
        print("Skipped: Rscript is not installed here (Debian: r-base-core r-cran-psych r-cran-survey r-cran-lavaan r-cran-jsonlite)")
        return
    chance = np.random.default_rng(1)
    weights, margins = _people(chance)
    scores, grouped, group = _scores(chance)
    rake(weights[:1000], [Margin(name="m", categories=("0",), codes=np.zeros(1000, dtype=int), targets=np.array([1.0]))])  # compile
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _write(folder, weights, margins, scores, grouped, group)
        (folder / "run.R").write_text(SCRIPT % {"alpha": R_RESAMPLES, "fits": R_FITS})
        subprocess.run(["Rscript", str(folder / "run.R"), str(folder), str(R_ROUNDS)], check=True)
        said = json.loads((folder / "r.json").read_text())
    raked = rake(weights, margins)
    apart = float(np.abs(raked.weights[:50] / np.array(said["weights"]) - 1).max())
    ours = _median(lambda: rake(weights, margins))
    _line(f"rake {PEOPLE:,} people, {len(CATEGORIES)} margins", ours, said["rake"], f"weights differ by {apart:.0e} at most")
    ours = _median(lambda: mcdonald_omega(scores, chance=np.random.default_rng(2), bootstraps=RESAMPLES))
    alpha = said["alpha"] * RESAMPLES / R_RESAMPLES
    theirs = alpha + RESAMPLES * said["omega"]
    note = f"R: alpha {alpha:.1f} s from {R_RESAMPLES} resamples, and one-factor fits from {R_FITS}"
    _line(f"alpha and omega, {RESAMPLES:,} resamples, {ASKED:,} x {QUESTIONS}", ours, theirs, note)
    covariances = np.repeat(np.cov(scores.T)[None], RESAMPLES, axis=0)
    _line(f"{RESAMPLES:,} one-factor fits alone", _median(lambda: fit_one_factor(covariances)), RESAMPLES * said["omega"], "")
    groups = {str(at): moments_of(grouped[group == at]) for at in (0, 1)}
    found = measure_invariance(groups, BELONGS)
    apart = float(np.abs(np.array([rung.indices.chi_square for rung in found.rungs]) / np.array(said["chi"]) - 1).max())
    _line("four invariance fits", _median(lambda: measure_invariance(groups, BELONGS)), said["fits"], f"chi-squares differ by {apart:.0e}")


def _people(chance: np.random.Generator) -> tuple[np.ndarray, list[Margin]]:
    weights, known = chance.uniform(0.5, 3, PEOPLE), chance.uniform(0.5, 2, PEOPLE)
    margins = []
    for at, size in enumerate(CATEGORIES):
        codes = chance.integers(0, size, PEOPLE)
        totals = np.bincount(codes, weights=known)
        targets = totals * (known.sum() / totals.sum())
        margins.append(Margin(name=f"m{at}", categories=tuple(map(str, range(size))), codes=codes, targets=targets))
    return weights, margins


def _scores(chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    loading = chance.uniform(0.4, 0.8, QUESTIONS)
    hidden = chance.standard_normal((ASKED, 1)) * loading + chance.standard_normal((ASKED, QUESTIONS)) * np.sqrt(1 - loading**2)
    factors = chance.multivariate_normal(np.zeros(3), [[1, 0.4, 0.3], [0.4, 1, 0.5], [0.3, 0.5, 1]], size=GROUPED)
    grouped = factors[:, BELONGS] * 0.7 + chance.standard_normal((GROUPED, len(BELONGS))) * 0.7
    return 1.0 + np.searchsorted([-1.3, -0.5, 0.3, 1.2], hidden), grouped, (np.arange(GROUPED) >= 156).astype(int)


def _write(folder: Path, weights: np.ndarray, margins: list[Margin], scores: np.ndarray, grouped: np.ndarray, group: np.ndarray) -> None:
    names = ["w", *(one.name for one in margins)]
    people = np.column_stack([weights, *(one.codes for one in margins)])
    for name, header, rows in (
        ("people", names, people),
        ("scores", [f"q{at + 1}" for at in range(QUESTIONS)], scores),
        ("grouped", [*(f"q{at + 1}" for at in range(len(BELONGS))), "g"], np.column_stack([grouped, group])),
    ):
        np.savetxt(folder / f"{name}.csv", rows, delimiter=",", header=",".join(header), comments="", fmt="%.17g")
    # As R's factor() orders the codes: by their value.
    (folder / "totals.json").write_text(json.dumps({one.name: one.targets.tolist() for one in margins}))


def _line(what: str, ours: float, theirs: float, note: str) -> None:
    print(f"{what:52} ours {ours:8.3f} s   R {theirs:8.2f} s   {theirs / ours:7.1f} x   {note}")


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


if __name__ == "__main__":
    main()
