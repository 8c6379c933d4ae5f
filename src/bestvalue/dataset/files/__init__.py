"""Files: what lies in them as text, row by row, before any contract is held against it."""
