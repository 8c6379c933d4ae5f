"""Which forces, inputs, outputs and years make a frontier? Numerators of indicators, for forces that have all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compare.values import Panel
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
RESULTS_WANTED = "higher"


@dataclass(frozen=True, kw_only=True)
class Units:
    """The forces of one year.

    Args:
        period: first day.
        ids: codes, in order.
        inputs, outputs: arrays (n, m) and (n, s).
        input_names, output_names: what they count.
        left_out: names of forces left out, with why.
    """

    period: date
    ids: tuple[str, ...]
    inputs: Floats
    outputs: Floats
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]

    def only(self, ids: Sequence[str]) -> "Units":
        """The same for some of the forces, in the order given."""
        at = [self.ids.index(code) for code in ids]
        return Units(
            period=self.period,
            ids=tuple(ids),
            inputs=self.inputs[at],
            outputs=self.outputs[at],
            input_names=self.input_names,
            output_names=self.output_names,
            left_out=self.left_out,
        )


def choose(panel: Panel, inputs: Sequence[str], outputs: Sequence[str]) -> tuple[list[str], list[str]]:
    """Codes of the inputs and outputs; spending (else the workforce) and the results of which more is better, where nothing is said.

    Raises:
        SpecError: there is no such indicator, none can be chosen, or one is both.
    """
    themes = {code: one.theme for code, one in panel.indicators.items()}
    chosen_in = [_code(panel, said, "inputs") for said in inputs] or [code for code, theme in themes.items() if theme == "spending"]
    chosen_in = chosen_in or [code for code, theme in themes.items() if theme == "workforce" and panel.indicators[code].better == "neither"]
    chosen_out = [_code(panel, said, "outputs") for said in outputs] or [
        code for code, theme in themes.items() if theme == "results" and panel.indicators[code].better == RESULTS_WANTED
    ]
    if not chosen_in or not chosen_out:
        raise SpecError(
            f"No {'input' if not chosen_in else 'output'} can be chosen from the indicators' themes",
            where="inputs" if not chosen_in else "outputs",
            next_step=f"Name them, for example {next(iter(panel.indicators.values())).name}.",
        )
    both = set(chosen_in) & set(chosen_out)
    if both:
        raise SpecError(f"{panel.indicators[both.pop()].name} is both an input and an output", where="outputs", next_step="Name it once.")
    return chosen_in, chosen_out


def _code(panel: Panel, said: str, where: str) -> str:
    for code, one in panel.indicators.items():
        if said.strip().lower() in (code.lower(), one.name.lower(), one.numerator.lower()):
            return code
    listed = "; ".join(one.name for one in list(panel.indicators.values())[:8])
    raise SpecError(f"There is no indicator {said!r}", where=where, next_step=f"There are: {listed}.")


def units_of(panel: Panel, inputs: Sequence[str], outputs: Sequence[str], *, period: date, within_year: bool = False) -> Units:
    """The forces that have every input and output in a period; inputs must be above zero, and one output at least.

    Args:
        panel: the values.
        inputs: codes of the indicators whose numerators are inputs.
        outputs: likewise for outputs.
        period: first day.
        within_year: a figure of another publication may begin up to a year later: staff are counted on a day of the year that crimes are
            counted over. The earliest is taken.
    """
    wanted = [*inputs, *outputs]
    until = period + timedelta(days=365) if within_year else period + timedelta(days=1)
    rows = (
        panel.values.filter(pl.col("indicator_id").is_in(wanted) & pl.col("period_starts").is_between(period, until, closed="left"))
        .sort("period_starts")
        .unique(["indicator_id", "force_id"], keep="first", maintain_order=True)
    )
    if rows.is_empty():
        nothing = np.empty((0, len(inputs))), np.empty((0, len(outputs)))
        return _units(panel, period, [], *nothing, inputs, outputs, [])
    wide = rows.pivot("indicator_id", index="force_id", values="numerator").sort("force_id")
    wide = wide.with_columns(pl.lit(None, pl.Float64).alias(code) for code in wanted if code not in wide.columns)
    left_out = [(panel.name(code), "a figure is missing") for code in wide.filter(pl.any_horizontal(pl.col(wanted).is_null()))["force_id"]]
    whole = wide.drop_nulls(wanted)
    x, y = (np.array([whole[code].to_numpy() for code in codes]).T for codes in (inputs, outputs))
    sound = np.asarray((x > 0).all(axis=1) & (y > 0).any(axis=1))
    ids = whole["force_id"].to_list()
    left_out += [(panel.name(code), "an input is zero, or every output is") for code, keep in zip(ids, sound, strict=True) if not keep]
    return _units(
        panel, period, [code for code, keep in zip(ids, sound, strict=True) if keep], x[sound], y[sound], inputs, outputs, left_out
    )


def _units(
    panel: Panel,
    period: date,
    ids: Sequence[str],
    x: Floats,
    y: Floats,
    inputs: Sequence[str],
    outputs: Sequence[str],
    left_out: Sequence[tuple[str, str]],
) -> Units:
    return Units(
        period=period,
        ids=tuple(ids),
        inputs=x,
        outputs=y,
        input_names=tuple(panel.indicators[code].numerator for code in inputs),
        output_names=tuple(panel.indicators[code].numerator for code in outputs),
        left_out=tuple(left_out),
    )
