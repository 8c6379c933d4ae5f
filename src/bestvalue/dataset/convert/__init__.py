"""Turning the files of a table into the one Parquet file that the engines read, with every row accounted for."""
