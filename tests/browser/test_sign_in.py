"""Signing in, and what meets whoever gets it wrong."""

from tests.browser.conftest import Arrive
from tests.world import PASSWORD, World


def test_somebody_with_a_place_signs_in_and_finds_what_needs_them(world: World, arrive: Arrive) -> None:
    # given a project manager at the door
    page = arrive(at="/reviews/")
    # when they sign in
    page.fill("Email", world.manager.email)
    page.fill("Password", PASSWORD)
    page.press_button("Sign in")
    # then they are where they wanted to go, and one click from what waits for them
    assert page.path == "/reviews/"
    page.click("Home", exact=True)
    assert page.heading == "What needs you"
    assert "asks for something without a recommendation" in page.text()


def test_a_wrong_password_moves_the_focus_to_the_summary_of_errors(world: World, arrive: Arrive) -> None:
    page = arrive()
    page.fill("Email", world.manager.email)
    page.fill("Password", "something else entirely")
    page.press_button("Sign in")
    assert page.title.startswith("Error: ")
    assert "govuk-error-summary" in page.focus()["class"]


def test_signing_in_needs_no_mouse(world: World, arrive: Arrive) -> None:
    page = arrive()
    page.tab_to("Email", tag="input")
    page.type(world.manager.email)
    page.tab_to("Password", tag="input")
    page.type(PASSWORD)
    page.press("Enter")
    page.wait_for("What needs you")
    assert page.heading == "What needs you"
