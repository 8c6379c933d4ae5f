"""Checking what was read, beside its source."""

from django.test import Client
from django.urls import reverse
from tests.world import World


def test_what_waits_shows_beside_its_paragraph_with_how_sure_the_reader_is(manager: Client, world: World) -> None:
    page = manager.get(reverse("report_check", args=[world.report.slug])).content.decode()
    assert "1 recommendation waits" in page
    assert "page 4, line 14" in page
    assert "it only says should" in page
    assert "Low confidence" in page


def test_the_report_says_that_something_waits(manager: Client, world: World) -> None:
    assert "check what was read" in manager.get(reverse("report", args=[world.report.slug])).content.decode()


def test_a_corrected_recommendation_enters_the_register_with_the_correction(manager: Client, world: World) -> None:
    form = {"number": "2", "text": "Boards must meet monthly.", "paragraph": world.extracted.paragraph_id, "reason": "Misread."}
    page = manager.post(reverse("extracted", args=[world.extracted.pk]), form, follow=True).content.decode()
    assert "Recommendation 2 is in the register" in page
    assert "Corrected" in page
    assert "Nothing waits to be checked." in page


def test_it_is_split_with_numbers_of_their_own(manager: Client, world: World) -> None:
    page = manager.get(reverse("extracted_change", args=[world.extracted.pk, "split"])).content.decode()
    assert 'value="2a"' in page
    form = {"first_number": "2a", "first_text": "Boards should meet.", "second_number": "2b", "second_text": "They should meet monthly."}
    done = manager.post(reverse("extracted_change", args=[world.extracted.pk, "split"]), form, follow=True).content.decode()
    assert "Recommendation 2a" in done
    assert "Recommendation 2b" in done


def test_a_number_that_is_taken_is_said_at_its_field(manager: Client, world: World) -> None:
    form = {"number": "1", "text": "Boards should meet monthly."}
    page = manager.post(reverse("extracted", args=[world.extracted.pk]), form).content.decode()
    assert 'href="#id_number"' in page
    assert "in the register already" in page


def test_a_report_that_nobody_has_seen_goes_to_be_checked(manager: Client, world: World, client: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = (
        "Inspectorate of Fire\nInspection of stores\nMarch 2020\n\n1 Introduction\n\n1.1 Stores are full.\n\n"
        "1.2 We looked at them.\n\nRecommendation 1\n\nThe service should sell what it does not need.\n"
    )
    form = {"file": SimpleUploadedFile("stores.txt", text.encode()), "issuer": "Inspectorate of Fire"}
    answer = manager.post(reverse("report_import"), form, follow=True)
    assert answer.request["PATH_INFO"].endswith("/check/"), answer.content.decode()
    assert "should sell what it does not need" in answer.content.decode()
