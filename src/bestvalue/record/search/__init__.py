"""Full-text search over the record: the words of everything that can be found, kept beside the rows that they stand in."""
