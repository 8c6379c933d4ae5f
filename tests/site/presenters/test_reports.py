from bestvalue.site.presenters.reports import anchor_of, sections_with_paragraphs


def test_paragraphs_stand_under_their_headings_in_order() -> None:
    headings = [(7, "1", "Introduction", 1), (9, "1.1", "Scope", 2)]
    sections = sections_with_paragraphs(headings, [(None, "¶1", False, "Preface"), (9, "1.1.1", True, "a"), (9, "1.1.2", True, "b")])
    assert [(section.title, [paragraph.number for paragraph in section.paragraphs]) for section in sections] == [
        ("", ["¶1"]),
        ("Introduction", []),
        ("Scope", ["1.1.1", "1.1.2"]),
    ]


def test_no_two_numbers_share_a_place_on_the_page() -> None:
    numbers = ["1", "¶1", "1.1", "11", "1.1 (2)"]
    assert len({anchor_of(number) for number in numbers}) == len(numbers)
