"""Readers: each turns files of one published or house layout into a table of the contract."""
