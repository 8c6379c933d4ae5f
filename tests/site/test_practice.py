"""The register of good practice on the site."""

from django.test import Client
from django.urls import reverse
from tests.inspected import take_up
from tests.world import World


def test_what_a_report_holds_up_is_offered_to_be_described_with_where_it_was_seen(manager: Client, world: World) -> None:
    practice = world.report.good_practice.get()
    assert "The panel worked well." in manager.get(reverse("practice")).content.decode()
    page = manager.get(f"{reverse('practice_add')}?report={practice.pk}").content.decode()
    assert 'value="Metropolitan Force"' in page
    form = {"title": "Panel", "service": "Support", "where_seen": "Here", "conditions": "Time.", "evidence": "The report."}
    done = manager.post(f"{reverse('practice_add')}?report={practice.pk}", form, follow=True).content.decode()
    assert "It is in the register of good practice" in done
    assert world.report.title in done


def test_who_took_it_up_and_what_came_of_it_stand_together(manager: Client, world: World) -> None:
    uptake = take_up(world)
    form = {"worked": "partly", "text": "Two of three joined.", "on_day": "1", "on_month": "3", "on_year": "2026"}
    page = manager.post(reverse("practice_result", args=[uptake.pk]), form, follow=True).content.decode()
    assert "A panel of three." in page
    assert "It worked in part" in page


def test_a_search_looks_for_every_word(manager: Client, world: World) -> None:
    take_up(world)
    assert "A panel of critical friends" in manager.get(f"{reverse('practice')}?words=critical+panel").content.decode()
    assert "A panel of critical friends" not in manager.get(f"{reverse('practice')}?words=critical+custody").content.decode()


def test_a_finding_that_somebody_may_not_see_is_no_origin(outsider: Client, world: World) -> None:
    assert outsider.get(f"{reverse('practice_add')}?finding={world.finding.pk}").status_code == 404


def test_a_review_that_is_being_scoped_is_shown_practice_of_like_services(manager: Client, world: World) -> None:
    from bestvalue.record.reviews.models import ReviewStage

    take_up(world)
    page = reverse("review", args=[world.review.pk])
    assert "A panel of critical friends" not in manager.get(page).content.decode()
    ReviewStage.objects.update(stage="sanctioned")
    assert "A panel of critical friends" in manager.get(page).content.decode()
