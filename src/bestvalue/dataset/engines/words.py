"""Functions that DuckDB and Spark spell differently, under one name, so that one statement runs on both.

| word | answer |
| --- | --- |
| `iso_weekday(time)` | 1 Monday to 7 Sunday |
| `hour_of_week(time)` | 0 Monday 00:00 to 167 Sunday 23:00 |
| `day_of(time)` | the date |
| `month_of(time)` | first day of the month, as a date |
| `seconds_between(a, b)` | seconds from a to b, with fraction |
"""

DUCKDB_WORDS = (
    "CREATE MACRO iso_weekday(t) AS isodow(t)",
    "CREATE MACRO hour_of_week(t) AS (isodow(t) - 1) * 24 + hour(t)",
    "CREATE MACRO day_of(t) AS CAST(t AS DATE)",
    "CREATE MACRO month_of(t) AS CAST(date_trunc('month', t) AS DATE)",
    "CREATE MACRO seconds_between(a, b) AS (epoch_us(b) - epoch_us(a)) / 1000000.0",
)

SPARK_WORDS = (
    "CREATE TEMPORARY FUNCTION iso_weekday(t TIMESTAMP_NTZ) RETURNS INT RETURN weekday(t) + 1",
    "CREATE TEMPORARY FUNCTION hour_of_week(t TIMESTAMP_NTZ) RETURNS INT RETURN weekday(t) * 24 + hour(t)",
    "CREATE TEMPORARY FUNCTION day_of(t TIMESTAMP_NTZ) RETURNS DATE RETURN CAST(t AS DATE)",
    "CREATE TEMPORARY FUNCTION month_of(t TIMESTAMP_NTZ) RETURNS DATE RETURN CAST(date_trunc('MONTH', t) AS DATE)",
    (
        "CREATE TEMPORARY FUNCTION seconds_between(a TIMESTAMP_NTZ, b TIMESTAMP_NTZ) RETURNS DOUBLE "
        "RETURN (unix_micros(CAST(b AS TIMESTAMP)) - unix_micros(CAST(a AS TIMESTAMP))) / 1000000.0"
    ),
)
