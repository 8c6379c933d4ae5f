"""A backup of a whole workspace: one file that it is restored from, and that shows whether it is whole."""
