"""Meetings of bodies: what was on the agenda, who was there, what was minuted, and what somebody is to do because of it."""
