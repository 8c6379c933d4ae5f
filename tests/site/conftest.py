"""Pages are opened in a small world, in a workspace of their own. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client
from tests.world import World, confirm_who, make_world

from bestvalue.workspace import Workspace

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace that the site works in: what one test uploads no other finds."""
    made = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


@pytest.fixture
def world(db: None, workspace: Workspace) -> World:
    return make_world()


@pytest.fixture
def manager(client: Client, world: World) -> Client:
    """The browser of the review's project manager, who confirmed just now that it is they."""
    client.force_login(world.manager.user)
    confirm_who(client)
    return client


@pytest.fixture
def browser_of() -> Callable[["Person"], Client]:
    """The browser of somebody who is signed in, and confirmed just now that it is they."""

    def open_one(person: "Person") -> Client:
        client = Client()
        client.force_login(person.user)
        confirm_who(client)
        return client

    return open_one


@pytest.fixture
def outsider(world: World) -> Client:
    """The browser of somebody with a place elsewhere."""
    client = Client()
    client.force_login(world.outsider.user)
    return client
