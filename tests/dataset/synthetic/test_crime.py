"""Crimes, true series, true persons and true meetings of operations."""

import math
from itertools import pairwise

import duckdb
import numpy as np


def test_every_crime_is_an_incident_at_the_same_place_that_ended_in_a_record(sql: duckdb.DuckDBPyConnection) -> None:
    different = sql.execute("""
        SELECT count(*) FROM crimes c JOIN incidents i USING (incident_id)
        WHERE c.area_id <> i.area_id OR c.easting_m <> i.easting_m OR i.outcome NOT IN ('crime recorded', 'arrest')
           OR c.committed_to <> i.opened_at
    """).fetchall()
    assert different == [(0,)]


def test_a_series_is_of_one_sort_near_in_place_and_time(sql: duckdb.DuckDBPyConnection) -> None:
    spans = sql.execute("""
        SELECT count(*) AS crimes, max(boroughs), count(DISTINCT area_id), max(epoch(committed_to)) - min(epoch(committed_to)),
               max(easting_m) - min(easting_m), max(northing_m) - min(northing_m)
        FROM truth_series JOIN crimes USING (crime_id) GROUP BY series
    """).fetchall()
    assert len(spans) > 5
    for crimes, said, boroughs, seconds, east, north in spans:
        assert crimes >= 2
        assert said == boroughs
        assert seconds <= 45 * 86_400
        # Each crime is within 6 km of the first, so two are at most 12 km apart in either direction.
        assert max(east, north) <= 12_000


def test_crimes_of_one_series_share_their_manner_more_often_than_others(sql: duckdb.DuckDBPyConnection) -> None:
    same = sql.execute("""
        SELECT avg(CAST(a.entry_method = b.entry_method AS INT))
        FROM truth_series s JOIN truth_series t ON s.series = t.series AND s.crime_id < t.crime_id
        JOIN crimes a ON a.crime_id = s.crime_id JOIN crimes b ON b.crime_id = t.crime_id
    """).fetchall()[0][0]
    other = sql.execute("""
        SELECT sum(share * share) FROM (
            SELECT count(*) / sum(count(*)) OVER () AS share FROM crimes WHERE entry_method IS NOT NULL GROUP BY entry_method)
    """).fetchall()[0][0]
    # Both keep the series' manner with chance 0.85 each, so two agree in about 0.72 + what chance adds.
    assert same > 0.6 > 0.3 > other


def test_the_truth_names_a_person_for_every_record_and_some_have_several(sql: duckdb.DuckDBPyConnection) -> None:
    unnamed = sql.execute("SELECT count(*) FROM nominals ANTI JOIN truth_persons USING (nominal_id)").fetchall()
    across = sql.execute("""
        SELECT count(*) FROM (
            SELECT person FROM truth_persons JOIN nominals USING (nominal_id) GROUP BY person HAVING count(DISTINCT area_id) > 1)
    """).fetchall()[0][0]
    assert unnamed == [(0,)]
    assert across > 50


def test_records_of_one_person_agree_more_often_than_not_and_never_all(sql: duckdb.DuckDBPyConnection) -> None:
    agree = sql.execute("""
        SELECT avg(CAST(a.family_name = b.family_name AS INT)), avg(CAST(a.birth_date = b.birth_date AS INT))
        FROM truth_persons s JOIN truth_persons t ON s.person = t.person AND s.nominal_id < t.nominal_id
        JOIN nominals a ON a.nominal_id = s.nominal_id JOIN nominals b ON b.nominal_id = t.nominal_id
    """).fetchall()[0]
    assert all(0.75 < share < 0.97 for share in agree)


def test_the_truth_lists_exactly_the_operations_that_meet(sql: duckdb.DuckDBPyConnection) -> None:
    operations = sql.execute("""
        SELECT operation_id, starts_at, ends_at, easting_m, northing_m, radius_m, outline_wkt,
               list(target_reference) FILTER (target_reference IS NOT NULL)
        FROM operations LEFT JOIN operation_targets USING (operation_id) GROUP BY ALL ORDER BY operation_id
    """).fetchall()
    meeting = set()
    for first, one in enumerate(operations):
        for other in operations[first + 1 :]:
            if one[1] < other[2] and other[1] < one[2]:
                shared = bool(set(one[7] or ()) & set(other[7] or ()))
                if shared or _apart(_path(one), _path(other)) <= one[5] + other[5]:
                    meeting.add((one[0], other[0]))
    planted = set(sql.execute("SELECT one, other FROM truth_operation_conflicts").fetchall())
    assert planted
    assert meeting == planted


def _path(operation: tuple) -> list[tuple[float, float]]:
    """The corners of the route, or the one place."""
    if operation[6] is None:
        return [(operation[3], operation[4])]
    inside = operation[6].removeprefix("LINESTRING (").removesuffix(")")
    return [(float(pair.split()[0]), float(pair.split()[1])) for pair in inside.split(", ")]


def _apart(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> float:
    """Shortest distance by brute force: every half metre of the one against each leg of the other."""
    legs = list(pairwise(other)) or [(other[0], other[0])]
    return min(_to_leg(point, leg) for point in _dots(one) for leg in legs)


def _dots(path: list[tuple[float, float]]) -> list[tuple[float, float]]:
    dots = [path[0]]
    for start, end in pairwise(path):
        steps = max(1, math.ceil(math.dist(start, end) / 0.5))
        dots += [(start[0] + (end[0] - start[0]) * k / steps, start[1] + (end[1] - start[1]) * k / steps) for k in range(1, steps + 1)]
    return dots


def _to_leg(point: tuple[float, float], leg: tuple[tuple[float, float], tuple[float, float]]) -> float:
    (x, y), ((x1, y1), (x2, y2)) = point, leg
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else min(1.0, max(0.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))


def test_offenders_travel_to_near_boroughs_more_than_to_far_ones(sql: duckdb.DuckDBPyConnection) -> None:
    rows = sql.execute("""
        SELECT sqrt(power(h.centroid_easting_m - a.centroid_easting_m, 2) + power(h.centroid_northing_m - a.centroid_northing_m, 2))
        FROM involvements JOIN crimes c USING (crime_id) JOIN truth_persons p USING (nominal_id)
        JOIN areas a ON a.area_id = c.area_id JOIN areas h ON h.area_id = p.home_area_id WHERE h.area_id <> a.area_id
    """).fetchall()
    between = sql.execute("""
        SELECT sqrt(power(h.centroid_easting_m - a.centroid_easting_m, 2) + power(h.centroid_northing_m - a.centroid_northing_m, 2))
        FROM areas a JOIN areas h ON a.area_id <> h.area_id
    """).fetchall()
    assert np.mean(rows) < 0.7 * np.mean(between)
