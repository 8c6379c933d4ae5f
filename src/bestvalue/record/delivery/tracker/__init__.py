"""Trackers that others keep: any spreadsheet of recommendations, read by a mapping of its columns that is remembered by its source.

`fields` says what a tracker can tell, `grid` reads the file, `guess` proposes what its columns and words mean, `rows` makes sense of them,
and `taking_in` compares them with the register and writes them, as one entry of the ledger.
"""
