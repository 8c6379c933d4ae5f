"""The Home Office's workbooks, populations and borough crime, as published: what they must become, read off the sheets by eye."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from bestvalue.dataset.readers import READERS
from bestvalue.dataset.readers.force_names import FORCES, bare_name, force_name, is_sum, without_regions
from bestvalue.dataset.report import Loaded
from bestvalue.errors import TableError

Load = Callable[..., Loaded]
WORKFORCE = "home_office_police_workforce"
EDITIONS = {
    # file: kinds of staff, days, figures of "Total 43 forces" of officers on its last day, as table 1 prints it
    "police-workforce-tabs-30sep15.ods": (5, 3, 125_184.76),
    "police-workforce-tables-sep16.ods": (5, 3, 122_859.01),
    "police-workforce-tables-jan17.ods": (6, 3, None),
    "police-workforce-sep18-tables.ods": (7, 3, 122_395.45),
}


def read(load: Load, *files: Path, table: str = "indicator_values") -> pl.DataFrame:
    loaded = load(list(files), table=table)
    return pl.read_parquet(loaded.checked().parquet)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_of_the_workforce_tables_gives_43_forces_whose_sum_is_the_printed_total(
    shared: Path, load: Load, edition: str
) -> None:
    rows = read(load, shared / "data" / WORKFORCE / edition)
    kinds, days, total = EDITIONS[edition]
    assert rows["indicator_id"].n_unique() == kinds
    assert set(rows["force_id"]) == set(FORCES)
    officers = rows.filter(pl.col("indicator_id") == "Police officers (full-time equivalents)")
    assert officers["period_starts"].n_unique() == days
    last = officers.filter(pl.col("period_starts") == officers["period_starts"].max())
    assert last.height == 43
    if total is not None:
        assert last["numerator"].sum() == pytest.approx(total, abs=0.01)


def test_editions_of_one_series_are_read_together_and_each_day_once(shared: Path, load: Load) -> None:
    rows = read(load, *(shared / "data" / WORKFORCE / edition for edition in EDITIONS))
    officers = rows.filter((pl.col("indicator_id") == "Police officers (full-time equivalents)") & (pl.col("force_id") == "Cleveland"))
    days = officers.sort("period_starts")["period_starts"].to_list()
    assert days == [date(year, month, 31 if month == 3 else 30) for year in range(2014, 2019) for month in (3, 9)][1:]


def test_publications_of_several_layouts_stand_side_by_side(shared: Path, load: Load) -> None:
    folder = shared / "data"
    loaded = load(
        [folder / WORKFORCE / "police-workforce-sep18-tables.ods", *(folder / "home_office_police_use_of_force").glob("*.ods")],
        table="indicator_values",
    )
    assert loaded.report.reader == "home-office-police-workforce and home-office-use-of-force"
    rows = pl.read_parquet(loaded.checked().parquet)
    assert {"Police officers (full-time equivalents)", "Incidents: use of force"} <= set(rows["indicator_id"])


def test_two_dots_are_kept_as_a_mark_and_not_as_a_number(shared: Path, load: Load) -> None:
    rows = read(load, shared / "data" / WORKFORCE / "police-workforce-sep18-tables.ods")
    cleveland = rows.filter((pl.col("indicator_id") == "Designated officers (full-time equivalents)") & (pl.col("force_id") == "Cleveland"))
    assert cleveland.select("numerator", "suppressed_as").rows() == [(None, "..")] * 3


def test_the_west_midlands_are_the_force_and_not_the_region(shared: Path, load: Load) -> None:
    rows = read(load, shared / "data" / WORKFORCE / "police-workforce-sep18-tables.ods")
    force = rows.filter(
        (pl.col("indicator_id") == "Police officers (full-time equivalents)")
        & (pl.col("force_id") == "West Midlands")
        & (pl.col("period_starts") == date(2018, 9, 30))
    )
    assert force["numerator"].to_list() == [6558.8773]


def test_use_of_force_adds_up_to_the_printed_total_and_each_tactic_is_read_once(shared: Path, load: Load) -> None:
    folder = shared / "data" / "home_office_police_use_of_force"
    rows = read(load, *folder.glob("*.ods"))
    incidents = rows.filter(pl.col("indicator_id") == "Incidents: use of force")
    assert incidents["numerator"].sum() == 427_725
    assert incidents["period_starts"].unique().to_list() == [date(2018, 4, 1)]
    assert rows.filter(pl.col("indicator_id") == "Tactic: Total Restraint")["numerator"].sum() == 401_025
    devices = (
        rows.filter(pl.col("indicator_id") == "Use of CED").group_by("period_starts").agg(pl.col("numerator").sum()).sort("period_starts")
    )
    assert devices.row(0) == (date(2017, 4, 1), 16_913.0)


def test_populations_of_two_publishers_name_each_force_alike(shared: Path, load: Load) -> None:
    folder = shared / "data" / "police_force_areas"
    rows = read(load, folder / "population_data.csv", folder / "forces.csv", table="force_populations")
    assert rows.group_by("year").len().sort("year").rows() == [(2010, 43), (2018, 43)]
    assert set(rows["force_id"]) == set(FORCES)
    london = rows.filter((pl.col("force_id") == "Devon and Cornwall") & (pl.col("year") == 2018))
    assert london["people"].to_list() == [1_762_400]


def test_census_groups_are_shares_of_residents_that_add_up_to_the_whole(shared: Path, load: Load) -> None:
    rows = read(load, shared / "data" / "police_force_areas" / "force-demographics.csv", table="force_characteristics")
    assert set(rows["force_id"]) == set(FORCES)
    assert rows.group_by("force_id").agg(pl.col("value").sum())["value"].to_list() == pytest.approx([100.0] * 43, abs=1e-9)
    white = rows.filter((pl.col("force_id") == "Avon and Somerset") & pl.col("characteristic").str.starts_with("White"))
    assert white["value"].to_list() == pytest.approx([100 * 1_491_970 / 1_599_555])


def test_borough_populations_of_both_layouts_are_read(shared: Path, load: Load) -> None:
    folder = shared / "data" / "london_boroughs"
    for name, years in (("11-22borough_pop.csv", 12), ("london_population_borough.csv", 52)):
        rows = read(load, folder / name, table="force_populations")
        assert rows["force_id"].n_unique() == 33
        assert rows["year"].n_unique() == years
    assert rows.filter((pl.col("force_id") == "City of London") & (pl.col("year") == 1999))["people"].to_list() == [6581]


def test_recorded_offences_are_counts_of_financial_years(shared: Path, load: Load) -> None:
    rows = read(load, shared / "data" / "london_crime_rates" / "recorded-offences.csv")
    assert rows["force_id"].n_unique() == 33  # the boroughs and Heathrow; the City of London has no rows there
    first = rows.filter(pl.col("force_id") == "Barking and Dagenham").sort("period_starts").row(0, named=True)
    assert (first["period_starts"], first["period_ends"], first["numerator"]) == (date(1999, 4, 1), date(2000, 3, 31), 19_567.0)


def test_a_file_of_rates_is_refused_because_rates_cannot_be_added(shared: Path, load: Load) -> None:
    loaded = load([shared / "data" / "london_crime_rates" / "crime-rates.csv"], table="indicator_values")
    with pytest.raises(TableError, match="neither added nor weighted"):
        loaded.checked()


def test_monthly_borough_crime_adds_up_to_the_cells_of_the_file(shared: Path, load: Load) -> None:
    file = shared / "data" / "mps_borough_level_crime" / "2018-12_to_2020-11" / "MPS Borough Level Crime (most recent 24 months).csv"
    rows = read(load, file)
    wide = pl.read_csv(file, infer_schema=False).filter(pl.col("LookUp_BoroughName").str.to_lowercase() != "unknown")
    cells = wide.select(pl.col("^20.*$").cast(pl.Int64)).sum().sum_horizontal().item()
    assert rows["numerator"].sum() == cells


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Avon & Somerset Constabulary", "Avon and Somerset"),
        ("Wiltshire3", "Wiltshire"),
        ("Hampshire (R)", "Hampshire"),
        ("London, City of", "City of London"),
        ("Metropolitan", "Metropolitan Police"),
        ("Dyfed Powys Police", "Dyfed-Powys"),
        ("West Mercia ", "West Mercia"),
        ("Central Service Secondments", None),
        ("British Transport Police", None),
        ("", None),
        (None, None),
    ],
)
def test_a_force_has_one_name_whatever_the_spelling(written: str | None, name: str | None) -> None:
    assert force_name(written) == name


def test_sums_are_told_from_forces() -> None:
    assert is_sum("Total 43 forces")
    assert is_sum("*Total North West ")
    assert is_sum("Yorkshire & the Humber 2,3")
    assert not is_sum("West Yorkshire")
    assert bare_name("Northamptonshire3") == "Northamptonshire"


def test_the_first_of_two_west_midlands_is_the_region() -> None:
    assert without_regions(["West Midlands ", "Staffordshire", "West Midlands4"]) == [None, "Staffordshire", "West Midlands"]
    assert without_regions(["West Midlands"]) == ["West Midlands"]


def test_each_workbook_is_recognised_by_one_reader(shared: Path, load: Load) -> None:
    for file in (shared / "data").glob("home_office*/*.ods"):
        reader = load([file], table="indicator_values").report.reader
        assert reader in READERS
        assert reader.startswith("home-office")


def test_a_workbook_that_is_none_is_refused_with_what_to_do(tmp_path: Path, load: Load) -> None:
    file = tmp_path / "table.ods"
    file.write_bytes(b"no archive")
    with pytest.raises(TableError, match="damaged or no OpenDocument") as caught:
        load([file], table="indicator_values")
    assert "Save it again" in caught.value.next_step


def test_officers_as_csv_are_those_of_the_workbook_and_meet_them_under_one_name(shared: Path, load: Load) -> None:
    """The 2018 file: Cleveland 1,223.92 on 30 September 2018; all 43 as table 1 of the workbook prints them."""
    folder = shared / "data" / WORKFORCE
    rows = read(load, folder / "officer-fte" / "2018.csv")
    last = rows.filter(pl.col("period_starts") == date(2018, 9, 30))
    assert set(last["force_id"]) == set(FORCES)
    assert last.filter(pl.col("force_id") == "Cleveland")["numerator"].to_list() == [1223.92]
    assert last["numerator"].sum() == pytest.approx(EDITIONS["police-workforce-sep18-tables.ods"][2], abs=0.01)
    both = load([folder / "police-workforce-sep18-tables.ods", folder / "officer-fte" / "2018.csv"], table="indicator_values")
    again = pl.read_parquet(both.checked().parquet).filter(pl.col("indicator_id") == "Police officers (full-time equivalents)")
    assert again.select("force_id", "period_starts").is_unique().all()


@pytest.mark.parametrize("year", [2015, 2016, 2017, 2018])
def test_every_year_of_officers_as_csv_is_read(shared: Path, load: Load, year: int) -> None:
    rows = read(load, shared / "data" / WORKFORCE / "officer-fte" / f"{year}.csv")
    assert set(rows["force_id"]) == set(FORCES)
    assert sorted(rows["period_starts"].unique()) == [date(year - 1, 9, 30), date(year, 3, 31), date(year, 9, 30)]
