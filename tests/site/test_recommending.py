"""Drafting a recommendation on the site, costing it, and seeing on its pages what nobody has costed."""

import html
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World

if TYPE_CHECKING:
    from bestvalue.record.delivery.models import Recommendation

WHOLE = {
    "text": "Put two units on nights.",
    "one_off_cost_pence": "£12,000",
    "cost_a_year_pence": "3400.50",
    "staffing_fte": "-1.5",
    "cost_text": "From the costing of 2026.",
    "cashable_a_year_pence": "9,400.50",
    "saving_text": "Overtime at night.",
    "non_cashable_text": "Shorter waits.",
    "measure": "support within 20 minutes at night",
    "measure_unit": "%",
    "baseline": "71",
    "target_value": "85",
}


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def add(browser: Client, world: World, **said: Any) -> Any:
    return browser.post(reverse("recommendation_add", args=[world.review.pk]), {"findings": [world.finding.pk]} | said)


def newest(world: World) -> "Recommendation":
    found: Recommendation = world.review.recommendations.latest("pk")
    return found


def test_the_finding_its_list_and_the_review_lead_to_the_form_with_the_finding_chosen(
    manager: Client, browser_of: Callable[[Any], Client], world: World
) -> None:
    from bestvalue.record.reviews.changes import add_finding
    from bestvalue.record.reviews.models import Tone

    other = add_finding(
        world.review, strand=world.finding.strand, text="Calls wait.", tone=Tone.NEGATIVE, evidence=[world.note], by=world.manager
    )
    address = reverse("recommendation_add", args=[world.review.pk])
    pages = {
        reverse("review", args=[world.review.pk]): address,
        reverse("review_findings", args=[world.review.pk]): f"{address}?finding={other.pk}",
        reverse("finding", args=[other.pk]): f"{address}?finding={other.pk}",
    }
    for page, link in pages.items():
        assert f'href="{link}"' in text(manager.get(page)), page
        assert address not in text(browser_of(world.observer).get(page)), page
    form = manager.get(address, {"finding": other.pk}).context["form"]
    assert [box.data["selected"] for box in form["findings"]] == [False, True]


def test_what_is_sent_is_drafted_with_its_findings_and_every_figure_in_pence(manager: Client, world: World) -> None:
    body = world.review.force
    answer = add(manager, world, **WHOLE, addressed_body=body.pk)
    made = newest(world)
    assert answer.url == reverse("recommendation", args=[made.pk])
    assert (made.number, made.text, made.addressed_body, list(made.findings.all())) == ("2", WHOLE["text"], body, [world.finding])
    figures = (made.one_off_cost_pence, made.cost_a_year_pence, made.cashable_a_year_pence, made.staffing_fte)
    assert figures == (1_200_000, 340_050, 940_050, Decimal("-1.5"))
    assert (made.measure, made.measure_unit, made.baseline, made.target_value) == (WHOLE["measure"], "%", 71, 85)


def test_its_page_shows_every_figure_and_what_follows_from_them(manager: Client, world: World) -> None:
    add(manager, world, **WHOLE)
    page = text(manager.get(reverse("recommendation", args=[newest(world).pk])))
    # By hand: 9,400.50 - 3,400.50 = 6,000 a year; 12,000 / 6,000 = 2 years.
    for words in ("£12,000", "£3,400.50", "1.5 full-time posts fewer", "£9,400.50", "£6,000 saved on balance", "after 2 years"):
        assert words in page
    assert "support within 20 minutes at night: from 71 to 85 %" in page
    assert "is not costed" not in page


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [
        ("text", "", "Enter what is asked"),
        ("findings", [], "Select at least one finding"),
        ("one_off_cost_pence", "a lot", "Enter what it costs once in pounds, such as 12,000 or 3400.50"),
        ("one_off_cost_pence", "1.005", "Enter what it costs once in pounds, such as 12,000 or 3400.50"),
        ("cost_a_year_pence", "-5", "Enter what it costs each year as 0 or more: neither a cost nor a saving is below nothing"),
        ("cashable_a_year_pence", "NaN", "Enter what can be taken out of the budget each year in pounds, such as 12,000 or 3400.50"),
        ("cashable_a_year_pence", "1e400", "Enter what can be taken out of the budget each year in pounds, such as 12,000 or 3400.50"),
        ("staffing_fte", "many", "Enter a number, such as 71 or 4.5"),
        ("measure", "", "A unit, a baseline and a target are those of a measure. Enter what is measured."),
        ("measure_unit", "", "The measure has no unit. Enter it, such as %, hours or bids."),
        ("target_value", "", "The measure has no target. Enter the value that shows that it has worked."),
    ],
)
def test_a_fault_stands_beside_its_field_and_in_the_summary_and_nothing_is_drafted(
    manager: Client, world: World, field: str, wrong: Any, words: str
) -> None:
    answer = add(manager, world, **WHOLE | {field: wrong})
    page = text(answer)
    errors = answer.context["form"].errors
    assert {name: list(said) for name, said in errors.items()} == {field: [words]}
    summary = page[page.index("govuk-error-summary") : page.index("<h1")]
    assert words in summary
    assert f'id="id_{field}_error"' in page
    assert world.review.recommendations.count() == 1


def test_a_finding_of_another_review_or_one_that_is_hidden_cannot_be_named(manager: Client, world: World) -> None:
    assert "Select a valid choice" in text(add(manager, world, text="Do it.", findings=[10**6]))
    assert manager.get(reverse("recommendation_add", args=[world.review.pk]), {"finding": "x"}).status_code == 200
    assert world.review.recommendations.count() == 1


def test_a_review_without_findings_is_led_to_draw_one(manager: Client, world: World) -> None:
    from bestvalue.record.reviews.changes import start_review
    from bestvalue.record.reviews.life_cycle import Part

    other = start_review(
        programme=world.review.programme,
        title="Another",
        service="Custody",
        force=world.review.force,
        bodies={Part.TEAM: world.manager.memberships.get().body},
        on=world.note.effective_date,
        by=world.manager,
    )
    page = text(manager.get(reverse("recommendation_add", args=[other.pk])))
    assert reverse("finding_add", args=[other.pk]) in page
    assert "Save the recommendation" not in page


def test_what_is_not_costed_shows_on_its_page_on_the_review_in_the_register_and_before_publishing(manager: Client, world: World) -> None:
    add(manager, world, **WHOLE)
    bare, costed = world.ours, newest(world)
    assert "This recommendation is not costed: it lacks a cost in figures, a benefit and a measure of success" in text(
        manager.get(reverse("recommendation", args=[bare.pk]))
    )
    listed = f"{reverse('register')}?review={world.review.pk}&watch=uncosted"
    review = manager.get(reverse("review", args=[world.review.pk]))
    (task,) = [task for phase in review.context["phases"] for task in phase.tasks if "cost and a benefit" in task.words]
    assert (task.address, task.hint) == (listed, "1 not costed yet: the financial adviser is the one to look")
    assert [row.key for row in manager.get(listed).context["rows"]] == [bare.pk]
    publish = text(manager.get(reverse("publish", args=[world.review.pk])))
    assert "A recommendation is not costed. The report can go out so, and says so" in publish
    assert f"{reverse('recommendation', args=[costed.pk])}#costing" not in publish
    # when it is costed
    said = {"version": bare.row_version, "text": bare.text, "one_off_cost_pence": "0", "non_cashable_text": "Calm."}
    assert manager.post(reverse("edit", args=["recommendation", bare.pk]), said).status_code == 302
    # then nothing warns any more
    assert "not costed" not in text(manager.get(reverse("publish", args=[world.review.pk])))
    assert "not costed yet:" not in text(manager.get(reverse("review", args=[world.review.pk])))


def test_two_who_cost_it_see_both_amounts_in_pounds_and_choose(manager: Client, world: World) -> None:
    edit = reverse("edit", args=["recommendation", world.ours.pk])
    first = {"version": 1, "text": world.ours.text, "one_off_cost_pence": "500"}
    manager.post(edit, first)
    met = manager.post(edit, first | {"one_off_cost_pence": "900.50"})
    assert met.status_code == 409
    (row,) = met.context["differences"]
    assert (row.before, row.theirs, row.mine) == ("Nothing", "£500", "£900.50")
    assert 'name="keep_one_off_cost_pence"' in text(met)


def test_the_form_to_edit_it_brings_back_the_pounds_that_were_typed(manager: Client, world: World) -> None:
    add(manager, world, **WHOLE)
    page = text(manager.get(reverse("edit", args=["recommendation", newest(world).pk])))
    assert 'value="12000"' in page
    assert 'value="3400.50"' in page


def test_what_others_recommend_is_not_called_uncosted(manager: Client, world: World) -> None:
    assert "not costed" not in text(manager.get(reverse("recommendation", args=[world.theirs.pk])))
    keys = [row.key for row in manager.get(reverse("register"), {"watch": "uncosted"}).context["rows"]]
    assert keys == [world.ours.pk]


def test_the_api_drafts_edits_and_reads_the_same_figures(manager: Client, world: World) -> None:
    whole = {
        "one_off_cost_pence": 1_200_000,
        "staffing_fte": "-1.5",
        "cashable_a_year_pence": 0,
        "measure": "waits",
        "measure_unit": "%",
        "target_value": 85,
    }
    path = f"/api/reviews/{world.review.pk}/recommendations"
    drafted = manager.post(path, {"text": "Do it.", "findings": [world.finding.pk], **whole}, content_type="application/json")
    key = drafted.json()["id"]
    changed = manager.patch(
        f"/api/recommendations/{key}", {"cost_a_year_pence": 5}, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert (drafted.status_code, changed.status_code) == (201, 200)
    (listed,) = [row for row in manager.get("/api/recommendations").json()["items"] if row["id"] == key]
    assert (listed["one_off_cost_pence"], listed["cost_a_year_pence"], listed["cashable_a_year_pence"]) == (1_200_000, 5, 0)
    assert (Decimal(listed["staffing_fte"]), Decimal(listed["target_value"]), listed["lacks"]) == (Decimal("-1.5"), 85, [])
    for wrong in ({"one_off_cost_pence": -1}, {"staffing_fte": "0.125"}, {"measure": "m" * 201}):
        refused = manager.post(path, {"text": "Do it.", "findings": [world.finding.pk], **wrong}, content_type="application/json")
        assert refused.status_code == 422
    unreadable = {"text": "Do it.", "findings": [world.finding.pk], "measure": "waits"}
    assert manager.post(path, unreadable, content_type="application/json").status_code == 409


def test_what_it_brings_is_found_by_its_words(manager: Client, outsider: Client, world: World) -> None:
    add(manager, world, **WHOLE | {"non_cashable_text": "Quieter neighbourhoods."})
    found = text(manager.get(reverse("search"), {"q": "neighbourhoods"}))
    assert reverse("recommendation", args=[newest(world).pk]) in found
    assert reverse("recommendation", args=[newest(world).pk]) not in text(outsider.get(reverse("search"), {"q": "neighbourhoods"}))


def test_whoever_may_cost_it_is_led_to_do_so_until_it_is_answered(
    manager: Client, browser_of: Callable[[Any], Client], world: World
) -> None:
    from bestvalue.record.delivery.changes import set_status
    from bestvalue.record.delivery.life_cycle import Status

    address, words = reverse("recommendation", args=[world.ours.pk]), "Say what it costs and brings"
    assert words in text(manager.get(address))
    assert words not in text(browser_of(world.observer).get(address))
    for status in (Status.MADE, Status.ACCEPTED):
        set_status(world.ours, status=status, on=world.note.effective_date, by=world.manager)
    page = text(manager.get(address))
    assert words not in page
    assert "It was answered so; what its actions cost stands with them." in page
