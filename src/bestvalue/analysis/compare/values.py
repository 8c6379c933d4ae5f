"""Which published values can be compared? Suppressed, doubtful and broken ones are kept out of the arithmetic, and listed.

Rates are never averaged here: a group's rate is the sum of its numerators over the sum of its denominators.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from bestvalue.analysis.compare.kept_out import sort_out
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.readers.boundaries import AREA
from bestvalue.errors import SpecError

RESIDENTS = "resident population"
SQUARE_KILOMETRES = "square kilometres"
"""Denominator of an indicator per area: taken from the characteristic that readers of boundaries give, where a value has none."""
_KEY = ("indicator_id", "force_id", "period_starts")


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """What is divided by what, and which way is better.

    Args:
        indicator_id, name, numerator, denominator, definition, source: as the indicators table says.
        sort: "proportion" (binomial), "rate" (Poisson) or "ratio" (an amount: no chance is known).
        multiplier: the quotient is printed times this.
        better: "higher", "lower" or "neither".
        theme: "spending", "workforce", "demand", "results"; empty where it is not said.
        outlier_gap: how far from the group a force must be to stand out, as printed.
        described: the indicators table has it; False where only its values are there and the rest was read off them.
    """

    indicator_id: str
    name: str
    numerator: str
    denominator: str
    sort: str
    multiplier: float
    better: str
    definition: str = ""
    source: str = ""
    theme: str = ""
    outlier_gap: float = 0.0
    described: bool = True

    @property
    def unit(self) -> str:
        """The unit of the printed rate."""
        if self.sort == "proportion":
            return "share"
        return (
            f"{self.numerator} per {self.multiplier:,.0f} {self.denominator}"
            if self.multiplier != 1
            else f"{self.numerator} per {self.denominator}"
        )


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Values that can be compared.

    Args:
        values: indicator_id, force_id, period_starts, period_ends, numerator, denominator (> 0), quotient, changed (the definition or
            the boundary is not that of the period before); one row a key, sorted.
        kept_out: indicator_id, force_id, period_starts, found, why.
        indicators: by code, in order of code.
        forces: name by code.
        own: code of the force under review; None when nobody says which.
        people: force_id, counted ("resident", "daytime", "night"), year, people.
    """

    values: pl.DataFrame
    kept_out: pl.DataFrame
    indicators: Mapping[str, Indicator]
    forces: Mapping[str, str]
    own: str | None
    people: pl.DataFrame

    def name(self, force_id: str) -> str:
        """The name of a force, or its code where no name is known."""
        return self.forces.get(force_id, force_id)

    def latest(self, indicator_id: str) -> date:
        """First day of the last period that at least half of the forces have a value for."""
        counts = self.values.filter(pl.col("indicator_id") == indicator_id).group_by("period_starts").len().sort("period_starts")
        enough = counts.filter(pl.col("len") * 2 >= counts["len"].max())
        last: date = enough["period_starts"][-1]
        return last


VALUES = """
    SELECT indicator_id, force_id, period_starts, period_ends, numerator, denominator, suppressed_as, definition_changed
    FROM indicator_values
"""
PEOPLE_OF_FORCES = """
    SELECT force_id, '{counted}' AS counted, CAST(0 AS BIGINT) AS year, {counted}_population AS people FROM forces
"""
AREAS = "SELECT force_id, year, value FROM force_characteristics WHERE characteristic = :area"
INDICATORS = """
    SELECT indicator_id, indicator_name, numerator, denominator, sort, multiplier, better, definition, source, theme, outlier_gap
    FROM indicators
"""


def read_panel(dataset: Dataset, *, own_force: str = "", wanted: Sequence[str] = ()) -> Panel:
    """Read the values and keep out those that cannot be compared.

    Args:
        dataset: has `indicator_values`; better with `indicators`, `forces`, `force_populations` and `force_changes`.
        own_force: code or name of the force under review; from the forces table when empty.
        wanted: codes or names of the indicators; every one when empty.

    Raises:
        SpecError: no value is left, or there is no such force or indicator.
    """
    raw = dataset.query(VALUES).sort(*_KEY)
    names, own = _forces(dataset)
    people = _people(dataset)
    raw = _with_areas(_with_residents(raw, dataset, people), dataset)
    indicators = _indicators(dataset, raw)
    if wanted:
        chosen = {_find(one, {code: indicator.name for code, indicator in indicators.items()}, "indicator", "indicators") for one in wanted}
        indicators = {code: indicator for code, indicator in indicators.items() if code in chosen}
        raw = raw.filter(pl.col("indicator_id").is_in(list(chosen)))
    proportions = [code for code, indicator in indicators.items() if indicator.sort == "proportion"]
    values, kept_out = sort_out(raw, dataset, proportions=proportions)
    if values.is_empty():
        raise SpecError("No indicator value is left to compare", where="indicator_values", next_step=_what_to_supply(kept_out))
    present = dict.fromkeys(values["force_id"].unique().sort())
    if own_force:
        own = _find(own_force, {code: names.get(code, code) for code in present}, "force", "own_force")
    present_indicators = set(values["indicator_id"])
    return Panel(
        values=values,
        kept_out=kept_out,
        indicators={code: indicator for code, indicator in indicators.items() if code in present_indicators},
        forces=names,
        own=own if own in present else None,
        people=people,
    )


def _find(said: str, names: Mapping[str, str], what: str, where: str) -> str:
    """The code of what a person named, by code or name."""
    for code, name in names.items():
        if said.strip().lower() in (code.lower(), name.lower()):
            return code
    listed = ", ".join(list(names.values())[:8])
    raise SpecError(
        f"There is no {what} {said!r} among the values", where=where, next_step=f"There are: {listed}{', ...' if len(names) > 8 else ''}."
    )


def _what_to_supply(kept_out: pl.DataFrame) -> str:
    if kept_out.filter(pl.col("why").str.contains("denominator")).height:
        return "The values have no denominator: supply force_populations (residents by force and year) as well."
    return "Check the indicator_values table, or widen the choice of indicators."


def _forces(dataset: Dataset) -> tuple[dict[str, str], str | None]:
    if "forces" not in dataset.tables:
        return {}, None
    forces = dataset.query("SELECT force_id, force_name, own_force FROM forces").sort("force_id")
    own = forces.filter(pl.col("own_force"))["force_id"]
    return dict(zip(forces["force_id"], forces["force_name"], strict=True)), own[0] if len(own) else None


def _people(dataset: Dataset) -> pl.DataFrame:
    """People by force, kind of count and year; the forces table has one year only, written as year 0."""
    parts = [pl.DataFrame(schema={"force_id": pl.String, "counted": pl.String, "year": pl.Int64, "people": pl.Int64})]
    if "force_populations" in dataset.tables:
        parts.append(dataset.query("SELECT force_id, counted, CAST(year AS BIGINT) AS year, people FROM force_populations"))
    elif "forces" in dataset.tables:
        parts.extend(dataset.query(PEOPLE_OF_FORCES.format(counted=counted)) for counted in ("resident", "daytime", "night"))
    return pl.concat(parts).filter(pl.col("people") > 0).sort("force_id", "counted", "year")


def people_in(people: pl.DataFrame, keys: pl.DataFrame, *, counted: str) -> pl.Series:
    """People of each force in the year nearest to a period's middle, as floats; null where nobody says.

    Args:
        people: force_id, counted, year, people.
        keys: force_id and period_starts.
        counted: "resident", "daytime" or "night".
    """
    of_kind = people.filter(pl.col("counted") == counted).sort("year")
    asked = keys.select("force_id", pl.col("period_starts").dt.year().cast(pl.Int64).alias("year")).with_row_index("at").sort("year")
    joined = asked.join_asof(
        of_kind.select("force_id", "year", "people"), on="year", by="force_id", strategy="nearest", check_sortedness=False
    )
    return joined.sort("at")["people"].cast(pl.Float64)


def _with_residents(raw: pl.DataFrame, dataset: Dataset, people: pl.DataFrame) -> pl.DataFrame:
    """Residents as the denominator of values that have none and, by their indicator, should."""
    needs = pl.col("denominator").is_null()
    if "indicators" in dataset.tables:
        by_head = dataset.query("SELECT indicator_id FROM indicators WHERE denominator <> :residents", residents=RESIDENTS)["indicator_id"]
        needs &= ~pl.col("indicator_id").is_in(by_head.implode())
    residents = people_in(people, raw, counted="resident")
    # A mark in place of the numerator stays one: only the denominator is filled.
    return raw.with_columns(pl.when(needs).then(residents).otherwise(pl.col("denominator")).alias("denominator"))


def _with_areas(raw: pl.DataFrame, dataset: Dataset) -> pl.DataFrame:
    """The area of a force as the denominator of values that have none and, by their indicator, are per square kilometre."""
    if not {"indicators", "force_characteristics"} <= set(dataset.tables):
        return raw
    per_area = dataset.query("SELECT indicator_id FROM indicators WHERE denominator = :area", area=SQUARE_KILOMETRES)["indicator_id"]
    if per_area.is_empty():
        return raw
    areas = dataset.query(AREAS, area=AREA).sort("force_id", "year").unique("force_id", keep="last").select("force_id", km2="value")
    needs = pl.col("denominator").is_null() & pl.col("indicator_id").is_in(per_area.implode())
    joined = raw.join(areas, on="force_id", how="left", maintain_order="left")
    return joined.with_columns(denominator=pl.when(needs).then("km2").otherwise("denominator")).drop("km2")


def _indicators(dataset: Dataset, raw: pl.DataFrame) -> dict[str, Indicator]:
    known: dict[str, Indicator] = {}
    if "indicators" in dataset.tables:
        for row in dataset.query(INDICATORS).sort("indicator_id").iter_rows(named=True):
            row["name"] = row.pop("indicator_name")
            row["theme"], row["outlier_gap"] = row["theme"] or "", row["outlier_gap"] or 0.0
            known[row["indicator_id"]] = Indicator(**row)
    whole = raw.group_by("indicator_id").agg((pl.col("numerator").round() == pl.col("numerator")).all().alias("whole")).sort("indicator_id")
    for code, counted in whole.iter_rows():
        if code not in known:
            # Counts are taken to vary as counts do; full-time equivalents and money do not.
            known[code] = Indicator(
                indicator_id=code,
                name=f"{code} per 1,000 residents",
                numerator=code[:1].lower() + code[1:],
                denominator=RESIDENTS,
                sort="rate" if counted else "ratio",
                multiplier=1000.0,
                better="neither",
                described=False,
            )
    return known
