"""The register as a workbook: taken out, worked on where there is no network, and brought back without loss.

`layout` says what its sheets hold, `rows` reads these from the record, `write` and `read` are the file, `compare` says what is other
than it was, and `bringing_back` makes the changes, all of them or none.
"""
