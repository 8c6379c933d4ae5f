"""Where on its page a paragraph stands, for links that lead there."""

from django import template

from bestvalue.site.presenters.reports import anchor_of

register = template.Library()
register.filter("paragraph_anchor", anchor_of)
