"""One indicator from every side, and the squares of the map."""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from bestvalue.analysis.compare.explorer import ANALYSIS, Spec
from bestvalue.analysis.compare.explorer_tiles import layouts, short_names
from bestvalue.analysis.contract import Result
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.readers.force_names import FORCES
from bestvalue.errors import SpecError

YEARS = range(2019, 2025)


def made(
    make: Callable[..., Dataset],
    *,
    own_by_day: int = 1_000_000,
    names: tuple[str, ...] = FORCES[:12],
    growth: float = 0.0,
    years: range = YEARS,
    **more: Any,
) -> Dataset:
    """Twelve forces of a hundred thousand residents; the first has ten times the crime, and as many people by day as the test says."""
    forces = [{"force_id": name, "force_name": name, "own_force": name == names[0], "resident_population": 100_000} for name in names]
    people = [
        {"force_id": name, "year": 2020, "counted": counted, "people": own_by_day if name == names[0] and counted == "daytime" else 100_000}
        for name in names
        for counted in ("resident", "daytime", "night")
    ]
    values = [
        {
            "indicator_id": "I1",
            "force_id": name,
            "period_starts": date(year, 4, 1),
            "period_ends": date(year + 1, 3, 31),
            "numerator": (50_000.0 if name == names[0] else 5_000.0 + 10 * place) * (1 + growth) ** (year - years[0]),
            "denominator": 100_000.0,
            "definition_changed": False,
        }
        for place, name in enumerate(names)
        for year in years
    ]
    indicator = {"indicator_id": "I1", "indicator_name": "Crime per 1,000 residents", "numerator": "crimes", "multiplier": 1000.0}
    indicator |= {"denominator": "resident population", "sort": "rate", "better": "lower", "definition": "All.", "source": "a test"}
    return make(indicator_values=values, indicators=[indicator], forces=forces, force_populations=people, **more)


def said(result: Result) -> str:
    return " ".join(statement.text for statement in result.statements)


def test_a_steady_rise_is_said_and_signals_are_counted_beside_it(make: Callable[..., Dataset]) -> None:
    text = said(ANALYSIS.run(made(make, growth=0.05, years=range(2014, 2025)), Spec()))
    assert "rises by 5.0% a year" in text
    assert "of 11 periods hold a signal beside its trend" in text


def test_a_denominator_alone_can_make_a_permanent_outlier(make: Callable[..., Dataset]) -> None:
    """By hand: 500 per 1,000 residents against about 51; over a million people by day 50 against about 51: lowest, but not by far."""
    result = ANALYSIS.run(made(make, own_by_day=1_000_000), Spec(outlier_share=0.1))
    rows = result.tables["denominators"].rows
    latest = rows.filter(pl.col("period_starts") == date(2024, 4, 1))
    assert dict(latest.select("counted", "own").iter_rows()) == pytest.approx({"resident": 500, "daytime": 50, "night": 500})
    assert rows.filter(pl.col("counted") == "resident")["place"].unique().to_list() == [12]
    assert rows.filter(pl.col("counted") == "resident")["stands_out"].all()


def test_a_denominator_that_takes_the_outlier_away_is_said_to(make: Callable[..., Dataset]) -> None:
    """By hand: over 990,000 people by day it has 50.5 per 1,000, in the middle of the others, which have 50.1 to 51.1."""
    result = ANALYSIS.run(made(make, own_by_day=990_000), Spec())
    counted = result.tables["denominators"].rows.group_by("counted").agg(pl.col("stands_out").sum())
    assert dict(counted.iter_rows()) == {"resident": 6, "daytime": 0, "night": 6}
    assert "The denominator alone makes it a permanent outlier, or none." in said(result)


def test_the_chosen_denominator_is_that_of_every_table(make: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(made(make), Spec(counted="daytime"))
    own = result.tables["forces"].rows.filter(pl.col("force") == FORCES[0]).row(0, named=True)
    assert (own["denominator"], own["printed"]) == (1_000_000, 50)
    assert result.statements[0].text.startswith("Crime per 1,000 people by day, year to 31 March 2025:")
    assert result.tables["series"].rows["published"].to_list() == [50] * len(YEARS)


def test_every_force_has_its_square_with_its_value(make: Callable[..., Dataset]) -> None:
    rows = ANALYSIS.run(made(make), Spec()).tables["tiles"].rows
    squares = {row["force"]: (row["tile_column"], row["tile_row"]) for row in rows.iter_rows(named=True)}
    assert squares == {name: layouts()["police_forces"][name] for name in FORCES[:12]}
    assert rows["printed"].sum() == pytest.approx(500 + sum(50 + place / 10 for place in range(1, 12)))


def test_squares_that_the_force_supplies_go_before_ours(make: Callable[..., Dataset]) -> None:
    given = [{"force_id": name, "tile_column": place, "tile_row": 0} for place, name in enumerate(FORCES[:12])]
    rows = ANALYSIS.run(made(make, force_tiles=given), Spec()).tables["tiles"].rows
    assert rows["tile_row"].to_list() == [0] * 12


def test_places_that_no_layout_knows_have_no_map_and_that_is_said(make: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(made(make, names=tuple(f"Nowhere {number}" for number in range(12))), Spec())
    assert "tiles" not in result.charts
    assert "The table force_tiles says where the square of each stands." in said(result)


def test_a_few_forces_make_nobody_an_outlier_and_that_is_said(make: Callable[..., Dataset]) -> None:
    result = ANALYSIS.run(made(make), Spec(group="; ".join(FORCES[1:4])))
    assert "Among fewer than 10 forces nobody stands out" in said(result)


def test_no_period_or_population_is_refused_by_name(make: Callable[..., Dataset]) -> None:
    with pytest.raises(SpecError, match="No indicator has a value for the period"):
        ANALYSIS.run(made(make), Spec(period=date(1990, 4, 1)))


@pytest.mark.parametrize("name", ["police_forces", "london_boroughs"])
def test_no_two_places_share_a_square_and_each_touches_another(name: str) -> None:
    spots = list(layouts()[name].values())
    assert len(set(spots)) == len(spots)
    for column, row in spots:
        near = {(column + across, row + down) for across in (-1, 0, 1) for down in (-1, 0, 1)} - {(column, row)}
        assert near & set(spots)


def test_the_layouts_hold_every_force_and_every_borough() -> None:
    assert set(layouts()["police_forces"]) == set(FORCES)
    assert len(layouts()["london_boroughs"]) == 33


@pytest.mark.parametrize("name", ["police_forces", "london_boroughs"])
def test_short_names_are_short_and_no_two_alike(name: str) -> None:
    short = short_names({place: place for place in layouts()[name]})
    assert len(set(short.values())) == len(short)
    assert max(map(len, short.values())) <= 6


@pytest.mark.parametrize("layout", ["police_forces", "london_boroughs"])
def test_west_stays_west_and_north_stays_north(layout: str) -> None:
    """Known from any map: pairs of places that lie well apart."""
    apart = {
        "police_forces": [("Devon and Cornwall", "Kent"), ("North Wales", "Norfolk"), ("Merseyside", "Humberside"), ("Gwent", "Essex")],
        "london_boroughs": [("Hillingdon", "Havering"), ("Ealing", "Newham"), ("Richmond upon Thames", "Bromley"), ("Brent", "Redbridge")],
    }[layout]
    above = {
        "police_forces": [("Northumbria", "Sussex"), ("Cumbria", "Dorset"), ("Cleveland", "Surrey"), ("Cheshire", "Wiltshire")],
        "london_boroughs": [("Enfield", "Croydon"), ("Barnet", "Sutton"), ("Haringey", "Southwark"), ("Harrow", "Kingston upon Thames")],
    }[layout]
    spots = layouts()[layout]
    assert all(spots[west][0] < spots[east][0] for west, east in apart)
    assert all(spots[north][1] < spots[south][1] for north, south in above)
