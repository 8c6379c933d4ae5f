import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from bestvalue.documents.model import Block, Box, Bullets, Paragraph, Report, Section, Table, walk, words_of
from bestvalue.documents.numbering import numbered
from bestvalue.documents.review_content import FourC, ReviewContent
from bestvalue.documents.review_report import review_report
from bestvalue.errors import ReportError

B = TypeVar("B", bound=Block)


def _published(content: ReviewContent) -> Report:
    return numbered(review_report(content))


def _blocks(report: Report, kind: type[B]) -> Iterator[B]:
    return (block for section in walk(report) for block in section.blocks if isinstance(block, kind))


def _section(report: Report, heading: str) -> Section:
    return next(section for section in walk(report) if section.heading == heading)


def _table(report: Report, caption: str) -> list[tuple[str, ...]]:
    table = next(table for table in _blocks(report, Table) if table.caption.startswith(caption))
    return [tuple(words_of(cell) for cell in row) for row in table.rows]


def _words(section: Section) -> list[str]:
    return [words_of(block.text) for block in section.blocks if isinstance(block, Paragraph)]


def test_the_chapters_are_those_that_a_review_must_have(content: ReviewContent) -> None:
    report = _published(content)
    assert [section.heading for section in report.sections] == [
        "Executive summary",
        "Context",
        "Method",
        "The 4Cs: what the evidence says",
        "Findings: Resources",
        "Recommendations",
        "Costs and benefits",
        "Improvement plan",
        "Good practice",
    ]
    assert [annex.heading for annex in report.annexes] == ["Evidence", "Results of the analyses", "Provenance"]
    assert [inner.heading for inner in report.sections[3].sections] == ["Challenge", "Compare", "Consult", "Compete", "Other evidence"]


def test_the_summary_counts_what_was_found_and_asked(content: ReviewContent) -> None:
    words = _words(_section(_published(content), "Executive summary"))
    assert words[:2] == ["The units wait.", "They need not."]
    assert words[2].endswith("It drew 2 findings: 1 strength (50%) and 1 area for improvement (50%).")
    assert words[3] == "It makes 3 recommendations, in short:"


def test_strengths_stand_apart_from_areas_for_improvement_each_with_its_evidence(content: ReviewContent) -> None:
    chapter = _section(_published(content), "Findings: Resources")
    assert [(section.heading, _words(section)) for section in chapter.sections] == [
        ("Strengths", ["Calls are recorded well. (Finding 1.1, evidence E1.)"]),
        ("Areas for improvement", ["Units wait by night. (Finding 1.2, evidence E1 and E2.)"]),
    ]


def test_a_strand_without_findings_is_counted_and_has_no_chapter(content: ReviewContent) -> None:
    report = _published(content)
    assert _table(report, "The strands") == [("Resources", "How many?", "1", "1", "1, 2"), ("Accountability", "To whom?", "0", "0", "none")]
    assert not any(section.heading == "Findings: Accountability" for section in report.sections)


def test_a_recommendation_is_boxed_beside_the_first_finding_it_rests_on(content: ReviewContent) -> None:
    areas = _section(_published(content), "Areas for improvement")
    finding, *boxes = areas.blocks
    assert isinstance(finding, Paragraph)
    assert finding.number == "5.2.1"
    assert [box.title for box in boxes if isinstance(box, Box)] == ["Recommendation 1", "Recommendation 2"]


def test_the_list_of_recommendations_names_the_paragraphs_they_rest_on(content: ReviewContent) -> None:
    rows = _table(_published(content), "Recommendations and")
    assert [row[:3] for row in rows] == [
        ("1", "Share the units.", "paragraph 5.2.1, paragraph 5.1.1"),
        ("2", "Publish the roster.", "paragraph 5.2.1"),
        ("3", "Say who answers for it.", "none"),
    ]


def test_a_recommendation_that_rests_on_no_finding_stands_in_the_list_in_full(content: ReviewContent) -> None:
    section = _section(_published(content), "Recommendations")
    assert [block.title for block in section.blocks if isinstance(block, Box)] == ["Recommendation 3"]


def test_a_cost_that_is_not_known_is_said_to_be_so(content: ReviewContent) -> None:
    report = _published(content)
    assert _table(report, "Costs")[0] == ("Recommendation 1", "£1,200 a year", "not given yet", "not given yet")
    assert _words(_section(report, "Costs and benefits")) == ["Cost or benefit is not given yet for recommendation 1 and 3."]


def test_a_cost_in_words_only_and_what_all_cost_together_are_said(content: ReviewContent) -> None:
    first, second, third = content.recommendations
    asked = (replace(first, cost_in_figures=False, measure="bids: from 1 to 2 %"), second, third)
    report = _published(replace(content, recommendations=asked, costs_together="Together £5."))
    assert _words(_section(report, "Costs and benefits"))[1:] == [
        "The cost is given in words only, without a figure, for recommendation 1.",
        "Together £5.",
    ]
    assert _table(report, "Costs")[0][3] == "bids: from 1 to 2 %"


def test_the_plan_is_in_order_of_dates_and_then_told_in_full(content: ReviewContent) -> None:
    report = _published(content)
    assert [(row[0], row[3]) for row in _table(report, "The actions")] == [("2.1", "1 Jan 2027"), ("1.1", "1 Mar 2027")]
    assert _table(report, "Action 1.1") == [
        ("What", "Share"),
        ("Why", "Calls wait"),
        ("How", "One roster"),
        ("Who", "The lead"),
        ("When", "1 Mar 2027"),
        ("Target", "90% in 15 minutes"),
    ]
    assert "Nothing is planned yet for recommendation 3." in _words(_section(report, "Improvement plan"))[0]


def test_the_actions_of_recommendation_10_come_after_those_of_9(content: ReviewContent) -> None:
    action, asked = content.actions[0], content.recommendations[0]
    many = replace(
        content,
        recommendations=tuple(replace(asked, number=number) for number in ("10", "9")),
        actions=tuple(replace(action, recommendation=number) for number in ("10", "9")),
    )
    headings = [section.heading for section in _section(_published(many), "Improvement plan").sections]
    assert headings == ["Actions for recommendation 9", "Actions for recommendation 10"]


def test_evidence_is_told_once_and_pointed_to_from_the_other_cs(content: ReviewContent) -> None:
    report = _published(content)
    assert _words(_section(report, "Challenge"))[1].startswith("E1: Calls (Analysis result). When do calls come?")
    assert _words(_section(report, "Compare"))[1:] == ["E1: Calls serves this question too: see paragraph 4.1.1."]
    assert _words(_section(report, "Consult"))[1:] == ["E2: Visit to Ash (Visit).", "Nobody was on duty."]
    assert _words(_section(report, "Compete"))[1:] == ["The review holds no evidence under compete yet."]


def test_a_result_that_two_pieces_of_evidence_share_is_printed_once(content: ReviewContent) -> None:
    twice = replace(content, evidence=(*content.evidence, replace(content.evidence[0], reference="E4", four_cs=(FourC.COMPETE,))))
    annex = _section(_published(twice), "Results of the analyses")
    assert len(annex.sections) == 1


def test_provenance_holds_what_is_needed_to_make_the_result_again(content: ReviewContent) -> None:
    report = _published(content)
    made = dict(_table(report, "How the result of challenge.calls was made"))
    assert made["Digest of the dataset"] == "d" * 64
    assert (made["Seed"], made["Settings"]) == ("7", "areas: all; confidence: 0.95")
    assert (made["Engine"], made["Versions"], made["Analysis"]) == ("local", "python 3.11.7", "challenge.calls, version 2")
    assert _table(report, "The data that") == [("incidents", "calls.csv", "1,000", "e" * 64)]
    assert content.checkpoint in _words(_section(report, "Provenance"))[0]


def test_the_evidence_list_has_everything_and_the_digest_of_each_file(content: ReviewContent) -> None:
    report = _published(content)
    assert [row[0] for row in _table(report, "The evidence of")] == ["E1", "E2", "E3"]
    assert _table(report, "The files") == [("E2", "visit.txt", "f" * 64)]


def test_an_empty_review_says_of_each_part_that_it_holds_nothing(content: ReviewContent) -> None:
    bare = replace(
        content,
        **dict.fromkeys(("summary", "context", "method"), ""),
        **dict.fromkeys(("bodies", "aims", "strands", "evidence", "recommendations", "actions", "good_practice"), ()),
    )
    report = _published(bare)
    assert all(section.blocks or section.sections for section in walk(report))
    for heading in ("Context", "Aims", "Bodies", "Strands", "Recommendations", "Improvement plan", "Good practice", "Evidence"):
        (said,) = _words(_section(report, heading))
        assert re.search(r"\b(no|not)\b", said, re.IGNORECASE)


@pytest.mark.parametrize("part", ["evidence", "finding"])
def test_what_is_cited_must_be_there(content: ReviewContent, part: str) -> None:
    if part == "evidence":
        broken = replace(content, evidence=content.evidence[:1])
        says, where = "holds no evidence E2", "finding 1.2"
    else:
        broken = replace(content, recommendations=(replace(content.recommendations[0], findings=("9.9",)),))
        says, where = "holds no finding 9.9", "recommendation 1"
    with pytest.raises(ReportError, match=says) as refused:
        review_report(broken)
    assert refused.value.where == where


def test_no_list_is_empty(content: ReviewContent) -> None:
    assert all(bullets.items for bullets in _blocks(_published(content), Bullets))
