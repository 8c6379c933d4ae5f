"""Every address of the site, as each role finds it: what a machine can check of WCAG 2.2 AA.

Each is fetched for each role, and the browser opens those that are built unlike all before them: a page with other buttons, another marking
or another refusal is judged, and the same page to six people is judged once.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.browser.conftest import Arrive
from tests.browser.test_accessibility import TAGS
from tests.site.conftest import browser_of  # noqa: F401 - a fixture
from tests.site.test_hidden import person_of_role
from tests.site.test_roles import EXPECTED, ROLES, arguments  # noqa: F401 - arguments is a fixture
from tests.world import World

TAG = re.compile(r"<([a-z][a-z0-9-]*)([^<>]*)>")
HOW = re.compile(r'\b(?:class|role|type|scope)="[^"]*"|\b[a-z-]+(?==|\s|$)')
ALIKE = 12
"""Tags looked back at: what a list or a table repeats counts once, so that one of 3 rows is built like one of 30."""


def built(html: str) -> tuple[str, ...]:
    """Its tags in order, with their classes, roles and the names of their other attributes."""
    tags = [f"{name} {sorted(HOW.findall(attributes))}" for name, attributes in TAG.findall(html)]
    return tuple(tag for place, tag in enumerate(tags) if tag not in tags[max(place - ALIKE, 0) : place])


@pytest.mark.slow
@pytest.mark.parametrize("part", [0, 1])
def test_no_address_breaks_a_rule_of_accessibility_to_any_role(
    world: World,
    arguments: dict[str, list[Any]],  # noqa: F811 - the fixture
    browser_of: Callable[[Any], Client],  # noqa: F811 - the fixture
    arrive: Arrive,
    part: int,
) -> None:
    names = list(EXPECTED)[part::2]  # two workers take a half each
    seen: set[tuple[str, ...]] = set()
    found, opened = {}, 0
    for role in ROLES:
        person = person_of_role(world, role)
        client, page = browser_of(person), arrive(person)
        for name in names:
            path = reverse(name, args=arguments.get(name, []))
            answer = client.get(path)
            if answer.streaming:
                list(answer.streaming_content)  # read to its end, a file is closed
                continue
            if answer.status_code in (302, 405) or not answer["Content-Type"].startswith("text/html"):
                continue
            if (how := built(answer.content.decode())) in seen:
                continue
            seen.add(how)
            page.go(path)
            opened += 1
            if faults := page.faults(TAGS):
                found[f"{role}: {path}"] = faults
        page.forget_complaints()  # a refused address is an error to the console
    assert found == {}
    assert opened > len(names) // 2
