"""From a kept result by its sliders to an option of the review, and to a scenario that was not worked out."""

import pytest
from django.conf import settings
from django.urls import reverse
from tests.browser.conftest import Arrive
from tests.browser.test_accessibility import SIDEWAYS, TAGS
from tests.what_if_result import what_if_result
from tests.world import World


@pytest.fixture
def digest(world: World) -> str:
    return str(settings.WORKSPACE.store.put(what_if_result()).digest)


def test_an_analyst_halves_local_units_with_the_keyboard_and_saves_an_option(world: World, arrive: Arrive, digest: str) -> None:
    # given somebody who reads the result
    page = arrive(world.manager, at=reverse("result", args=[digest]))
    page.click("What if?", role="button")
    assert "90% (89 to 91) of immediate calls are reached within target." in page.text()
    # when they move the slider one place down: it rests on the next place that was worked out
    page.tab_to("Local units", tag="input")
    page.press("ArrowLeft")
    assert page.text("output[for=id_local]") == "x0.5"
    assert page.attribute("#id_local", "aria-valuetext") == "0.5 times today"
    page.press_button("Show")
    # then the answer stands first, with the charts beside their tables
    assert "20.0 points fewer (19.0 to 21.0)" in page.text()
    assert page.evaluate("[...document.querySelectorAll('figure img')].every(image => image.naturalWidth > 0)")
    assert page.faults(TAGS) == []
    # and it becomes an option of the review
    page.click("Save as option of question 1")
    page.press_button("Add the option")
    assert "£4 million a year less" in page.text()


def test_one_can_go_back_up_past_what_was_worked_out(world: World, arrive: Arrive, digest: str) -> None:
    page = arrive(world.manager, at=reverse("what_if", args=[digest]) + "?local=0.5")
    page.tab_to("Local units", tag="input")
    for place in ("x1", "x2"):
        page.press("ArrowRight")
        assert page.text("output[for=id_local]") == place


def test_without_script_show_answers_and_what_is_missing_can_be_asked_for(world: World, arrive: Arrive, digest: str) -> None:
    page = arrive(world.manager, at=reverse("what_if", args=[digest]) + "?local=2&support=0.5", script=False)
    assert "This has not been worked out" in page.text()
    page.press_button("Show")
    assert page.path.endswith("local=2&support=0.5&instead=")
    page.press_button("Ask for another")
    assert "What would be the effect of halving or doubling" in page.heading


@pytest.mark.parametrize("asked", ["", "?local=0.5&support=2", "?local=2&support=0.5"])
def test_on_a_phone_it_scrolls_down_only(world: World, arrive: Arrive, digest: str, asked: str) -> None:
    page = arrive(world.manager, at=reverse("what_if", args=[digest]) + asked, width=320)
    assert page.evaluate(SIDEWAYS) == 0
    assert page.faults(TAGS) == []
