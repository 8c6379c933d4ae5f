from collections.abc import Callable

from tests.analysis.challenge.resources.conftest import AREAS, MONDAY, WEEKS, Tables

from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.analysis.challenge.resources_calibrate_units import Establishment, read_establishment
from bestvalue.dataset.dataset import Dataset

WINDOW = Window(starts=MONDAY, ends=MONDAY + WEEKS * (MONDAY.replace(day=10) - MONDAY))
Small = Callable[..., Dataset]


def established(dataset: Dataset) -> Establishment:
    return read_establishment(dataset, WINDOW, dict(AREAS))


def counted(found: Establishment) -> dict[str, int]:
    return {what: rows for table, what, rows in found.account.select("table", "what", "rows").iter_rows() if table == "pools"}


def another_pool(tables: Tables) -> None:
    tables["pools"].append(tables["pools"][0] | {"pool_id": "O", "pool_name": "Empty pool", "minimum_units": 7, "unit_hour_pence": 1})


def another_pool_with_units_that_have_no_shift(tables: Tables) -> None:
    another_pool(tables)
    tables["units"].append(tables["units"][0] | {"unit_id": "idle", "pool_id": "O"})


def nobody_in_b(tables: Tables) -> None:
    mine = {unit["unit_id"] for unit in tables["units"] if unit["pool_id"] == "PB"}
    tables["shifts"] = [shift for shift in tables["shifts"] if shift["unit_id"] not in mine]


def test_a_pool_with_nobody_gives_neither_name_nor_minimum_nor_price_to_its_area(small: Small) -> None:
    before, after = established(small()), established(small(another_pool))
    assert after.pools == before.pools
    assert counted(after) == counted(before) | {"nobody in it, and others serve its area": 1}


def test_units_of_such_a_pool_are_counted_as_without_a_shift(small: Small) -> None:
    found = established(small(another_pool_with_units_that_have_no_shift))
    units = {what: rows for table, what, rows in found.account.select("table", "what", "rows").iter_rows() if table == "units"}
    assert units["no shift"] == 1
    assert units["pool not in the table, or no base and no centre of its area"] == 0
    assert counted(found)["nobody in it, and others serve its area"] == 1


def test_an_area_whose_only_pool_has_nobody_keeps_it_and_is_counted(small: Small) -> None:
    found = established(small(nobody_in_b))
    assert [pool.pool_id for pool in found.pools] == ["PA", "PB"]
    assert found.empty_pools == ("Pool B",)
    assert counted(found) == {
        "nobody in it, and others serve its area": 0,
        "nobody in it, and no other serves its area": 1,
        "used": 1,
    }
