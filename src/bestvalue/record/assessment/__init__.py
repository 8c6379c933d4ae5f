"""Inspections that we hold: a framework, grades with their reasons, a draft that is checked for facts, a report that is published."""
