"""Which analyses are there? Our own, found by walking the packages, and those that other packages name as entry points."""

import difflib
import importlib
import pkgutil
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import bestvalue.analysis
from bestvalue.analysis.contract import Analysis
from bestvalue.errors import SpecError

ENTRY_POINTS = "bestvalue.analyses"
"""The group in which another package names its analyses: each an `Analysis`."""


class PluginWarning(UserWarning):
    """An analysis of another package was left out; the others still work."""


@cache
def find_analyses() -> Mapping[str, Analysis[Any]]:
    """Every analysis by name, in order of name.

    One that cannot be loaded, or whose name is taken, is left out with a `PluginWarning`: somebody else's fault must not
    keep the review from running.
    """
    found = {analysis.name: analysis for analysis in _our_own()}
    for point in entry_points(group=ENTRY_POINTS):
        analysis = _load(point)
        if analysis is None:
            continue
        if analysis.name in found:
            warnings.warn(f"{_named(point)} offers {analysis.name}, which is there already: left out", PluginWarning, stacklevel=2)
            continue
        found[analysis.name] = analysis
    return dict(sorted(found.items()))


def find_analysis(name: str) -> Analysis[Any]:
    """The analysis of that name.

    Raises:
        SpecError: there is none; the message names the nearest.
    """
    known = find_analyses()
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    raise SpecError(
        f"There is no analysis {name!r}",
        next_step=f"Did you mean {near[0]}?" if near else "`bestvalue analyses` lists them.",
    )


def _our_own() -> Iterator[Analysis[Any]]:
    for package in pkgutil.iter_modules(bestvalue.analysis.__path__, "bestvalue.analysis."):
        if not package.ispkg:
            continue
        questions = importlib.import_module(package.name)
        for module in pkgutil.iter_modules(questions.__path__, f"{package.name}."):
            analysis = getattr(importlib.import_module(module.name), "ANALYSIS", None)
            if isinstance(analysis, Analysis):
                yield analysis


def _load(point: EntryPoint) -> Analysis[Any] | None:
    try:
        loaded = point.load()
    except Exception as cause:  # noqa: BLE001 - a plug-in may fail in any way, and must not take the rest with it
        warnings.warn(f"{_named(point)} could not be loaded and is left out: {cause!r}", PluginWarning, stacklevel=3)
        return None
    if not isinstance(loaded, Analysis):
        warnings.warn(f"{_named(point)} is no Analysis and is left out: {loaded!r}", PluginWarning, stacklevel=3)
        return None
    return loaded


def _named(point: EntryPoint) -> str:
    package = point.dist.name if point.dist else "a package"
    return f"the analysis {point.name} of {package}"
