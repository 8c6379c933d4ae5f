"""Things for tests of the record. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person


@pytest.fixture
def person(db: None) -> "Callable[..., Person]":
    """Makes the least valid person."""
    from bestvalue.record.bodies.models import Person

    def make(name: str = "Analyst") -> Person:
        return Person.objects.create(name=name)

    return make
