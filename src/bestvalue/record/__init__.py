"""The record: Django apps that hold who decided what, on what evidence, and what came of it."""
