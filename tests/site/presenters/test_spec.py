import pytest

from bestvalue.site.presenters.spec import settings_in_words


@pytest.mark.parametrize(
    ("value", "about", "words"),
    [
        (0.95, {"unit": "share (0 to 1)"}, "95%"),
        (0.025, {"unit": "share"}, "2.5%"),
        (4, {"unit": "years"}, "4 years"),
        (True, {}, "yes"),
        ([], {}, "not set"),
        (["A", "B"], {"unit": "none"}, "A, B"),
    ],
)
def test_a_setting_reads_as_words_with_its_unit(value: object, about: dict[str, str], words: str) -> None:
    assert settings_in_words({"name": value}, {"properties": {"name": {"title": "Label", **about}}}) == (("Label", words),)
