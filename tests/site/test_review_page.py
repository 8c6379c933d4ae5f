"""The numbers of a review's front page open exactly their rows, for each reader theirs; and so do the files of these lists."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import DAY, World

SEEN = {"manager": 3, "board_member": 2, "observer": 2}
"""How many pieces of evidence of the world each sees: one is sensitive, and only who added it is in its group."""


@pytest.fixture(params=SEEN)
def reader(request: pytest.FixtureRequest, world: World, browser_of: Callable[[Any], Client]) -> Client:
    """The browser of one of them, in a review with a sensitive finding and one that a sensitive recommendation answers."""
    from bestvalue.record.delivery.changes import draft_recommendation
    from bestvalue.record.delivery.models import Recommendation
    from bestvalue.record.reviews.changes import add_finding
    from bestvalue.record.reviews.models import Finding, Tone

    strands = list(world.review.strands.all())
    common: dict[str, Any] = {"evidence": [world.note], "by": world.manager}
    add_finding(world.review, strand=strands[1], text="The desk works.", tone=Tone.POSITIVE, **common)
    hidden = add_finding(world.review, strand=strands[0], text="Not for all.", tone=Tone.NEGATIVE, **common)
    half = add_finding(world.review, strand=strands[0], text="Days are full.", tone=Tone.NEGATIVE, **common)
    answer = draft_recommendation(world.review, text="Not for all.", findings=[half], on=DAY, by=world.manager)
    marked = {"marking": "OFFICIAL-SENSITIVE", "group": world.secret.group}
    Finding.objects.filter(pk=hidden.pk).update(**marked)
    Recommendation.objects.filter(pk=answer.pk).update(**marked)
    browser = browser_of(getattr(world, request.param))
    browser.who = request.param  # type: ignore[attr-defined]  # for the one test that tells them apart
    return browser


def listed(browser: Client, address: str) -> int:
    return int(browser.get(address).context["page"].paginator.count)


def filed(browser: Client, name: str, query: str) -> int:
    text = browser.get(f"{reverse('list_file', args=[name, 'csv'])}?{query}").content.decode("utf-8-sig")
    return len(list(csv.reader(io.StringIO(text)))) - 1


def test_every_cell_of_the_table_of_coverage_opens_its_evidence(world: World, reader: Client) -> None:
    page, register = reader.get(reverse("review", args=[world.review.pk])), reverse("review_evidence", args=[world.review.pk])
    assert page.context["evidence_count"] == SEEN[reader.who] == listed(reader, register)  # type: ignore[attr-defined]  # as above
    cells = [(row.key, cell.four_c, cell.count) for row in page.context["rows"] for cell in row.cells]
    assert any(count for _, _, count in cells)
    for strand, four_c, count in cells:
        query = f"strand={strand}&four_c={four_c}"
        assert listed(reader, f"{register}?{query}") == count, query


def test_every_number_of_the_balance_opens_its_findings(world: World, reader: Client) -> None:
    page, findings = reader.get(reverse("review", args=[world.review.pk])), reverse("review_findings", args=[world.review.pk])
    assert page.context["findings_count"] == listed(reader, findings)
    for row in page.context["balance"]:
        strand = f"strand={row.strand or ''}"
        assert listed(reader, f"{findings}?{strand}&tone=positive") == row.positive, row.name
        assert listed(reader, f"{findings}?{strand}&tone=negative") == row.negative, row.name
        assert listed(reader, f"{findings}?{strand}&tone=negative&answered=no") == row.unanswered, row.name


def test_what_a_hidden_recommendation_answers_is_not_answered_for_who_does_not_see_it(world: World, reader: Client) -> None:
    whole = reader.get(reverse("review", args=[world.review.pk])).context["balance"][-1]
    # for the manager the hidden finding has no answer; for the others the one that something hidden answers
    assert (whole.negative, whole.unanswered) == ((3, 1) if reader.who == "manager" else (2, 1))  # type: ignore[attr-defined]  # as above
    text = reader.get(reverse("review_findings", args=[world.review.pk])).content.decode()
    assert ("Not for all." in text) == (reader.who == "manager")  # type: ignore[attr-defined]  # as above


def test_every_number_of_recommendations_opens_its_rows_in_the_register(world: World, reader: Client) -> None:
    counts = reader.get(reverse("review", args=[world.review.pk])).context["recommendations"]
    assert sum(count.rows for count in counts[1:]) == counts[0].rows > 0
    for count in counts:
        assert listed(reader, count.address) == count.rows, count.words


@pytest.mark.parametrize("query", ["four_c=consult", "kind=interview", "words=Interview", "kind=nothing of the kind", ""])
def test_the_file_of_the_register_has_the_rows_of_the_page(world: World, manager: Client, query: str) -> None:
    of = f"review={world.review.pk}&{query}"
    assert filed(manager, "evidence", of) == listed(manager, f"{reverse('review_evidence', args=[world.review.pk])}?{query}")


@pytest.mark.parametrize("query", ["tone=negative&answered=no", "tone=negative&answered=yes", "words=night", "tone=loud", ""])
def test_the_file_of_the_findings_has_the_rows_of_the_page(world: World, manager: Client, query: str) -> None:
    of = f"review={world.review.pk}&{query}"
    assert filed(manager, "findings", of) == listed(manager, f"{reverse('review_findings', args=[world.review.pk])}?{query}")


def test_the_front_page_tells_the_whole_life_of_a_review_with_every_gate_and_why_it_cannot_be_decided_yet(
    manager: Client, world: World
) -> None:
    from bestvalue.record.reviews.life_cycle import EDGES, Gate

    answer = manager.get(reverse("review", args=[world.review.pk]))
    told = {task.words: task for phase in answer.context["phases"] for task in phase.tasks}
    gates = {gate: told[EDGES[gate].gate.label.capitalize()] for gate in Gate if gate not in (Gate.RESCOPE, Gate.WITHDRAW)}
    done = {gate for gate, task in gates.items() if task.tag.words == "Done"}
    assert done == {Gate.SELECT, Gate.SANCTION, Gate.SCOPE, Gate.BEGIN}
    assert gates[Gate.REPORT].address == reverse("review_decision", args=[world.question.pk])
    assert "the review stands at “In review”" in gates[Gate.CLOSE].hint.replace("The review", "the review")
    assert told["Findings: Demand"].tag.words == "Done"
    assert told["Evidence of all 4Cs: Demand"].hint.startswith("Lacks ")
    assert told["Challenges raised and answered"].hint == "1 waits for an answer"
    reached = {task.address for task in told.values() if task.address and "publish" not in task.address}
    assert {address: manager.get(address).status_code for address in reached} == dict.fromkeys(reached, 200)


def test_the_tasks_of_a_review_count_nothing_that_is_hidden(manager: Client, world: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.reviews.models import Marking

    for row in (world.challenge, world.finding, world.option):
        row.marking, row.group = Marking.SENSITIVE, world.secret.group
        row.save()
    phases = browser_of(world.observer).get(reverse("review", args=[world.review.pk])).context["phases"]
    told = {task.words: task for phase in phases for task in phase.tasks}
    assert told["Findings: Demand"].tag.words != "Done"
    assert "wait" not in told["Challenges raised and answered"].hint
