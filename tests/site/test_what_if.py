"""The what-if page: sliders over the scenarios of a kept result, and the way from there into a review."""

import csv
import io

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.what_if_result import what_if_result
from tests.world import World

AT_MOST = 12


@pytest.fixture
def digest(world: World) -> str:
    return str(settings.WORKSPACE.store.put(what_if_result()).digest)


def page(browser: Client, digest: str, **asked: str) -> str:
    answer = browser.get(reverse("what_if", args=[digest]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_result_leads_to_its_sliders_and_no_other_result_does(manager: Client, world: World, digest: str) -> None:
    assert reverse("what_if", args=[digest]) in manager.get(reverse("result", args=[digest])).content.decode()
    assert "what-if" not in manager.get(reverse("result", args=[world.digest])).content.decode()
    assert manager.get(reverse("what_if", args=[world.digest])).status_code == 404
    assert manager.get(reverse("what_if", args=["0" * 64])).status_code == 404


def test_the_answer_stands_before_the_sliders_with_base_and_interval(manager: Client, digest: str) -> None:
    html = page(manager, digest, local="0.5")
    assert html.index("20.0 points fewer (19.0 to 21.0)") < html.index('type="range"')
    assert "Base: immediate: 1,000 simulated incidents" in html
    assert 'value="0.5"' in html


def test_without_a_choice_it_shows_today_and_claims_no_change(manager: Client, digest: str) -> None:
    html = page(manager, digest)
    assert "of immediate calls are reached within target." in html
    assert "points fewer" not in html
    assert "Use as evidence" not in html


def test_every_chart_of_the_page_has_its_table_and_its_csv(manager: Client, digest: str) -> None:
    answer = manager.get(reverse("what_if", args=[digest]), {"local": "0.5", "support": "2"})
    for name, chart in answer.context["charts"].items():
        assert f'id="table-{chart.table}"' in answer.content.decode(), name
        assert manager.get(chart.address).headers["Content-Type"] == "image/svg+xml"
    for table in answer.context["tables"].values():
        rows = list(csv.reader(io.StringIO(manager.get(table.download).content.decode("utf-8-sig"))))
        assert len(rows) == table.rows_in_all + 1
        assert {row[0] for row in rows[1:]} == {"Local units x0.5 + Support units x2"}


def test_another_choice_is_another_picture(manager: Client, digest: str) -> None:
    address = reverse("what_if_chart", args=[digest, "response"])
    assert manager.get(address, {"local": "0.5"}).content != manager.get(address, {"local": "2"}).content


@pytest.mark.parametrize(("part", "name"), [("chart", "none"), ("table", "none"), ("chart", "response"), ("table", "areas")])
def test_a_part_that_is_not_there_or_was_not_worked_out_is_not_found(manager: Client, digest: str, part: str, name: str) -> None:
    asked = {} if name == "none" else {"local": "2", "support": "0.5"}
    assert manager.get(reverse(f"what_if_{part}", args=[digest, name]), asked).status_code == 404


def test_what_was_not_worked_out_is_said_and_can_be_asked_for_with_the_settings_of_the_result(manager: Client, digest: str) -> None:
    answer = manager.get(reverse("what_if", args=[digest]), {"local": "2", "support": "0.5"})
    html = answer.content.decode()
    assert "This has not been worked out" in html
    assert "The result holds no scenario with local x2 + support x0.5" in html
    assert "points" not in html
    form = manager.get(answer.context["another"]).context["form"]
    assert form["together"].value() == "local x0.5 + support x2, local x2 + support x0.5"
    assert form["seed"].value() == 7


def test_the_form_that_it_fills_asks_for_a_job(manager: Client, digest: str, world: World) -> None:
    from bestvalue.record.jobs.models import Job

    header = "incident_id,opened_at,area_id,grade,easting_m,northing_m,first_station,first_attendance_seconds"
    row = "1,2024-01-05 10:00:00,A,immediate,530000,180000,Soho,300"
    (settings.WORKSPACE.data_folder / "incidents.csv").write_text(f"{header}\n{row}\n")
    another = manager.get(reverse("what_if", args=[digest]), {"local": "0.6"}).context["another"]
    form = manager.get(another).context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value() not in (None, "", [])}
    assert manager.post(another, {name: value for name, value in filled.items() if value is not False}).status_code == 302
    assert "local x0.6" in Job.objects.get().spec["together"]


def test_an_address_cannot_fill_the_form_of_one_analysis_from_a_result_of_another(manager: Client, digest: str) -> None:
    form = manager.get(reverse("analysis_run", args=["challenge.demand"]), {"like": digest, "no_such": "1"}).context["form"]
    assert form["seed"].value() == 1
    assert manager.get(reverse("analysis_run", args=["challenge.demand"]), {"like": "../../etc"}).status_code == 200


def test_it_becomes_evidence_under_its_own_title(manager: Client, digest: str, world: World) -> None:
    html = page(manager, digest, local="0.5")
    offered = manager.get(
        reverse("evidence_add", args=[world.review.pk]), {"result": digest, "title": "More or fewer units: Local units x0.5"}
    )
    assert "title=More+or+fewer+units%3A+Local+units+x0.5" in html
    assert offered.context["form"]["title"].value() == "More or fewer units: Local units x0.5"
    assert offered.context["form"]["result_digest"].value() == digest


def test_it_becomes_an_option_with_its_cost_and_effect(manager: Client, digest: str, world: World) -> None:
    answer = manager.get(reverse("what_if", args=[digest]), {"local": "0.5"})
    form = manager.get(f"{reverse('option_add', args=[world.option.question_id])}?{answer.context['as_option']}").context["form"]
    sent = {name: form[name].value() for name in ("text", "cost", "effect")}
    assert manager.post(reverse("option_add", args=[world.option.question_id]), sent).status_code == 302
    saved = world.option.question.options.order_by("-number")[0]
    assert saved.text == "Local units x0.5"
    assert "£4 million a year less" in saved.cost
    assert "20.0 points fewer" in saved.effect


def test_who_only_reads_is_offered_the_answer_and_no_form(browser_of: object, world: World, digest: str) -> None:
    client = Client()
    client.force_login(world.observer.user)
    html = page(client, digest, local="0.5")
    assert "points fewer" in html
    assert "Save as option" not in html
    assert "Use as evidence" not in html


def test_a_failed_validation_stands_first(manager: Client, world: World) -> None:
    html = page(manager, settings.WORKSPACE.store.put(what_if_result(failed=True)).digest, local="0.5")
    assert html.index("The test failed") < html.index("points fewer")


def test_the_page_asks_little_of_the_database_however_many_reviews_there_are(manager: Client, world: World, digest: str) -> None:
    from bestvalue.record.reviews.models import Part, Review, ReviewBody

    manager.get(reverse("home"))
    address = f"{reverse('what_if', args=[digest])}?local=0.5"
    with CaptureQueriesContext(connection) as before:
        manager.get(address)
    for number in range(4):
        another = Review.objects.create(
            programme=world.review.programme,
            title=f"Review {number}",
            service="Cells",
            force=world.review.force,
            authority=world.review.authority,
        )
        ReviewBody.objects.create(review=another, body=world.manager.memberships.get().body, part=Part.TEAM)
        another.stages.create(stage="proposed", on=world.note.effective_date, by=world.manager)
    with CaptureQueriesContext(connection) as after:
        html = manager.get(address).content.decode()
    assert "Review 3" in html
    assert len(before) == len(after) <= AT_MOST
