"""Journeys: people at the site, in a real browser. The given of each is a small world in a workspace of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.browser.chromium import HERE, Browser, Page
from tests.world import World, confirm_who, make_world

from bestvalue.workspace import Workspace

Arrive = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if shutil.which("node") is None or not (HERE / "node_modules").is_dir():
        pytest.skip("there is no browser yet: run `npm ci` in tests/browser (make test does it)")
    opened = Browser()
    yield opened
    opened.close()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", name="Synthetic Force", synthetic=True)
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


@pytest.fixture
def world(live_server: Any, workspace: Workspace) -> World:
    return make_world()


@pytest.fixture
def arrive(browser: Browser, live_server: Any) -> Iterator[Arrive]:
    """Brings somebody to the site, signed in: `arrive(person)`; without a person, at the door.

    They confirmed just now that it is they, unless `confirmed` is false.
    """
    pages: list[Page] = []

    def arrive(person: Any = None, *, at: str = "/", script: bool = True, width: int = 1280, confirmed: bool = True) -> Page:
        session = ""
        if person is not None:
            client = Client()
            client.force_login(person.user)
            if confirmed:
                confirm_who(client)
            session = client.cookies["sessionid"].value
        page = browser.open(live_server.url, script=script, width=width, session=session)
        pages.append(page)
        page.go(at)
        return page

    yield arrive
    complaints = [complaint for page in pages for complaint in page.complaints()]
    for page in pages:
        page.close()
    assert not complaints, complaints
