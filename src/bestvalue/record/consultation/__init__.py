"""Consultation: surveys that are asked on the site, their answers, and the log of who was heard and what changed because of it."""
