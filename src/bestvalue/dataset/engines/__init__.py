"""Data engines: DuckDB on one machine, Spark on a cluster, one small interface."""
