"""Forms of discussion: say something about a thing, set a tag on it."""

from django import forms

from bestvalue.record.discussion.models import LONGEST_TAG
from bestvalue.site.forms.delivery import line_field, words_field


class CommentForm(forms.Form):
    """Say something."""

    text = words_field("What do you want to say?", help_text="Everybody who sees this reads it.", required="Enter the comment", rows=4)


class TagForm(forms.Form):
    """Set a tag."""

    word = line_field("Tag", help_text="A word or two to find it by, such as night shifts.", required="Enter the tag", longest=LONGEST_TAG)
