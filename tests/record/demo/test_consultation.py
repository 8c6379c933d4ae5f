"""What the demo shows of consultation. Fixtures and the demo's build are those of the other tests of the demo."""

import csv
from pathlib import Path

from bestvalue.dataset.questionnaires.asked_reading import read_asked
from bestvalue.record.demo.consultation import PILOT, _form


def test_the_demos_form_is_one_that_the_site_asks_in_two_languages(tmp_path: Path) -> None:
    file = tmp_path / "form.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(_form())
    asked = read_asked(file)
    assert asked.languages == ("English (en)", "Cymraeg (cy)")
    assert [entry.name for entry in asked.every_entry()] == ["age", "there", "fair", "listen", "why", "contact_day"]
    assert all(set(entry.words) == set(asked.languages) for entry in asked.every_entry())
    assert len(PILOT) >= 5
