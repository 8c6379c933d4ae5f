# ruff: noqa: DTZ001 - times of a force's clock have no zone
"""Readers on lines written by hand in each layout, with what they must become worked out by hand."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from bestvalue.dataset.readers import READERS
from bestvalue.dataset.report import Loaded
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import TableError

Load = Callable[..., Loaded]

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context",
    "aa,2020-08,Surrey Police,Surrey Police,-0.1,51.2,On or near X,E01,Mole Valley 001A,Drugs,Under investigation,",
    ",2020-08,Surrey Police,Surrey Police,-0.1,51.2,On or near X,E01,Richmond upon Thames 012B,Anti-social behaviour,,",
    "aa,2020-08,Surrey Police,Surrey Police,-0.2,51.3,On or near Y,E01,Mole Valley 001A,Drugs,Court result unavailable,",
    "bb,August,Surrey Police,Surrey Police,,,No Location,,,Robbery,,",
    "cc,2020-08,Surrey Police,Surrey Police,,,No Location,,,Robbery,,",
)
STOPS = (
    (
        "Type,Date,Part of a policing operation,Policing operation,Latitude,Longitude,Gender,Age range,Self-defined ethnicity,"
        "Officer-defined ethnicity,Legislation,Object of search,Outcome,Outcome linked to object of search,"
        "Removal of more than just outer clothing"
    ),
    "Person search,2018-03-31T23:00:00+00:00,False,,51.5,-0.1,Male,25-34,,White,Act,Controlled drugs,Arrest,,",
    "Person search,2018-03-31T23:00:00+00:00,False,,51.5,-0.1,Male,25-34,,White,Act,Controlled drugs,Arrest,,",
    "Vehicle search,2018-01-02T10:30:00+00:00,,,,,,,,,Act,,,,",
    "Person search,yesterday,,,,,,,,,Act,Firearms,,,",
)
FIRE_NAMES = (
    "incident_number,date_of_call,time_of_call,incident_group,stop_code_description,special_service_type,borough_code,borough_name,"
    "easting_m,northing_m,easting_rounded,northing_rounded,first_pump_arriving_attendance_time,first_pump_arriving_deployed_from_station,"
    "second_pump_arriving_attendance_time,second_pump_arriving_deployed_from_station"
)
DATASTORE_NAMES = (
    "IncidentNumber,DateOfCall,TimeOfCall,IncidentGroup,StopCodeDescription,SpecialServiceType,IncGeo_BoroughCode,IncGeo_BoroughName,"
    "Easting_m,Northing_m,Easting_rounded,Northing_rounded,FirstPumpArriving_AttendanceTime,FirstPumpArriving_DeployedFromStation,"
    "SecondPumpArriving_AttendanceTime,SecondPumpArriving_DeployedFromStation"
)
CALLS = (
    (
        "CAD Event Number,Event Clearance Description,Call Type,Priority,Initial Call Type,Final Call Type,"
        "Original Time Queued,Arrived Time,"
        "Precinct,Sector,Beat,Blurred_Longitude,Blurred_Latitude"
    ),
    "1,ASSISTANCE RENDERED,911,2,BURN,X,11/04/2023 12:08:26 AM,11/04/2023 12:51:06 AM,EAST,CHARLIE,C3,-122.28,47.6",
    "2,REPORT WRITTEN,ONVIEW,7,PREMISE CHECK,X,06/04/2023 4:18:15 PM,06/04/2023 4:18:15 PM,EAST,CHARLIE,C3,-122.28,47.6",
    '3,CANCELLED,"TELEPHONE OTHER, NOT 911",3,PARKING,X,12/31/2023 11:00:00 PM,01/01/1900 12:00:00 AM,WEST,K,K1,-1,-1',
    "4,CANCELLED,911,3,PARKING,X,12/31/2023 11:00:00 PM,12/31/2023 10:00:00 PM,WEST,K,K1,0,0",
    "5,CANCELLED,911,3,PARKING,X,01/01/1900 12:00:00 AM,12/31/2023 10:00:00 PM,WEST,K,K1,0,0",
)


@pytest.fixture
def read(tmp_path: Path, load: Load) -> Callable[..., tuple[Loaded, pl.DataFrame]]:
    """Load lines of a layout, and return what was loaded with its rows."""

    def read(*lines: str, name: str = "published.csv", **options: str) -> tuple[Loaded, pl.DataFrame]:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        loaded = load(path, **options)
        return loaded, pl.read_parquet(loaded.checked().parquet)

    return read


Read = Callable[..., tuple[Loaded, pl.DataFrame]]


def test_street_crime_is_an_incident_of_a_month_in_a_district(read: Read) -> None:
    loaded, rows = read(*STREET, name="2020-08-surrey-street.csv")
    assert loaded.report.reader == "police-uk-street"
    assert rows.select("incident_id", "opened_at", "time_precision", "area_name", "kind", "outcome", "source").rows() == [
        ("aa", datetime(2020, 8, 1), "month", "Mole Valley", "Drugs", "Under investigation", "recorded by Surrey Police"),
        (
            "2020-08-surrey-street row 3",
            datetime(2020, 8, 1),
            "month",
            "Richmond upon Thames",
            "Anti-social behaviour",
            None,
            "recorded by Surrey Police",
        ),
        ("cc", datetime(2020, 8, 1), "month", None, "Robbery", None, "recorded by Surrey Police"),
    ]


def test_a_crime_listed_again_and_a_row_without_a_month_are_left_out_by_reason(read: Read) -> None:
    report = read(*STREET)[0].report
    assert (report.rows_read, report.rows_used) == (5, 3)
    left_out = {reason.reason.split(":")[0]: (reason.rows, reason.examples) for reason in report.left_out}
    assert left_out == {
        "Month is not a year and a month": (1, ("published.csv, row 5",)),
        "its Crime ID stands in an earlier row": (1, ("published.csv, row 4",)),
    }


def test_a_row_of_the_wrong_length_is_left_out_by_reason(read: Read) -> None:
    report = read(*STREET[:3], "dd,2020-08")[0].report
    assert [(reason.reason, reason.rows, reason.examples) for reason in report.left_out] == [
        ("the row has more or fewer fields than the header", 1, ("published.csv, row 4",))
    ]
    assert report.rows_read == 3


def test_files_of_which_no_row_can_be_used_are_a_fault_with_the_reason(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "street.csv"
    path.write_text("\n".join((STREET[0], STREET[4])))
    loaded = load(path)
    assert loaded.table is None
    assert [fault.what for fault in loaded.report.faults] == [
        "none of the 1 rows can be used; 1 of them because Month is not a year and a month (street.csv, row 2)"
    ]


def test_stops_are_moved_to_the_local_clock_and_equal_rows_are_kept(read: Read) -> None:
    loaded, rows = read(*STOPS, name="2018-04-force-stop-and-search.csv")
    assert rows.select("incident_id", "opened_at", "kind", "source", "outcome").rows() == [
        ("2018-04-force-stop-and-search row 2", datetime(2018, 4, 1, 0, 0), "Controlled drugs", "stop and search", "Arrest"),
        ("2018-04-force-stop-and-search row 3", datetime(2018, 4, 1, 0, 0), "Controlled drugs", "stop and search", "Arrest"),
        ("2018-04-force-stop-and-search row 4", datetime(2018, 1, 2, 10, 30), "Vehicle search", "stop and search", None),
    ]
    assert any(warning.startswith("1 row: every column repeats an earlier row") for warning in loaded.report.warnings)
    assert [(reason.reason, reason.rows) for reason in loaded.report.left_out] == [("Date is not a time", 1)]


@pytest.mark.parametrize(
    ("names", "day", "reader"),
    [
        (FIRE_NAMES, "2017-01-01", "london-fire-bigquery"),
        (DATASTORE_NAMES, "01 Jan 2017", "london-fire-datastore"),
        (DATASTORE_NAMES, "2017-01-01 00:00:00", "london-fire-datastore"),
        (DATASTORE_NAMES, "01-Jan-17", "london-fire-datastore"),
    ],
)
def test_fire_incidents_of_both_layouts_are_the_same_incidents(read: Read, names: str, day: str, reader: str) -> None:
    loaded, rows = read(
        names,
        f"1-01012017,{day},00:04:27,Special Service,Special Service,Lift Release,E09000021,KINGSTON UPON THAMES,"
        ",,536650,185450,312.0,Surbiton,342,Kingston",
        f"2-01012017,{day},23:59:59,Fire,Secondary Fire,,E00000000,NOT GEO-CODED,544579,191872,544550,191850,,,,",
    )
    assert loaded.report.reader == reader
    chosen = (
        "incident_id",
        "opened_at",
        "area_id",
        "area_name",
        "easting_m",
        "kind",
        "outcome",
        "first_attendance_seconds",
        "second_station",
    )
    assert rows.select(chosen).rows() == [
        (
            "1-01012017",
            datetime(2017, 1, 1, 0, 4, 27),
            "E09000021",
            "Kingston upon Thames",
            536650.0,
            "Special Service",
            "Lift Release",
            312.0,
            "Kingston",
        ),
        ("2-01012017", datetime(2017, 1, 1, 23, 59, 59), None, None, 544579.0, "Fire", "Secondary Fire", None, None),
    ]


@pytest.mark.parametrize(("names", "column"), [(FIRE_NAMES, "property_type"), (DATASTORE_NAMES, "PropertyType")])
def test_the_sort_of_place_of_a_fire_incident_is_read_where_it_is_given(read: Read, names: str, column: str) -> None:
    incident = "1,2017-01-01,00:04:27,Fire,Primary Fire,,E09000021,Kingston,,,536650,185450,312,Surbiton,,"
    assert read(f"{names},{column}", f"{incident},Bungalow")[1]["place_kind"].to_list() == ["Bungalow"]
    assert read(names, incident)[1]["place_kind"].to_list() == [None]


def test_calls_are_read_month_first_and_attendance_is_arrival_less_queueing(read: Read) -> None:
    loaded, rows = read(*CALLS, time_zone="America/Los_Angeles")
    assert rows.select("incident_id", "opened_at", "area_name", "grade", "source", "first_attendance_seconds", "longitude").rows() == [
        ("1", datetime(2023, 11, 4, 0, 8, 26), "East", "priority 2", "emergency call", 42 * 60 + 40.0, -122.28),
        ("2", datetime(2023, 6, 4, 16, 18, 15), "East", "priority 7", "officer initiated", None, -122.28),
        ("3", datetime(2023, 12, 31, 23), "West", "priority 3", "Telephone other, not 911", None, None),
        ("4", datetime(2023, 12, 31, 23), "West", "priority 3", "emergency call", None, None),
    ]
    assert [(reason.reason, reason.rows) for reason in loaded.report.left_out] == [("Original Time Queued is not a time", 1)]
    notes = "\n".join(loaded.report.warnings)
    for expected in ("1 row: an officer came upon it", "1 row: nobody is recorded as arriving", "1 row: the arrival is before the call"):
        assert expected in notes


def test_counts_by_month_become_rows_with_a_count(read: Read) -> None:
    loaded, rows = read(
        "MajorText,MinorText,BoroughName,202301,202302",
        "THEFT,SHOPLIFTING,Richmond upon Thames,3,0",
        "THEFT,OTHER THEFT,Unknown,,x",
        "THEFT,OTHER THEFT,HACKNEY,-1,7",
    )
    assert rows.sort("area_name", "opened_at").select(
        "incident_id", "opened_at", "time_precision", "area_id", "kind", "incident_count"
    ).rows() == [
        ("Hackney / Theft / Other theft / 202302", datetime(2023, 2, 1), "month", "Hackney", "Other theft", 7),
        ("Richmond upon Thames / Theft / Shoplifting / 202301", datetime(2023, 1, 1), "month", "Richmond upon Thames", "Shoplifting", 3),
        ("Richmond upon Thames / Theft / Shoplifting / 202302", datetime(2023, 2, 1), "month", "Richmond upon Thames", "Shoplifting", 0),
    ]
    assert (loaded.report.rows_read, loaded.report.rows_used, loaded.report.rows) == (3, 2, 3)
    assert [(reason.reason, reason.rows) for reason in loaded.report.left_out] == [("no cell of the row holds a count", 1)]


def test_a_month_in_two_editions_is_read_from_the_first_alone(tmp_path: Path, load: Load) -> None:
    # The later edition divides theft otherwise: by keys alone, February would be counted twice.
    (tmp_path / "a.csv").write_text("MajorText,MinorText,BoroughName,202301,202302\nTHEFT,SHOPLIFTING,Hackney,3,4\n")
    (tmp_path / "b.csv").write_text("MajorText,MinorText,LookUp_BoroughName,202302,202303\nTheft,Theft from Shops,Hackney,4,5\n")
    loaded = load([tmp_path / "a.csv", tmp_path / "b.csv"])
    rows = pl.read_parquet(loaded.checked().parquet)
    assert rows.select("opened_at", "incident_count").rows() == [
        (datetime(2023, 1, 1), 3),
        (datetime(2023, 2, 1), 4),
        (datetime(2023, 3, 1), 5),
    ]
    assert any("an earlier file holds the same opened_at" in warning for warning in loaded.report.warnings)


def test_missions_are_incidents_of_a_day(read: Read) -> None:
    _, rows = read(
        ",mission_date,mission_type,dispatchcode_category,dispatchcode_criticality,mission_location_district,response_time",
        "0,2025-01-09,Brand,,,Neukölln,385.0",
        "1,2025-01-10,Rettungsdienst,17,D,Mitte,",
        name="missions.csv",
    )
    assert rows.select("incident_id", "opened_at", "time_precision", "area_name", "grade", "kind", "first_attendance_seconds").rows() == [
        ("missions row 2", datetime(2025, 1, 9), "day", "Neukölln", None, "Brand", 385.0),
        ("missions row 3", datetime(2025, 1, 10), "day", "Mitte", "D", "Rettungsdienst", None),
    ]


def test_daily_missions_add_up_to_the_days_total(read: Read) -> None:
    _, rows = read(
        "mission_created_date,mission_count_all,mission_count_ems,mission_count_fire,mission_count_technical_rescue",
        "2018-01-01,100,60,25,5",
    )
    assert dict(rows.select("kind", "incident_count").iter_rows()) == {
        "rescue service": 60,
        "fire": 25,
        "technical rescue": 5,
        "other mission": 10,
    }


def test_daily_calls_are_divided_into_emergency_and_other_answered_and_not(read: Read) -> None:
    _, rows = read(
        "calls_received_day,call_count,call_count_not_answered,call_count_112,call_count_112_not_answered",
        "2024-01-01,100.0,40.0,70.0,30.0",
    )
    assert dict(rows.select("kind", "incident_count").iter_rows()) == {
        "emergency call (112) answered": 70,
        "emergency call (112) not answered": 30,
        "other call answered": 30,
        "other call not answered": 10,
    }


def test_a_named_reader_that_does_not_fit_says_what_the_header_lacks(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "stops.csv"
    path.write_text("\n".join(STOPS))
    with pytest.raises(TableError, match=r"not data\.police\.uk street-level crime: its header lacks Crime ID, Month") as wrong:
        load(path, reader="police-uk-street")
    assert wrong.value.where == "stops.csv"
    assert "police-uk-stop-and-search" in wrong.value.next_step


def test_a_reader_that_is_not_there_is_named_with_the_nearest(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "stops.csv"
    path.write_text("\n".join(STOPS))
    with pytest.raises(TableError, match='no reader "police-uk-stops" for the table incidents; did you mean "police-uk-st'):
        load(path, reader="police-uk-stops")


def test_a_published_month_folder_is_read_for_the_layout_that_is_named(tmp_path: Path, load: Load) -> None:
    month = tmp_path / "2020-08"
    month.mkdir()
    (month / "2020-08-surrey-street.csv").write_text("\n".join(STREET))
    (month / "2020-08-surrey-stop-and-search.csv").write_text("\n".join(STOPS))
    with pytest.raises(TableError, match="different layouts") as several:
        load(month)
    assert "name the one to read" in several.value.next_step
    report = load(month, reader="police-uk-street").report
    assert report.files == ("2020-08-surrey-street.csv",)
    assert report.warnings[0] == "2020-08-surrey-stop-and-search.csv is not data.police.uk street-level crime and is not read"


@pytest.mark.parametrize("name", READERS)
def test_every_reader_states_its_rules_and_fills_a_known_table(name: str) -> None:
    reader = READERS[name]
    assert reader.name == name
    assert reader.table in TABLES
    assert reader.rules
    assert reader.publisher
    assert not reader.recognises([])


def test_no_header_is_recognised_by_two_readers() -> None:
    # A reader that asks for a pattern is held against published headers in test_home_office.py.
    plain = [reader for reader in READERS.values() if not any(name.startswith("^") for names in reader.needs for name in names)]
    for reader in plain:
        header = [names[0] for names in reader.needs]
        found = [other.name for other in READERS.values() if other.table == reader.table and other.recognises(header)]
        assert found == [reader.name]
