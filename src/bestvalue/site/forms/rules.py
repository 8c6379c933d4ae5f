"""A rule of the record that a change broke, said on the form that asked for the change."""

from django import forms

from bestvalue.errors import BestValueError


def add_broken(form: forms.Form, broken: BestValueError, *, at: str | None = None) -> None:
    """Put the error on the form: at the field that it names, else at the field `at`, else at the top."""
    words = f"{broken.what}. {broken.next_step}" if broken.next_step else broken.what
    form.add_error(broken.where if broken.where in form.fields else at, words)
