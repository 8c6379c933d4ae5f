"""In which format a close-out is taken."""

from django import forms


class CloseOutForm(forms.Form):
    """The format."""

    format = forms.ChoiceField(
        label="In which format?",
        choices=(("pdf", "PDF"), ("docx", "Word"), ("html", "HTML")),
        widget=forms.RadioSelect,
        error_messages={"required": "Select the format"},
    )
