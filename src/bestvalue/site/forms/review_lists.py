"""The filters of the reviews, and of a review's evidence and of its findings. Everything may be left open."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms

from bestvalue.record.reviews.life_cycle import Stage
from bestvalue.record.reviews.models import EvidenceKind, FourC, Tone

ALL = ("", "All")
ANSWERED = {"yes": "Answered by a recommendation", "no": "No recommendation yet"}


WITHDRAWN = {"yes": "Withdrawn", "all": "Both"}


class OfStrands(forms.Form):
    """A filter that offers the strands of a review, and what was withdrawn."""

    strand = forms.ChoiceField(label="Strand", required=False)
    withdrawn = forms.ChoiceField(label="Withdrawn or not", required=False, choices=[("", "What stands"), *WITHDRAWN.items()])

    def __init__(self, data: Mapping[str, Any] | None, *, strands: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        cast(forms.ChoiceField, self.fields["strand"]).choices = [ALL, *((str(key), name) for key, name in strands)]


class EvidenceFilter(OfStrands):
    """Which evidence to list."""

    four_c = forms.ChoiceField(label="Of the 4Cs", required=False, choices=[ALL, *FourC.choices])
    kind = forms.ChoiceField(label="Kind", required=False, choices=[ALL, *EvidenceKind.choices])
    words = forms.CharField(label="Words in its title or notes", required=False, max_length=100)


class FindingFilter(OfStrands):
    """Which findings to list."""

    tone = forms.ChoiceField(
        label="Says", required=False, choices=[ALL, (Tone.POSITIVE.value, "A strength"), (Tone.NEGATIVE.value, "Something to improve")]
    )
    answered = forms.ChoiceField(label="Recommendation", required=False, choices=[ALL, *ANSWERED.items()])
    words = forms.CharField(label="Words in it", required=False, max_length=100)


class ReviewFilter(forms.Form):
    """Which reviews to list."""

    programme = forms.ChoiceField(label="Programme", required=False)
    stage = forms.ChoiceField(label="Stage", required=False, choices=[ALL, *Stage.choices])
    body = forms.ChoiceField(label="Body that takes part", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, programmes: Iterable[tuple[int, str]], bodies: Iterable[tuple[int, str]]) -> None:
        super().__init__(data)
        for name, offered in (("programme", programmes), ("body", bodies)):
            cast(forms.ChoiceField, self.fields[name]).choices = [ALL, *((str(key), words) for key, words in offered)]
