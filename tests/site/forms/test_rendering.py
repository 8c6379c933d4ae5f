"""A field as the design system has it: label, hint and error are tied to the input."""

from django import forms


class Sample(forms.Form):
    text = forms.CharField(label="Title", help_text="As the report will cite it.", error_messages={"required": "Enter the title"})
    choice = forms.ChoiceField(label="Marking", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    yes = forms.BooleanField(label="I agree", required=False)


def test_hint_and_error_are_read_with_the_input() -> None:
    shown = Sample({"choice": "a"})["text"].as_field_group()
    assert 'aria-describedby="id_text_helptext id_text_error"' in shown
    assert 'id="id_text_helptext"' in shown
    assert 'id="id_text_error"' in shown
    assert "Enter the title" in shown
    assert "govuk-input--error" in shown


def test_a_label_names_its_input() -> None:
    shown = Sample()["text"].as_field_group()
    assert '<label class="govuk-label govuk-label--s" for="id_text">Title</label>' in shown
    assert 'id="id_text"' in shown


def test_radios_stand_in_a_fieldset_each_with_its_label() -> None:
    shown = Sample()["choice"].as_field_group()
    assert "<fieldset" in shown
    assert shown.count('type="radio"') == 2
    assert 'for="id_choice_0"' in shown
    assert 'id="id_choice_0"' in shown


def test_a_single_checkbox_has_its_label_beside_it_once() -> None:
    shown = Sample()["yes"].as_field_group()
    assert shown.count("I agree") == 1
    assert "govuk-checkboxes__item" in shown
