"""A review as one file that another copy of bestvalue takes in with nothing lost: its rows, its files, its results, a manifest."""
