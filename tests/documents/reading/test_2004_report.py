"""The December 2004 inspection of operational support policing: each trap of the domain notes, by its name, on the published text."""

import json
from pathlib import Path

import jsonschema
import pytest

from bestvalue.documents.reading import PublishedReport, Recommendation, read_report, report_as_json, report_schema

PARAGRAPHS_IN_SECTION = {
    "1.1": 6, "1.2": 2, "1.3": 2, "1.4": 4, "1.5": 1, "2.1": 6, "2.2": 6, "2.3": 7, "2.4": 5, "3.1": 6, "3.2": 18, "3.3": 7, "3.4": 1,
    "4.1": 11, "4.2": 6, "4.3": 8, "4.4": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def source(shared: Path) -> Path:
    return shared / "data" / "inspection-report" / "operational-support-policing-2004.txt"


@pytest.fixture(scope="module")
def report(source: Path) -> PublishedReport:
    return read_report(source)


def recommendation(report: PublishedReport, number: str) -> Recommendation:
    return next(each for each in report.recommendations if each.number == number)


def text_of(report: PublishedReport, number: str) -> str:
    paragraph = report.paragraph(number)
    assert paragraph is not None
    return paragraph.text


def test_cover_gives_title_issuer_inspected_body_and_month(report: PublishedReport) -> None:
    assert report.title == "Service Improvement Review of Operational Support Policing"
    assert (report.issuer_abbreviation, report.about) == ("HMIC", "Metropolitan Police Service")
    assert (report.published, report.published_precision) == ("2004-12", "month")


def test_two_judgements_are_each_stated_twice_with_their_scales(report: PublishedReport) -> None:
    good, promising = report.judgements
    assert (good.question, good.grade, good.paragraphs) == ("How good is the service?", "Good", ("1.2.1", "3.4.1"))
    assert (promising.grade, promising.paragraphs) == ("Promising", ("1.3.1", "4.4.2"))
    assert good.scale == ("excellent", "good", "fair", "poor")
    assert promising.scale == ("excellent", "promising", "uncertain", "poor")


def test_98_paragraphs_of_three_figures_and_three_of_good_practice_keep_their_numbers(report: PublishedReport) -> None:
    wanted = [f"{section}.{at}" for section, last in PARAGRAPHS_IN_SECTION.items() for at in range(1, last + 1)]
    assert len(wanted) == 98
    assert [each.number for each in report.paragraphs if each.numbered] == [*wanted, "6.1", "6.2", "6.3"]


def test_every_paragraph_stands_word_for_word_in_the_file(report: PublishedReport, source: Path) -> None:
    written = " ".join(source.read_text(encoding="utf-8").replace("**", "").split())
    for paragraph in report.paragraphs:
        for line in paragraph.text.replace("**", "").split("\n"):
            # A bullet's mark is part of the paragraph's text, and stands before it in the file too.
            assert " ".join(line.split()) in written, paragraph.number


def test_strengths_and_areas_for_development_come_under_the_paragraph_that_lists_them(report: PublishedReport) -> None:
    assert [each.paragraph for each in report.strengths] == ["1.2.1"] * 4 + ["1.3.1"] * 6
    assert [each.paragraph for each in report.areas_for_development] == ["1.2.2"] * 2 + ["1.3.2"] * 2


def test_four_recommendations_are_keyed_and_linked_to_their_paragraphs(report: PublishedReport) -> None:
    assert {each.key: each.paragraph for each in report.recommendations} == {
        "HMIC/operational-support-policing-2004/1": "3.2.6",
        "HMIC/operational-support-policing-2004/2": "3.2.18",
        "HMIC/operational-support-policing-2004/3": "3.3.4",
        "HMIC/operational-support-policing-2004/4": "4.1.11",
    }


def test_each_recommendation_is_stated_in_body_box_and_list(report: PublishedReport) -> None:
    assert [[each.place for each in one.statements] for one in report.recommendations] == [["body", "box", "list"]] * 4


def test_trap_1_two_numbering_series_do_not_collide(report: PublishedReport) -> None:
    others = [(each.number, each.paragraph) for each in report.other_series]
    assert others == [("3", "4.2.4"), ("5", "4.2.4"), ("10", "4.2.4"), ("12", "4.2.4"), ("11", "4.3.6")]
    assert "benchmarking" in recommendation(report, "3").text


def test_trap_2_the_body_of_3_3_4_says_more_than_its_box_and_the_difference_is_shown(report: PublishedReport) -> None:
    third = recommendation(report, "3")
    assert "all future SIRs undertake further external benchmarking" in third.body_text
    assert third.text.endswith("take advantage of external benchmarking opportunities where appropriate.")
    (difference,) = third.differences
    assert (difference.first, difference.second, difference.stronger) == ("body", "box", "body")
    assert {"the body says “all”", "the box says only “where appropriate”"} <= set(difference.reasons)


def test_trap_2_statements_that_only_differ_in_their_introduction_are_no_difference(report: PublishedReport) -> None:
    assert [recommendation(report, number).differences for number in ("1", "2", "4")] == [(), (), ()]


def test_trap_3_contents_and_body_word_three_headings_differently(report: PublishedReport) -> None:
    assert [(each.number, each.in_contents, each.in_body) for each in report.contents_differences] == [
        ("3.1", "Are the service aims clear and challenging?", "Are the aims clear and challenging?"),
        ("4.1", "Does the best value review (BVR) drive improvement?", "Does the BVR drive improvement?"),
        ("4.3", "Will the force deliver the improvements?", "Will improvements in service be delivered?"),
    ]


@pytest.mark.parametrize(
    ("number", "before", "after"),
    [
        ("3.1.6", "However, there is a balance", "to be struck"),
        ("3.2.8", "pan-London unit activity, which takes place", "in their area"),
        ("4.1.10", "future reviews would benefit from", "strategic financial advice"),
    ],
)
def test_trap_4_a_paragraph_that_a_page_end_broke_is_one(report: PublishedReport, number: str, before: str, after: str) -> None:
    assert f"{before} {after}" in text_of(report, number)


def test_trap_4_a_second_part_of_a_paragraph_stays_with_it(report: PublishedReport) -> None:
    assert "They are able to resolve successfully" in text_of(report, "2.2.3")


def test_trap_4_numbered_paragraphs_are_found_with_and_without_a_bullet(report: PublishedReport) -> None:
    assert text_of(report, "1.2.2").startswith("The Inspection, however,")
    assert text_of(report, "3.3.7").startswith("Future reviews should therefore")


def test_trap_4_nested_bullets_and_blank_lines_do_not_break_a_list(report: PublishedReport) -> None:
    assert [len(report.paragraph(number).sub_items) for number in ("1.1.6", "1.2.1", "1.3.1", "3.1.2", "4.2.4")] == [5, 4, 6, 4, 4]  # type: ignore[union-attr]


def test_trap_4_the_stray_rule_after_a_box_belongs_to_nothing(report: PublishedReport) -> None:
    texts = [each.text for each in report.paragraphs] + [statement.text for each in report.recommendations for statement in each.statements]
    assert not any("--" in text for text in texts)


def test_trap_5_a_cross_reference_runs_forward(report: PublishedReport) -> None:
    found = {(each.paragraph, each.target, each.forward, each.found) for each in report.cross_references}
    assert found == {("3.3.5", "Recommendation 4", True, True), ("3.3.5", "4.1.11", True, True)}


@pytest.mark.parametrize("number", ["3.2.9", "3.2.10", "3.2.11", "3.2.12", "3.3.7", "4.1.9", "4.3.6", "4.3.7"])
def test_trap_6_a_finding_that_asks_without_a_recommendation_is_offered(report: PublishedReport, number: str) -> None:
    assert number in {each.paragraph for each in report.candidates}


def test_trap_6_paragraphs_of_recommendations_are_not_offered_again(report: PublishedReport) -> None:
    assert not {"3.2.6", "3.2.18", "3.3.4", "4.1.11"} & {each.paragraph for each in report.candidates}


def test_trap_7_the_question_nobody_could_answer_is_offered(report: PublishedReport) -> None:
    assert any(each.paragraph == "3.3.5" and "halving or doubling" in each.text for each in report.candidates)


def test_trap_8_slippage_after_the_panel_has_left_is_offered(report: PublishedReport) -> None:
    assert {"4.2.6", "4.3.5"} <= {each.paragraph for each in report.candidates}


def test_good_practice_is_numbered_and_its_definition_is_less_sure(report: PublishedReport) -> None:
    definition, panel, consultation = report.good_practice
    assert [each.number for each in report.good_practice] == ["6.1", "6.2", "6.3"]
    assert definition.confidence.share < min(panel.confidence.share, consultation.confidence.share)


def test_bodies_come_with_their_abbreviations(report: PublishedReport) -> None:
    named = {each.abbreviation: each.name for each in report.bodies if each.abbreviation}
    assert named["MPA"] == "Metropolitan Police Authority"
    assert named["PPRC"] == "planning performance and review committee"
    assert {"MPS", "HMIC", "ICP", "IAG", "SCD"} <= named.keys()


def test_json_fits_its_schema_and_has_what_it_promises(report: PublishedReport) -> None:
    found = json.loads(json.dumps(report_as_json(report), allow_nan=False))
    jsonschema.validate(found, report_schema())
    assert found["judgements"][0]["paragraph"] == "1.2.1"
    assert found["recommendations"][2].keys() >= {"key", "number", "paragraph", "text", "body_text"}
