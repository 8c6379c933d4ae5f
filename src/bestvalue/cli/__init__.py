"""The `bestvalue` command."""
