from bestvalue.dataset.checks.header import did_you_mean, header_faults, header_warnings
from bestvalue.dataset.tables.demand import INCIDENTS


def test_a_missing_column_is_named_with_the_one_that_looks_like_it() -> None:
    (fault,) = header_faults(["incident_id", "Opened At", "kind"], INCIDENTS, file="incidents.csv")
    assert str(fault) == 'incidents.csv, row 1, column opened_at: the column opened_at is missing; did you mean "Opened At"?'
    assert fault.next_step.startswith("Add the column: When it was reported")


def test_a_column_of_the_contract_that_is_not_required_may_be_missing() -> None:
    assert header_faults(["incident_id", "opened_at"], INCIDENTS, file="incidents.csv") == []


def test_an_unknown_column_is_a_warning_with_the_column_it_may_be() -> None:
    (warning,) = header_warnings(["incident_id", "opened_at", "gradee"], INCIDENTS, file="incidents.csv")
    assert warning == 'incidents.csv: the column "gradee" is not in the contract and is not read; did you mean "grade"?'


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert did_you_mean("weather", ["incident_id", "opened_at"]) == ""
