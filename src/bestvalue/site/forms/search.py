"""The question of a search."""

from django import forms

from bestvalue.record.search.models import Kind


class SearchForm(forms.Form):
    """Which words, of which kind of thing."""

    q = forms.CharField(
        label="Which words?",
        help_text="All of them must be there; the beginning of a word is enough.",
        max_length=200,
        error_messages={"required": "Enter a word", "max_length": "Enter at most 200 characters"},
    )
    kind = forms.ChoiceField(label="In what?", choices=[("", "Everything"), *Kind.choices], required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=500, widget=forms.HiddenInput)

    def clean_kind(self) -> Kind | None:
        """The kind; None for everything."""
        return Kind(self.cleaned_data["kind"]) if self.cleaned_data["kind"] else None

    def clean_page(self) -> int:
        """The page, the first where none is asked for."""
        return int(self.cleaned_data["page"] or 1)
