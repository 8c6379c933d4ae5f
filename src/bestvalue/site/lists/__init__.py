"""What pages list: the question, the rows that somebody may see, and the same rows as files to take away."""
