"""Pages of inspections, of good practice and of checking ask at most a dozen questions, however much there is to show."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.inspected import inspect, take_up
from tests.world import World

AT_MOST = 12


@pytest.mark.parametrize("who", ["inspector", "manager"])
def test_no_page_asks_much(world: World, who: str, browser_of: Callable[[Any], Client]) -> None:
    inspected, uptake = inspect(world), take_up(world)
    browser: Client = browser_of(getattr(world, who))
    pk = inspected.inspection.pk
    pages: dict[str, list[Any]] = {
        "inspections": [],
        "inspection": [pk],
        "inspection_text": [pk],
        "inspection_criterion": [pk, "criterion"],
        "practice": [],
        "practice_one": [uptake.practice_id],
        "report_check": [world.report.slug],
        "extracted": [world.extracted.pk],
    }
    if who == "inspector":
        pages |= {"inspection_moderation": [pk], "inspection_comparison": [pk]}
    browser.get(reverse("home"))
    asked = {}
    for name, arguments in pages.items():
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(reverse(name, args=arguments)).status_code == 200
        asked[name] = [query["sql"][:110] for query in captured.captured_queries]
    assert {name: said for name, said in asked.items() if len(said) > AT_MOST} == {}
