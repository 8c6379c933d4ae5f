"""Readers: each turns files of one published layout into a table of the contract. `READERS` is the one list of them."""

from collections.abc import Mapping

from bestvalue.dataset.readers.reader import Reader

READERS: Mapping[str, Reader] = {}
"""Every reader by name, in the order in which a header is held against them."""
