"""Inspections: what published reports said, kept in their own words and with their own numbers."""
