"""The built look: without the marks that are not ours, and the same as its sources."""

import re
from pathlib import Path

import bestvalue.site

SITE = Path(bestvalue.site.__file__).parent
BUILT = SITE / "static" / "bestvalue"
FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


def test_the_built_files_name_neither_gds_transport_nor_a_crest() -> None:
    for file in [*BUILT.glob("*.css"), *BUILT.glob("*.js")]:
        text = file.read_text(encoding="utf-8").lower()
        for mark in ("gds transport", "gds-transport", "crest", "crown"):
            assert mark not in text, (file.name, mark)


def test_the_style_sheet_loads_only_files_that_are_here() -> None:
    addresses = re.findall(r'url\("?([^")]+)"?\)', (BUILT / "bestvalue.css").read_text(encoding="utf-8"))
    assert addresses
    for address in addresses:
        assert (BUILT / address).is_file(), address


def test_the_focus_stays_yellow() -> None:
    # "#ffdd00" is GOV.UK's yellow. It stands as a custom property since version 6.
    assert "--govuk-focus-colour: #ffdd00" in (BUILT / "bestvalue.css").read_text(encoding="utf-8")


def test_the_licences_of_what_is_shipped_are_shipped() -> None:
    assert "Crown Copyright" in (BUILT / "LICENSE-govuk-frontend.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in (BUILT / "fonts" / "LICENSE-source-sans-3.txt").read_text(encoding="utf-8").upper()


def test_the_committed_script_is_the_source() -> None:
    assert (BUILT / "bestvalue.js").read_text(encoding="utf-8") == (FRONTEND / "bestvalue.js").read_text(encoding="utf-8")


def test_no_template_holds_a_script_or_a_style_of_its_own() -> None:
    for template in (SITE / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), template.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template.name


def test_every_page_has_its_heading_and_its_title() -> None:
    for template in (SITE / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        if '{% extends "base.html" %}' in text and "allauth" not in str(template):
            assert text.count("<h1") >= 1, template.name
            assert "{% block title %}" in text, template.name
